"""The evidence ledger of a case: its sources, what of the answer rests on each, and the strength they bear out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from evidence import designs
from evidence.library import authors_line
from frontend.pages.certainty import Sure, sure
from frontend.pages.steps import own
from frontend.refused import Refused
from questions import claims, elsewhere, grading, ledger
from questions.models import LedgerEntry, Question, Version
from questions.models import conditions as when
from questions.states import Direction, GapKind

EVERY = ("found", "kept", "rejected")


@dataclass(frozen=True)
class Row:
    """A source in the ledger. `carries` are the numbers of the sentences that rest on it."""

    pk: int
    key: str
    title: str
    detail: str
    url: str
    state: str
    label: str
    reason: str
    why: str
    facts: list[str]
    locator: str
    note: str
    who: str
    carries: list[int]
    is_unused: bool
    etag: str
    form: Any


@dataclass(frozen=True)
class Tab:
    """A part of the ledger to look at, and how many stand in it."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Claim:
    """A sentence of the short answer and what it rests on: key and place of each source."""

    n: int
    text: str
    sources: list[tuple[str, str]]


@dataclass(frozen=True)
class Grade:
    """What the rules propose, and whether the answer says something else."""

    strength: str
    direction: str
    sure: Sure | None
    direction_label: str
    reasons: list[str]
    gap: str
    gap_kind: str
    counted: int
    differs: bool
    because: str


@dataclass(frozen=True)
class Ledger:
    tabs: list[Tab]
    chosen: str
    may_judge: bool
    rows: list[Row]
    total: int
    grade: Grade
    rules: list[str]
    claims: list[Claim]
    unused: list[Row]
    add: Any
    bring: Any
    keys: list[tuple[str, str]]

    @property
    def is_part(self) -> bool:
        return bool(self.chosen)


def ledger_of(
    question: Question,
    version: Version | None,
    user: Any,
    no: Refused | None,
    entries: Sequence[LedgerEntry],
    shown: str,
    opened: str,
) -> Ledger:
    cited = citations(version)
    said = claims.statements(version.short_answer if version else "", cited)
    is_open = when.research_open(question) and question.state in ledger.OPEN
    may_judge = is_open and ledger.may_judge(question, user)
    refused = no.action.removeprefix("ledger-") if no and no.action.startswith("ledger-") else ""
    rows = [row(one, said, cited, no, may_judge and str(one.pk) == (refused or opened)) for one in entries]
    chosen = shown if shown in EVERY and not refused else ""
    return Ledger(
        tabs=tabs(entries, chosen),
        chosen=chosen,
        may_judge=may_judge,
        rows=[one for one in rows if not chosen or one.state == chosen or one.form],
        total=len(rows),
        grade=grade(entries, version),
        rules=[str(words) for words in grading.RULES.values()],
        claims=[claim(n, one) for n, one in enumerate(said, 1)],
        unused=[one for one in rows if one.is_unused],
        add=own("ledger", ledger.Found, no) if is_open and ledger.may_add(question, user) else None,
        bring=own("elsewhere", elsewhere.Elsewhere, no) if is_open and elsewhere.may_bring(question, user) else None,
        keys=[(one.key, one.title) for one in rows],
    )


def citations(version: Version | None) -> list[claims.Cited]:
    rows = version.citations.select_related("source") if version else []
    return [claims.Cited(one.n, one.source.key, one.claim, one.locator) for one in rows]


def tabs(entries: Sequence[LedgerEntry], chosen: str) -> list[Tab]:
    return [
        Tab(value, str(LedgerEntry.State(value).label), sum(one.state == value for one in entries), value == chosen)
        for value in EVERY
    ]


def row(
    one: LedgerEntry, said: Sequence[claims.Statement], cited: Sequence[claims.Cited], no: Refused | None, opened: bool
) -> Row:
    key = one.source.key
    return Row(
        pk=one.pk,
        key=key,
        title=one.source.title,
        detail=", ".join(filter(None, [authors_line(one.source.csl), str(one.source.year or "")])),
        url=reverse("source", args=[key]),
        state=one.state,
        label=one.get_state_display(),
        reason=one.get_reason_display() if one.reason else "",
        why=one.why,
        facts=facts(one),
        locator=one.locator,
        note=one.note,
        who=str(one.judged_by or one.added_by or ""),
        carries=[n for n, text in enumerate(said, 1) if key in text.keys or key in {x.key for x in text.cited}],
        is_unused=one.state == LedgerEntry.State.KEPT and key not in {x.key for x in cited},
        etag=one.etag,
        form=judging(one, no) if opened else None,
    )


def facts(one: LedgerEntry) -> list[str]:
    """What was read in it, short: design, direction, how near, who, where."""
    found = [
        designed(one.design),
        told(one.direction),
        one.get_fit_display() if one.fit else "",
        one.population,
        one.country,
    ]
    return [text for text in found if text]


def told(direction: str) -> str:
    """What was found; that it is unknown says nothing without saying of what."""
    if direction == Direction.UNCLEAR:
        return _("unknown what was found")
    return str(Direction(direction).label) if direction else ""


def designed(design: str) -> str:
    """The design in words; of one that the rules do not know, what they make of it."""
    if not design or designs.is_known(design):
        return designs.in_words(design)
    return _("%(design)s (we do not know this design, so it counts as weak)") % {"design": design}


def judging(one: LedgerEntry, no: Refused | None) -> Any:
    initial = {name: getattr(one, name) for name in ledger.READ if name != "same_study"}
    initial["same_study"] = one.same_study.source.key if one.same_study else ""
    is_listed = not one.design or designs.is_known(one.design)
    initial["design"] = designs.key_of(one.design) if is_listed else designs.OTHER
    initial["design_other"] = "" if is_listed else one.design
    made = own(f"ledger-{one.pk}", ledger.Judge, no, initial)
    made.fields["same_study"].widget.attrs["list"] = "ledger-keys"
    return made


def claim(n: int, one: claims.Statement) -> Claim:
    places = {cited.key: cited.locator for cited in one.cited}
    return Claim(n, one.text, list((dict.fromkeys(one.keys, "") | places).items()))


def grade(entries: Sequence[LedgerEntry], version: Version | None) -> Grade:
    meant = ledger.propose(entries)
    stated = (version.strength, version.direction or Direction.UNCLEAR) if version and version.strength else None
    return Grade(
        strength=meant.strength,
        direction=meant.direction,
        sure=sure(meant.strength, meant.direction),
        direction_label=str(meant.direction.label),
        reasons=meant.reasons,
        gap=str(GapKind(meant.gap_kind).label) if meant.gap_kind else "",
        gap_kind=meant.gap_kind,
        counted=meant.counted,
        differs=bool(entries) and stated is not None and stated != (meant.strength, meant.direction),
        because=version.strength_because if version else "",
    )
