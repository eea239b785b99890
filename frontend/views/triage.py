"""Triage of one question: everything typed travels along with each press, so that nothing is lost."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from csp.decorators import csp
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from frontend import forms
from frontend.pages import case as dossier
from frontend.pages import foreseen
from frontend.pages import triage as pages
from frontend.pages.history import done
from frontend.pages.letters import html_of
from frontend.pages.triage import TEXTS, Typed
from frontend.refused import REFUSALS, Refused, refused
from frontend.views.case import GET_OR_POST, found, opened
from frontend.views.desk import staff
from frontend.views.letters import ONLY_LOOKS
from questions import criteria, fields, inputs, readytexts, triage
from questions.models import Question
from questions.triage import OUTCOMES, REVISIONS

KNOWN = (*OUTCOMES, *REVISIONS)
FORMS = inputs.INPUTS[Question]


@staff
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The question that waits longest; the queue when none does."""
    row = triage.next_after(None)
    return redirect("case-triage", row.pk) if row is not None else redirect(f"{reverse('desk')}?tab=open")


@staff
@require_http_methods(GET_OR_POST)
def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    question = opened(request, pk)
    if request.method != "POST":
        return answer(request, question, is_done="done" in request.GET)
    typed = typed_in(request.POST)
    name, _colon, rest = request.POST.get("go", "").partition(":")
    act = ACTS.get(name)
    if act is None:
        return answer(request, question, typed=typed)
    return act(request, question, typed, rest)


def answer(request: HttpRequest, question: Question, *, no: Refused | None = None, **more: Any) -> HttpResponse:
    page = pages.page(question, request.user, no=no, **more)
    context = {"page": page, "refused": no, "lost": lost(page, no)}
    return render(request, "desk/triage.html", context, status=no.status if no else 200)


def lost(page: pages.Page, no: Refused | None) -> list[tuple[str, str]]:
    """What was typed into an outcome that is closed by now, so that it can still be copied."""
    shown = {one.name for one in (*page.outcomes, *page.revisions)} | ({"check"} if page.checklist.may_check else set())
    return no.words if no is not None and no.action not in shown else []


def typed_in(data: QueryDict) -> Typed:
    given = {name: forms.posted(FORMS[name], data, f"{name}-") for name in KNOWN}
    checks: dict[str, dict[str, str]] = {}
    for key in data.getlist("criterion")[:200]:
        verdict, remark = data.get(f"verdict-{key}", ""), data.get(f"remark-{key}", "")
        if verdict or remark:
            checks[key] = {"verdict": verdict, "remark": remark}
    return Typed({name: words for name, words in given.items() if words}, checks)


# --- What the buttons do ----------------------------------------------------------------------------


def check(request: HttpRequest, question: Question, typed: Typed, rest: str) -> HttpResponse:
    """Store the checklist, and stay: what stands in the other fields goes on to be typed."""
    try:
        criteria.check(question, typed.checks, by=request.user)
    except REFUSALS as error:
        return answer(request, question, typed=typed, no=about(error, "check", typed.checks))
    messages.success(request, _("The checklist has been saved."))
    return answer(request, question, typed=replace(typed, checks={}))


def look(request: HttpRequest, question: Question, typed: Typed, name: str) -> HttpResponse:
    """Show the letters of an outcome; sending is the press after this one."""
    typed = replace(typed, chosen=known(name))
    try:
        seen = foreseen.look(question, name, typed.outcomes.get(name, {}), by=request.user)
    except REFUSALS as error:
        return answer(request, question, typed=typed, no=about(error, name, typed.outcomes.get(name, {})))
    return answer(request, question, typed=typed, seen=seen)


def send(request: HttpRequest, question: Question, typed: Typed, name: str) -> HttpResponse:
    """Take the step. What was changed after the letters were shown is shown first."""
    words = typed.outcomes.get(known(name), {})
    if not foreseen.is_seen(name, words, request.POST.get("seal")):
        return look(request, question, typed, name)
    typed = replace(typed, chosen=name)
    mine = typed.checks if criteria.may_check(question, request.user) else {}
    try:
        triage.decide(question, name, by=request.user, data=words, found=mine)
    except REFUSALS as error:
        return answer(request, question, typed=typed, no=about(error, name, words))
    messages.success(request, done(name))
    return redirect(reverse("case-triage", args=[question.pk]) + "?done")


