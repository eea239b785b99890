"""Triage of one question on one page: what it is like, what was checked, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from frontend import forms
from frontend.pages import foreseen
from frontend.pages.around import local
from frontend.pages.facts import Facts, facts
from frontend.pages.finding import Hit, hits
from frontend.pages.foreseen import Seen
from frontend.refused import Refused
from questions import criteria, readytexts, triage, workflow
from questions.models import Question, ReadyText
from questions.placeholders import listed
from questions.readytexts import Filled
from questions.states import OPEN, Checked, State
from questions.suggest import Suggestions, suggest
from questions.triage import OUTCOMES, REVISIONS, Norm

# Which ready-made texts go into which field of which outcome.
TEXTS: dict[str, dict[str, str]] = {
    "refer": {"note": ReadyText.Kind.NOTE},
    "decline": {"why": ReadyText.Kind.DECLINE, "alternative": ReadyText.Kind.ALTERNATIVE},
    "hand_over": {"why": ReadyText.Kind.HAND_OVER},
}
HINTS: dict[str, Any] = {
    "triage": _(
        "There will be a new answer. Choose how much work the question deserves; a broker takes it from there."
    ),
    "refer": _(
        "Somebody is helped by what exists already. Say in your note why it fits this question, "
        "and what it does not tell."
    ),
    "merge": _(
        "Two questions that ask the same become one. You can undo it, and everybody who asked hears of everything."
    ),
    "hand_over": _(
        "A desk here gets the whole case, and the asker hears of it. "
        "Of a desk outside this system the asker gets the address; we send nothing there."
    ),
    "set_aside": _(
        "For an advertisement or abuse. Nobody gets a mail, it leaves every list, and after a while its words are "
        "removed. A question that is only not for this desk is declined: then the asker hears where to go."
    ),
    "not_spam": _("It goes back to where triage begins. Nobody gets a mail."),
}


@dataclass(frozen=True)
class Typed:
    """What stands in the page's fields: of each outcome, and of each criterion by its id."""

    outcomes: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    checks: Mapping[str, dict[str, str]] = field(default_factory=dict)
    chosen: str = ""
    left: list[str] = field(default_factory=list)  # fields of an inserted text that nobody could fill in
    inserted: str = ""  # the id of the field it went into


@dataclass(frozen=True)
class Field:
    """A field of an outcome and the texts that can be put into it."""

    bound: Any
    name: str
    texts: list[Filled]


@dataclass(frozen=True)
class Outcome:
    name: str
    label: str
    fields: list[Field]
    errors: Any
    is_open: bool
    reason: str
    is_chosen: bool
    hint: str
    is_end: bool  # of a question that perhaps is only unpolished
    is_quiet: bool  # seldom what one is about to do
    weighs: bool  # the criteria matter for it
    writes: bool  # somebody who asked gets a letter
    seen: Seen | None  # how that would look, when it was asked


@dataclass(frozen=True)
class Checking:
    """A criterion with what was found, or is being typed."""

    key: str
    text: str
    verdict: str
    verdict_label: str
    remark: str
    by: str
    at: Any
    errors: list[str]
    is_retired: bool


@dataclass(frozen=True)
class Checklist:
    rows: list[Checking]
    still_open: list[str]
    choices: list[tuple[str, str]]
    may_check: bool

    @property
    def counts(self) -> list[tuple[str, int]]:
        found = [row.verdict for row in self.rows]
        return [(str(label), found.count(value)) for value, label in self.choices if found.count(value)]


@dataclass(frozen=True)
class Next:
    pk: Any
    number: int
    title: str


@dataclass(frozen=True)
class Page:
    pk: Any
    facts: Facts
    checklist: Checklist
    found: Suggestions
    answers: list[Hit]
    sources: list[Hit]
    asked_now: list[Hit]
    questions: list[Hit]
    norms: list[Norm]
    outcomes: list[Outcome]
    closed: list[Outcome]
    revisions: list[Outcome]
    next: Next | None
    left: str
    inserted: str
    is_done: bool
    is_open: bool

    @property
    def may_refer(self) -> bool:
        return any(one.name == "refer" for one in self.outcomes)

    @property
    def may_merge(self) -> bool:
        return any(one.name == "merge" for one in self.outcomes)

    @property
    def focus_heading(self) -> bool:
        """Whether nothing else on the page is what somebody was about to do."""
        return not self.inserted and all(one.seen is None for one in (*self.outcomes, *self.revisions))

    @property
    def is_empty(self) -> bool:
        return not (self.answers or self.sources or self.asked_now or self.questions)


