"""Asking a question, step by step; what was typed before goes along and nothing is lost on the way back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from brokers.sectors import Role, Sector
from frontend import draft as drafts
from frontend import forms
from frontend.draft import Draft
from frontend.pages import finding, pace
from frontend.refused import Refused, by_field, refused
from questions import idempotency, inputs, intake, reading
from questions.idempotency import KeyReused, Outcome
from questions.refusals import TooMany
from questions.suggest import suggest

DETAILS = ("context", "tried", "sector", "role", "on_behalf_of", "name", "email")


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return question_page(request, Draft.begin(**said_before(request.GET)))
    step, draft = STEPS.get(request.POST.get("go", ""), start), Draft.of(request.POST)
    # Looking for personal data in a text of any length would keep us busy for whoever wants that.
    return (check if step in (scrub, send) and draft.is_too_long() else step)(request, draft)


def said_before(given: Mapping[str, str]) -> dict[str, str]:
    """Sector and function as the address gives them (the signpost does); nothing that could name somebody."""
    known = {"sector": Sector, "role": Role}
    return {name: given[name] for name, choices in known.items() if given.get(name) in choices.values}


def page(request: HttpRequest, template: str, draft: Draft, status: int = 200, **more: Any) -> HttpResponse:
    besides = more.pop("besides", ())
    response = render(
        request,
        f"ask/{template}.html",
        {"hidden": list(draft.hidden(besides)), "step": template, **more},
        status=status,
    )
    response["Cache-Control"] = "no-store"
    return response


def question_page(request: HttpRequest, draft: Draft, status: int = 200, no: Refused | None = None) -> HttpResponse:
    form = forms.shown(inputs.Ask, "ask", typed=draft.typed if draft.text or no else None)
    if no is None:
        form.errors.clear()
    return page(request, "question", draft, status, form=form, refused=no, besides=("text",))


def start(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The first step, with the words somebody searched for or came back to."""
    return question_page(request, draft)


def look(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What exists already, before anything is asked."""
    if wrong := draft.errors().get("text"):
        return question_page(request, draft, 400, Refused(400, wrong, "ask", errors={"text": wrong}))
    found = suggest(draft.text, limit=5)
    others = intake.others_asking(draft.text, reading.network(request))
    if found.nothing_relevant:
        return details_page(request, draft, found_nothing=True, others=others)
    return page(
        request,
        "suggestions",
        draft,
        text=draft.text,
        found=found,
        besides=("read",),
        hits=finding.hits(found.all),
        others=others,
        read=draft.typed.get("read", []),
    )


def details(request: HttpRequest, draft: Draft) -> HttpResponse:
    return details_page(request, draft)


def details_page(
    request: HttpRequest,
    draft: Draft,
    status: int = 200,
    no: Refused | None = None,
    found_nothing: bool = False,
    others: int = 0,
) -> HttpResponse:
    typed = any(draft.typed.get(name) for name in DETAILS)
    form = forms.shown(inputs.Ask, "ask", typed=draft.typed if typed or no else None)
    if no is None:
        form.errors.clear()
    return page(
        request,
        "details",
        draft,
        status,
        form=form,
        refused=no,
        text=draft.text,
        found_nothing=found_nothing,
        others=others,
        besides=DETAILS,
    )


def check(request: HttpRequest, draft: Draft) -> HttpResponse:
    errors = draft.errors()
    if wrong := errors.get("text"):
        return question_page(request, draft, 400, Refused(400, wrong, "ask", errors={"text": wrong}))
    if errors:
        sentence = _("Something is not right yet. Look at the marked fields.")
        return details_page(request, draft, 400, Refused(400, [sentence], "ask", errors=errors))
    return check_page(request, draft)


def check_page(request: HttpRequest, draft: Draft, no: Refused | None = None) -> HttpResponse:
    rows = drafts.rows(draft)
    response = page(
        request,
        "check",
        draft.restamped(),
        no.status if no else 200,
        rows=rows,
        refused=no,
        is_personal=any(row.found for row in rows),
        besides=("personal_data_checked",),
        is_checked=draft.typed.get("personal_data_checked"),
    )
    if no and no.retry_after:
        response["Retry-After"] = str(no.retry_after)
    return response


def scrub(request: HttpRequest, draft: Draft) -> HttpResponse:
    return check_page(request, draft.scrubbed())


def send(request: HttpRequest, draft: Draft) -> HttpResponse:
    if doubt := draft.doubt():
        return check_page(request, draft, Refused(400, [doubt]))

    def run() -> Outcome:
        question, _part = intake.ask(draft.data(), by=request.user, network=reading.network(request))
        return Outcome(201, {"id": str(question.pk), "number": question.number}, question=question.pk)

    try:
        outcome = idempotency.once(draft.key, f"page {request.user.pk or ''}", draft.data(), run)
    except KeyReused:
        again = _("You have sent this question already, in other words. If this is a second question, send it again.")
        return check_page(request, draft.again(), Refused(409, [again]))
    except TooMany as error:
        return check_page(request, draft, refused(error))
    except ValidationError as error:
        return not_sent(request, draft, error)
    if outcome.answer["number"] is not None:
        return redirect("case", outcome.answer["id"])  # people of the desk ask confirmed questions
    return redirect("asked")


def not_sent(request: HttpRequest, draft: Draft, error: ValidationError) -> HttpResponse:
    """Personal data is shown where it stands; any other fault at its field."""
    if draft.errors():
        return check(request, draft)
    if any(row.found for row in drafts.rows(draft)):
        sentence = _("There may be personal data in your question. Take it out, or tell us that you have checked it.")
        return check_page(request, draft, Refused(400, [sentence]))
    fresh = draft.again() if "Idempotency-Key" in by_field(error) else draft
    return check_page(request, replace(fresh, website=""), refused(error))


def answers_me(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Nothing is stored: the question needs no case."""
    return redirect("helped")


Step = Callable[[HttpRequest, Draft], HttpResponse]
STEPS: dict[str, Step] = {
    "question": start,
    "suggestions": look,
    "details": details,
    "check": check,
    "scrub": scrub,
    "send": send,
    "helped": answers_me,
}


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "ask/sent.html", {"pace": pace.usual()})


@require_safe
def helped(request: HttpRequest) -> HttpResponse:
    return render(request, "ask/helped.html")
