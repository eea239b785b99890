"""One case: reading it, taking a step, writing the answer, talking with the asker."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from frontend import forms
from frontend.pages import case, foreseen
from frontend.pages.editor import fields_of, from_content
from frontend.pages.history import done
from frontend.refused import REFUSALS, Refused, refused
from frontend.views.desk import staff
from questions import dialogue, inputs, reading, workflow
from questions.models import Question

GET_OR_POST = ["GET", "HEAD", "POST"]


def found(request: HttpRequest, pk: uuid.UUID, rows: Any = None) -> Question:
    """The case, or 404: nobody learns of a case they may not see."""
    visible = Question.objects.visible_to(request.user) if rows is None else rows
    row: Question | None = visible.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def opened(request: HttpRequest, pk: uuid.UUID) -> Question:
    """The case with all that a page shows of it."""
    return found(request, pk, reading.cases(request.user))


@staff
@require_safe
def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return case_page(request, pk, refer=request.GET.get("refer", "")[:10], asked=request.GET.dict())


def case_page(request: HttpRequest, pk: uuid.UUID, no: Refused | None = None, **more: Any) -> HttpResponse:
    page = case.page(opened(request, pk), request.user, no=no, **more)
    return render(
        request,
        "desk/case.html",
        {"page": page, "refused": no, "lost": lost(page, no)},
        status=no.status if no else 200,
    )


def lost(page: case.Case, no: Refused | None) -> list[tuple[str, str]]:
    """What was typed into a form that is no longer there, so that it can still be copied."""
    if no is None or any(one.is_chosen and one.is_open for one in page.steps.open):
        return []
    has_form = {"say": True, "search": page.research.search is not None, "write": page.writing.editor is not None}
    has_form |= {"look": True, "ledger": page.ledger.add is not None}
    has_form |= {"elsewhere": page.ledger.bring is not None}
    has_form |= {f"correct-{page.research.corrects}": page.research.search is not None}
    has_form |= {f"ledger-{one.pk}": one.form is not None for one in page.ledger.rows}
    has_form |= {f"settle-{one.pk}": one.form is not None for one in page.writing.reports}
    has_form |= dict.fromkeys(page.reviewing.forms, no.status != 409)
    if has_form.get(no.action, False):
        return []
    return fields_of(from_content(no.typed)) if no.action == "write" else no.words


def run(
    request: HttpRequest,
    pk: uuid.UUID,
    action: str,
    form: Any,
    act: Callable[[Question, dict[str, Any]], Any],
    thanks: str | Callable[[Any], str],
    anchor: str = "",
) -> HttpResponse:
    """Do one thing in a case and go back to it; a refusal shows the case with what was typed."""
    # Only that it is there: whatever is done locks the row first and reads it then.
    question = found(request, pk, Question.objects.visible_to(request.user).only("pk"))
    if request.method != "POST":
        return redirect("case", pk)
    typed = forms.posted(form, request.POST)
    try:
        made = act(question, typed)
    except REFUSALS as error:
        return case_page(request, pk, refused(error, action, typed, form))
    messages.success(request, thanks if isinstance(thanks, str) else thanks(made))
    return redirect(reverse("case", args=[pk]) + anchor)


@staff
@require_http_methods(GET_OR_POST)
def move(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    form = inputs.INPUTS[Question].get(name)
    if form is None:
        raise Http404
    if request.POST.get("go") and not foreseen.is_seen(name, forms.posted(form, request.POST), seal_of(request.POST)):
        return look(request, pk, name, form)
    return run(
        request,
        pk,
        f"move-{name}",
        form,
        lambda question, typed: workflow.perform(question, name, by=request.user, data=typed),
        done(name),
    )


def seal_of(data: QueryDict) -> str:
    """Of the letters that were read, when the press was the one that sends them."""
    return data.get("seal", "") if data.get("go", "").startswith("send") else ""


def look(request: HttpRequest, pk: uuid.UUID, name: str, form: Any) -> HttpResponse:
    """The case with the letters of a step; sending them is the press after this one."""
    typed = forms.posted(form, request.POST)
    try:
        seen = foreseen.look(found(request, pk), name, typed, by=request.user)
    except REFUSALS as error:
        return case_page(request, pk, refused(error, f"move-{name}", typed, form))
    return case_page(request, pk, seen=seen)


@staff
@require_http_methods(GET_OR_POST)
def say(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return run(
        request,
        pk,
        "say",
        inputs.SayAsDesk,
        lambda question, typed: dialogue.say(question, typed, by=request.user),
        _("Your message has been sent."),
        "#dialogue",
    )