def put(request: HttpRequest, question: Question, typed: Typed, rest: str) -> HttpResponse:
    """Put a hit into the form of an outcome: `refer:answer:12`, `refer:source:key`, `merge:into:7`."""
    name, _colon, what = rest.partition(":")
    field, _colon, value = what.partition(":")
    if field not in FORMS[known(name)].base_fields:
        raise Http404
    words = {**typed.outcomes.get(name, {}), field: value[:200]}
    if name == "refer":  # one target: the other makes place
        words = {key: one for key, one in words.items() if key in ("note", field)}
    filled = replace(typed, outcomes={**typed.outcomes, name: words}, chosen=name, inserted=f"o-{name}-{field}")
    return answer(request, question, typed=filled)


def insert(request: HttpRequest, question: Question, typed: Typed, rest: str) -> HttpResponse:
    """Put a ready-made text behind what stands in a field: `refer:note`."""
    name, _colon, field = rest.partition(":")
    kind = TEXTS.get(name, {}).get(field)
    if kind is None:
        raise Http404
    words = typed.outcomes.get(name, {})
    rows = readytexts.filled(question, by=request.user, kinds=[kind], target=target_of(words))
    chosen = request.POST.get(f"text-{name}-{field}", "")
    one = next((row for row in rows if str(row.pk) == chosen), None)
    text = joined(words.get(field, ""), one.text if one else "")
    filled = replace(
        typed,
        outcomes={**typed.outcomes, name: {**words, field: text}},
        chosen=name,
        left=one.left if one else [],
        inserted=f"o-{name}-{field}",
    )
    return answer(request, question, typed=filled)


ACTS: dict[str, Callable[[HttpRequest, Question, Typed, str], HttpResponse]] = {
    "check": check,
    "look": look,
    "send": send,
    "put": put,
    "insert": insert,
}


def known(name: str) -> str:
    if name not in KNOWN:
        raise Http404
    return name


def about(error: Exception, name: str, words: Any) -> Refused:
    """The refusal with the ids that the fields have on this page."""
    if name == "check":
        return replace(refused(error, name, {}), typed={})
    made = refused(error, name, words, FORMS[name])
    return replace(made, targets={key: f"o-{name}-{key}" for key in FORMS[name].base_fields})


def target_of(words: dict[str, Any]) -> Any:
    """The answer or source that is being referred to, if what stands there names one."""
    typed = {"answer": str(words.get("answer") or ""), "source": str(words.get("source") or "")}
    number = typed["answer"].strip()
    if number.isascii() and number.isdecimal() and len(number) < 10:
        return fields.published_answer(int(number))
    return fields.find_source(typed["source"].strip()) if typed["source"].strip() else None


def joined(before: str, text: str) -> str:
    """What was typed comes first."""
    return f"{before.rstrip()}\n\n{text}" if before.strip() and text else before or text


# --- The letter as HTML, and ready-made texts in a message --------------------------------------------


@csp(ONLY_LOOKS)  # type: ignore[untyped-decorator]
@staff
@require_http_methods(GET_OR_POST)
def letter(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """The first letter of an outcome as mail programs show it; nothing happens yet. From this page or that of the case."""
    question = found(request, pk)
    if request.method != "POST":
        return redirect("case-triage", pk)
    words = typed_in(request.POST).outcomes.get(known(name)) or forms.posted(FORMS[name], request.POST)
    try:
        letters = foreseen.look(question, name, words, by=request.user).letters
    except REFUSALS:
        raise Http404 from None
    return HttpResponse(html_of(letters[0].message) if letters else "")


@staff
@require_http_methods(GET_OR_POST)
def insert_message(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The case, with a ready-made text behind what was typed in its message."""
    question = opened(request, pk)
    if request.method != "POST":
        return redirect("case", pk)
    rows = readytexts.filled(question, by=request.user, kinds=readytexts.TO_SAY, target=dossier.public_answer(question))
    one = next((row for row in rows if str(row.pk) == request.POST.get("text", "")), None)
    said = joined(request.POST.get("body", ""), one.text if one else "")
    page = dossier.page(question, request.user, said=said, left=one.left if one else [])
    return render(request, "desk/case.html", {"page": page, "refused": None, "lost": []})
