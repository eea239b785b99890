"""Asking a question, one thing a page; what was typed before goes along and nothing is lost on the way back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frontend import draft as drafts
from frontend import forms
from frontend.draft import PAGES, Draft
from frontend.pages import finding, pace
from frontend.pages.answers import line_of
from frontend.refused import Refused, by_field, labels_of, refused
from questions import idempotency, inputs, intake, limits, reading
from questions.idempotency import KeyReused, Outcome
from questions.refusals import TooMany

SHORTEST = 15  # characters before live suggestions make sense
MOST_SHOWN = 6  # more than that nobody reads on a phone before asking


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return form_page(request, "question", Draft.begin(**drafts.prefilled(request.GET)))
    name, _colon, more = request.POST.get("go", "").partition(":")
    step, draft = STEPS.get(name, start), Draft.of(request.POST)
    # Looking for personal data in a text of any length would keep us busy for whoever wants that.
    return check(request, draft) if step in (scrub, send) and draft.is_too_long() else step(request, draft, more)


def page(request: HttpRequest, template: str, draft: Draft, status: int = 200, **more: Any) -> HttpResponse:
    besides = more.pop("besides", ())
    response = render(
        request,
        f"ask/{template}.html",
        {"hidden": list(draft.hidden(besides)), "step": template, **more},
        status=status,
    )
    # For this browser alone; and the back button may show it again, which "no-store" would forbid.
    response["Cache-Control"] = "private, no-cache"
    return response


def form_page(
    request: HttpRequest, name: str, draft: Draft, status: int = 200, no: Refused | None = None, **more: Any
) -> HttpResponse:
    """One of PAGES, with what was typed in it and, when it was refused, why."""
    fields = PAGES[name]
    filled = no is not None or any(draft.typed.get(field) for field in fields)
    form = forms.shown(inputs.Ask, "ask", typed=draft.typed if filled else None)
    if no is None:
        form.errors.clear()
    marked = [] if draft.is_too_long() else [row for row in drafts.rows(draft, fields) if row.found]
    return page(
        request,
        name,
        draft,
        status,
        form=form,
        refused=no,
        text=draft.text,
        marked=marked if no else [],
        besides=fields,
        **more,
    )


def stopped(request: HttpRequest, draft: Draft, *names: str) -> HttpResponse | None:
    """The first of the pages `names` on which something is not right yet."""
    errors = draft.errors()
    for name in names:
        wrong = {field: errors[field] for field in PAGES[name] if field in errors}
        sentence = _("Something is not right yet. Look at the marked fields.")
        if not wrong and any(draft.unseen(field) for field in PAGES[name]):
            sentence = personal_sentence()
        elif not wrong:
            continue
        return form_page(
            request, name, draft, 400, Refused(400, [sentence], "ask", errors=wrong, labels=labels_of(inputs.Ask))
        )
    return None


def personal_sentence() -> str:
    return _("There may be personal data in your question. Take it out, or tell us that you have checked it.")


def start(request: HttpRequest, draft: Draft, more: str = "") -> HttpResponse:
    """The first step, with the words somebody searched for or came back to."""
    return form_page(request, "question", draft)


def look(request: HttpRequest, draft: Draft, more: str = "") -> HttpResponse:
    """What exists already, before anything is asked."""
    if no := stopped(request, draft, "question"):
        return no
    looked = intake.look(draft.text, checked=True, network=reading.network(request))
    if looked.found is None or looked.found.nothing_relevant:
        return form_page(request, "why", draft, found_nothing=True, others=looked.others)
    return page(
        request,
        "suggestions",
        draft,
        text=draft.text,
        found=looked.found,
        besides=("read", "read_sources"),
        hits=finding.hits(looked.found.all[:MOST_SHOWN]),
        others=looked.others,
        read=draft.opened(),
    )


@require_POST
def suggestions(request: HttpRequest) -> HttpResponse:
    """The same while somebody is typing, as a piece of the page; empty when there is nothing to say."""
    draft = Draft.of(request.POST)
    if not SHORTEST <= len(draft.text) <= limits.QUESTION:
        return HttpResponse(headers={"Cache-Control": "no-store"})
    looked = intake.look(draft.text, checked=not draft.unseen("text"), network=reading.network(request))
    found = finding.hits(looked.found.all[:3]) if looked.found else []
    labels = list(dict.fromkeys(one.label for one in looked.personal))
    response = render(request, "ask/live.html", {"hits": found, "labels": labels, "others": looked.others})
    response["Cache-Control"] = "no-store"
    return response


def why(request: HttpRequest, draft: Draft, more: str = "") -> HttpResponse:
    return stopped(request, draft, "question") or form_page(request, "why", draft)


def you(request: HttpRequest, draft: Draft, more: str = "") -> HttpResponse:
    return stopped(request, draft, "question", "why") or form_page(request, "you", draft)


def check(request: HttpRequest, draft: Draft, more: str = "") -> HttpResponse:
    return stopped(request, draft, *PAGES) or check_page(request, draft)


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
        is_checked=bool(draft.seen) and not draft.is_unseen(),
    )
    if no and no.retry_after:
        response["Retry-After"] = str(no.retry_after)
    return response


def scrub(request: HttpRequest, draft: Draft, more: str = "") -> HttpResponse:
    """Take out what looks like personal data, and show the page where one was."""
    clean = draft.scrubbed()
    return form_page(request, more, clean) if more in PAGES else check_page(request, clean)


def send(request: HttpRequest, draft: Draft, more: str = "") -> HttpResponse:
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
    if draft.is_unseen():
        return check_page(request, draft, Refused(400, [personal_sentence()]))
    fresh = draft.again() if "Idempotency-Key" in by_field(error) else draft
    return check_page(request, replace(fresh, website=""), refused(error))


def answers_me(request: HttpRequest, draft: Draft, more: str = "") -> HttpResponse:
    """No case: nothing of the question is stored, only that somebody was helped."""
    kind, _colon, ref = more.partition(":")
    known = intake.helped(kind, ref, network=reading.network(request))
    response = redirect("helped")
    if known == "answer":
        response["Location"] += f"?answer={int(ref)}"
    return response


Step = Callable[[HttpRequest, Draft, str], HttpResponse]
STEPS: dict[str, Step] = {
    "question": start,
    "suggestions": look,
    "why": why,
    "you": you,
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
    """Thanks; with the way to the answer that helped, whose number is public."""
    number = request.GET.get("answer", "")
    version = reading.shown_answer(int(number)) if number.isdecimal() and len(number) < 10 else None
    told = {"answer": line_of(version), "number": version.item.number} if version else {}
    return render(request, "ask/helped.html", told)
