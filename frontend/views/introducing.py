"""Where editors write what stands at the head of a theme; people of the desk see its history."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evidence.models import Theme
from frontend import forms
from frontend.pages import themes
from frontend.refused import REFUSALS, Refused, refused
from frontend.views.desk import staff
from questions import introductions
from questions.introductions import Texts


@staff
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/themes.html", {"rows": themes.edited()})


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str) -> HttpResponse:
    row = get_object_or_404(Theme, slug=slug)
    if request.method != "POST":
        return page(request, row)
    typed = forms.posted(Texts, request.POST)
    read = request.POST.get("read", "")
    expected = int(read) if read.isascii() and read.isdecimal() and len(read) < 6 else -1
    try:
        introductions.write(row, typed, by=request.user, expected=expected)
    except REFUSALS as error:
        return page(request, row, refused(error, "introduce", typed, Texts))
    messages.success(request, _("The introduction was saved. Everybody can read it now."))
    return redirect("introduce", slug)


def page(request: HttpRequest, row: Theme, no: Refused | None = None) -> HttpResponse:
    """Who was overtaken sees the other text in the history below, and saves on top of it knowingly."""
    made = themes.editing(row, request.user)
    typed: Any = no.typed if no else None
    form = forms.shown(Texts, "introduce", typed=typed, initial=made.texts, errors=no.errors if no else None)
    context = {"page": made, "form": form, "refused": no}
    return render(request, "desk/introduce.html", context, status=no.status if no else 200)
