"""What somebody typed and the desk could not take: shown in their words, and sent again by one press.

Logging in makes a new CSRF token, so the token of the page that keeps the words of somebody who was logged out is
worth nothing after it. That page carries a mark instead, which says that the desk itself showed it for this address.
Whoever likes can get a mark; what protects is the `Origin`, which the browser writes and no page elsewhere can.
"""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError

from frontend.refused import labels_of
from questions import inputs

MARK = "sent-again"
SALT = "frontend.again"
SHORT = 12
SECRET = ("password", "csrf", "code", MARK)
# What a form sends along that nobody typed.
OURS = {"etag", "sitting", "rows", "experts", "go", "key", "stamp", "next", "held", "tab", "read", "read_sources"}
Get = Callable[[HttpRequest], HttpResponse]


# --- Sending ----------------------------------------------------------------------------------------


def is_own(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on a page of ours; nobody else can make it say so."""
    return request.headers.get("Origin", "") in {
        f"{request.scheme}://{request.get_host()}",
        *settings.CSRF_TRUSTED_ORIGINS,
    }


def mark(request: HttpRequest) -> str:
    """For the form of a page that keeps what was sent to this address."""
    return signing.dumps(request.path, salt=SALT)


def is_marked(request: HttpRequest) -> bool:
    try:
        given = request.POST.get(MARK, "")
        return bool(signing.loads(given, salt=SALT, max_age=settings.SESSION_COOKIE_AGE) == request.path)
    except (signing.BadSignature, UnreadablePostError):
        return False


class SentAgain:
    """Middleware, before Django's check of the token: a marked form from a page of ours needs no token besides."""

    def __init__(self, get_response: Get) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        checked = request.method == "POST" and not getattr(view, "csrf_exempt", False)
        if checked and is_own(request) and is_marked(request):
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]


# --- Showing ------------------------------------------------------------------------------------------


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What somebody sent, but for secrets."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if not any(part in name for part in SECRET)
        for value in values
    ]


def in_words(request: HttpRequest) -> list[tuple[str, str]]:
    """Of what was sent, what a person may have typed, by the names that the pages give it."""
    found = [(name, value) for name, value in typed(request) if name not in OURS and value]
    known = likely(request, {short(name) for name, _value in found})
    named = [(name, label_of(name, known), value) for name, value in found]
    # A short value of a field without a name is a choice or a code.
    return [(label or name, value) for name, label, value in named if label or len(value) > SHORT]


def short(name: str) -> str:
    return name.rpartition("-")[2]


def label_of(name: str, known: list[Any]) -> str:
    """The name of a field in the form of its own step where it says which, else in the likeliest that has it."""
    step = steps().get(name.rpartition("-")[0])
    found = (labels_of(form).get(short(name), "") for form in ([step] if step else []) + known)
    return next(filter(None, found), "")


def likely(request: HttpRequest, sent: set[str]) -> list[Any]:
    """Every form, the one that was sent first: that of the step, else that with most of its fields.

    Of forms that are alike it is the one from a part of the house that the view itself works with.
    """
    match: Any = request.resolver_match
    step = steps().get(match.kwargs.get("name", ""))
    near = {one.__name__ for one in inspect.getmodule(match.func).__dict__.values() if inspect.ismodule(one)}

    def likeness(form: Any) -> tuple[bool, int, int, bool, str]:
        fields = set(form.base_fields)
        return form is not step, -len(fields & sent), len(fields - sent), form.__module__ not in near, str(form)

    return sorted(every_form(), key=likeness)


def steps() -> dict[str, Any]:
    """The forms of the transitions by their name."""
    return {name: form for found in inputs.INPUTS.values() for name, form in found.items()}


def every_form(form: Any = forms.Form) -> Iterator[Any]:
    """The forms of the project, which all stand in `questions`."""
    for one in form.__subclasses__():
        if one.__module__.startswith("questions."):
            yield one
        yield from every_form(one)
