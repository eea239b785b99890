"""Where coordinators and editors keep the ready-made texts and the acceptance criteria of a desk."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from brokers.models import Desk
from frontend import forms
from frontend.pages import texts
from frontend.refused import REFUSALS, Refused, refused
from frontend.views.case import GET_OR_POST
from frontend.views.desk import staff
from questions import criteria, readytexts
from questions.models import Criterion, ReadyText


@staff
@require_http_methods(GET_OR_POST)
def listed(request: HttpRequest) -> HttpResponse:
    """The texts of a desk; by POST a desk without any gets those that desks begin with."""
    desk = texts.chosen(request.GET.get("desk", ""))
    if request.method != "POST":
        return render(request, "desk/texts.html", {"page": texts.texts(desk, request.user)})
    return furnished(request, desk, readytexts, "desk-texts")


def furnished(request: HttpRequest, desk: Desk, what: Any, name: str) -> HttpResponse:
    try:
        what.refuse_others(request.user)
    except REFUSALS as error:
        messages.warning(request, str(error))
    else:
        what.furnish(desk)
    return redirect(f"{reverse(name)}?desk={desk.slug}")


# --- One text -------------------------------------------------------------------------------------


@staff
@require_http_methods(GET_OR_POST)
def write(request: HttpRequest, number: int | None = None) -> HttpResponse:
    row = ReadyText.objects.select_related("desk").filter(pk=number).first() if number is not None else None
    if (number is not None and row is None) or not readytexts.may_edit(request.user):
        raise Http404
    desk = row.desk if row is not None else texts.chosen(request.GET.get("desk", ""))
    if request.method != "POST":
        return text_page(request, desk, row)
    if request.POST.get("go") == "drop" and row is not None:
        readytexts.drop(row, by=request.user)
        messages.success(request, _("The text has been taken out of the list."))
        return redirect(f"{reverse('desk-texts')}?desk={desk.slug}")
    return keep(request, desk, row)


def keep(request: HttpRequest, desk: Desk, row: ReadyText | None) -> HttpResponse:
    """Save, or show how it would read."""
    typed = forms.posted(readytexts.Words, request.POST)
    read = request.POST.get("n", "")
    expected = int(read) if read.isascii() and read.isdecimal() and len(read) < 9 else -1
    try:
        if request.POST.get("go") == "look":
            readytexts.checked(typed)
            return text_page(request, desk, row, typed=typed, shown=typed)
        readytexts.save(desk, row, typed, by=request.user, expected=expected)
    except REFUSALS as error:
        return text_page(request, desk, row, no=refused(error, "text", typed, readytexts.Words))
    messages.success(request, _("The text has been saved."))
    return redirect(f"{reverse('desk-texts')}?desk={desk.slug}")


def text_page(
    request: HttpRequest,
    desk: Desk,
    row: ReadyText | None,
    *,
    typed: Any = None,
    shown: Any = None,
    no: Refused | None = None,
) -> HttpResponse:
    words = no.typed if no else typed
    initial = texts.words_of(row) if words is None else None
    errors = no.errors if no else None
    form = forms.shown(readytexts.Words, "text", typed=words, initial=initial, errors=errors)
    page = texts.editing(desk, row, shown or texts.words_of(row))
    # Who was overtaken reads the other text above and saves theirs on top of it knowingly.
    current = ReadyText.objects.filter(pk=row.pk).first() if row is not None else None
    context = {"page": page, "form": form, "refused": no, "current": current, "is_stale": bool(no and no.status == 412)}
    return render(request, "desk/text.html", context, status=no.status if no else 200)


# --- The criteria -----------------------------------------------------------------------------------


@staff
@require_http_methods(GET_OR_POST)
def criteria_of_desk(request: HttpRequest) -> HttpResponse:
    desk = texts.chosen(request.GET.get("desk", ""))
    if request.method != "POST":
        return criteria_page(request, desk)
    if request.POST.get("go") == "furnish":
        return furnished(request, desk, criteria, "desk-criteria")
    typed = forms.posted(criteria.Words, request.POST)
    try:
        criteria.add(desk, typed, by=request.user)
    except REFUSALS as error:
        return criteria_page(request, desk, refused(error, "criterion", typed, criteria.Words))
    messages.success(request, _("The criterion has been added."))
    return redirect(f"{reverse('desk-criteria')}?desk={desk.slug}")


def criteria_page(request: HttpRequest, desk: Desk, no: Refused | None = None) -> HttpResponse:
    form = forms.shown(criteria.Words, "criterion", typed=no.typed if no else None, errors=no.errors if no else None)
    context = {"page": texts.of_desk(desk, request.user), "form": form, "refused": no}
    return render(request, "desk/criteria.html", context, status=no.status if no else 200)


@staff
@require_http_methods(GET_OR_POST)
def criterion(request: HttpRequest, number: int) -> HttpResponse:
    """One criterion: other words, one place up, or out of use."""
    row = Criterion.objects.select_related("desk").filter(pk=number, retired_at=None).first()
    if row is None or not criteria.may_edit(request.user):
        raise Http404
    if request.method != "POST":
        return criterion_page(request, row)
    typed = forms.posted(criteria.Words, request.POST)
    act = {"up": criteria.move_up, "retire": criteria.retire}.get(request.POST.get("go", ""))
    try:
        if act is not None:
            act(row, by=request.user)
        else:
            criteria.change(row, typed, by=request.user)
    except REFUSALS as error:
        return criterion_page(request, row, refused(error, "criterion", typed, criteria.Words))
    messages.success(request, _("This has been saved."))
    return redirect(f"{reverse('desk-criteria')}?desk={row.desk.slug}")


def criterion_page(request: HttpRequest, row: Criterion, no: Refused | None = None) -> HttpResponse:
    words = {"text_nl": row.text_nl, "text_en": row.text_en}
    typed, errors = (no.typed, no.errors) if no else (None, None)
    form = forms.shown(criteria.Words, "criterion", typed=typed, initial=words, errors=errors)
    context = {"row": row, "form": form, "refused": no, "is_used": row.checks.exists()}
    return render(request, "desk/criterion.html", context, status=no.status if no else 200)