def page(
    question: Question,
    user: Any,
    *,
    typed: Typed | None = None,
    no: Refused | None = None,
    seen: Seen | None = None,
    is_done: bool = False,
) -> Page:
    typed = typed or Typed()
    is_open = question.state in OPEN
    found = suggest(question.title, user=user, besides=str(question.pk), limit=5) if is_open else Suggestions()
    texts = readytexts.filled(question, by=user) if is_open else []
    made = outcomes(question, user, typed, no, seen, texts)
    open_to_me = [one for one in made if one.is_open]
    return Page(
        pk=question.pk,
        facts=facts(question),
        checklist=checklist(question, user, typed, no),
        found=found,
        answers=hits(found.answers),
        sources=hits(found.sources),
        asked_now=hits(found.asked_now),
        questions=hits(one for one in found.questions if one not in found.asked_now),
        norms=triage.norms() if any(one.name in ("triage", "retrack") for one in open_to_me) else [],
        outcomes=[one for one in open_to_me if one.name in OUTCOMES],
        closed=[one for one in made if not one.is_open and one.name in OUTCOMES],
        revisions=[one for one in open_to_me if one.name in REVISIONS],
        next=next_of(question),
        left=listed(typed.left),
        inserted=typed.inserted,
        is_done=is_done or not is_open,
        is_open=is_open,
    )


def next_of(question: Question) -> Next | None:
    row = triage.next_after(question)
    return Next(row.pk, row.number or 0, row.title) if row is not None else None


# --- The outcomes ---------------------------------------------------------------------------------


def outcomes(
    question: Question, user: Any, typed: Typed, no: Refused | None, seen: Seen | None, texts: list[Filled]
) -> list[Outcome]:
    offered = {one.name: one for one in workflow.options(question, user)}
    return [
        outcome(offered[name], typed, no, seen if name == typed.chosen else None, texts)
        for name in (*OUTCOMES, *REVISIONS)
        if name in offered
    ]


def outcome(
    option: workflow.Option, typed: Typed, no: Refused | None, seen: Seen | None, texts: list[Filled]
) -> Outcome:
    mine = no if no is not None and no.action == option.name else None
    words = typed.outcomes.get(option.name, {})
    form: Any = forms.shown(
        option.form,
        "o",
        typed=words if mine else None,
        initial=words,
        errors=mine.errors if mine else None,
        prefix=option.name,
    )
    for name in form.fields:
        if typed.inserted == f"o-{option.name}-{name}":
            form.fields[name].widget.attrs["autofocus"] = True
    return Outcome(
        name=option.name,
        label=option.label,
        fields=[Field(one, one.name, texts_for(option.name, one.name, texts)) for one in form],
        errors=form.non_field_errors() if mine else "",
        is_open=option.open,
        reason=option.reason,
        is_chosen=option.name == typed.chosen,
        hint=str(HINTS.get(option.name, "")),
        is_end=option.name == "decline",
        is_quiet=option.name == "set_aside",
        weighs=option.name in ("triage", "decline"),
        writes=foreseen.comes_first(option.name),
        seen=seen,
    )


def texts_for(outcome: str, name: str, texts: list[Filled]) -> list[Filled]:
    kind = TEXTS.get(outcome, {}).get(name)
    return [one for one in texts if one.kind == kind]


# --- The checklist --------------------------------------------------------------------------------


def checklist(question: Question, user: Any, typed: Typed | None = None, no: Refused | None = None) -> Checklist:
    lines = criteria.of(question)
    return Checklist(
        rows=[checking(line, typed or Typed(), no) for line in lines],
        still_open=[local(one, "text") for one in criteria.still_open(lines)],
        choices=[(value, str(label)) for value, label in Checked.choices],
        may_check=criteria.may_check(question, user),
    )


def checking(line: criteria.Line, typed: Typed, no: Refused | None) -> Checking:
    check, key = line.check, str(line.criterion.pk)
    words = typed.checks.get(key, {})
    verdict = words.get("verdict") or (check.verdict if check else "")
    errors = [
        sentence for name in ("verdict", "remark") for sentence in (no.errors.get(f"{key}-{name}", []) if no else [])
    ]
    return Checking(
        key=key,
        text=local(line.criterion, "text"),
        verdict=verdict,
        verdict_label=str(dict(Checked.choices).get(verdict, "")),
        remark=words.get("remark", check.remark if check else ""),
        by=str(check.by or "") if check else "",
        at=check.at if check else None,
        errors=errors,
        is_retired=line.criterion.retired_at is not None,
    )


@dataclass(frozen=True)
class InCase:
    """What the page of a case shows of triage."""

    checklist: Checklist
    is_offered: bool
    handed_to: tuple[str, str] | None
    desk: str


def in_case(question: Question, user: Any) -> InCase:
    outside = question.handed_to if question.handed_to_id and question.state == State.DECLINED else None
    return InCase(
        checklist=checklist(question, user),
        is_offered=question.state in OPEN,
        handed_to=(outside.name, outside.external_url) if outside else None,
        desk="" if question.desk.is_default else question.desk.name,
    )
