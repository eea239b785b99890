"""Some time after the answer: two questions behind the link of a letter, and what came of them for the desk.

Opening a link changes nothing: mail scanners open links too. The button does it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from frontend import forms
from frontend.pages import after
from frontend.refused import REFUSALS, Refused, refused
from frontend.views.desk import staff
from frontend.views.tracking import GET_OR_POST, Gone, secret
from questions import afterwards
from questions.models import FollowUp


def row_of(token: str) -> FollowUp:
    row = FollowUp.find(token)
    if row is None:
        raise Gone
    return row


@secret
@require_http_methods(GET_OR_POST)
def use(request: HttpRequest, token: str) -> HttpResponse:
    """The first question; the link in the letter has one choice ticked already."""
    row = row_of(token)
    asked = request.GET.get("used", "")
    chosen = [asked] if asked in FollowUp.Used.values else row.used
    return question(request, row, "use", afterwards.say_use, {"used": chosen}, "after-more")


@secret
@require_http_methods(GET_OR_POST)
def influence(request: HttpRequest, token: str) -> HttpResponse:
    row = row_of(token)
    initial = {"helped": row.helped, "hindered": row.hindered, "words": row.words}
    return question(request, row, "influence", afterwards.say_influence, initial, "after-thanks")


def question(
    request: HttpRequest,
    row: FollowUp,
    name: str,
    keep: Callable[[FollowUp, Mapping[str, Any]], None],
    initial: Mapping[str, Any],
    then: str,
) -> HttpResponse:
    form = FORMS[name]
    no: Refused | None = None
    if request.method == "POST":
        typed = forms.posted(form, request.POST)
        try:
            keep(row, typed)
        except REFUSALS as error:
            no = refused(error, name, typed, form)
        else:
            return redirect(then, row.token)
    shown = forms.shown(form, name, initial=initial, typed=no.typed if no else None, errors=no.errors if no else None)
    page = {"page": after.about(row), "form": shown, "refused": no, "is_first": name == "use"}
    return render(request, "after/question.html", page, status=no.status if no else 200)


FORMS = {"use": afterwards.Use, "influence": afterwards.Influence}


@secret
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    return render(request, "after/thanks.html", {"page": after.about(row_of(token))})


@secret
@require_http_methods(GET_OR_POST)
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No such letters any more. A mail program may post here by itself (RFC 8058)."""
    row = row_of(token)
    if request.method == "POST":
        afterwards.stop(row)
    return render(request, "after/stop.html", {"page": after.about(row), "is_done": request.method == "POST"})


@staff
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/after.html", {"page": after.numbers()})
