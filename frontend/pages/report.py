"""The search report of a case: what was asked, where was looked, and what became of each source that was found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.library import apa
from frontend.pages.ledger import Grade, facts, grade
from frontend.pages.searches import Log, counted, log_of
from frontend.pages.tracking import frame
from questions import ledger, writing
from questions.models import LedgerEntry, Question
from questions.states import GapKind


@dataclass(frozen=True)
class Included:
    """A source as the report names it: its reference, what was read in it, and why it was left out."""

    reference: str
    facts: str
    place: str
    reason: str


@dataclass(frozen=True)
class Report:
    pk: Any
    number: int | None
    title: str
    language: str
    frame: list[tuple[str, str]]
    on: date
    log: Log
    hits: int
    total: int
    waiting: int
    kept: list[Included]
    rejected: list[Included]
    reasons: list[tuple[str, int]]
    grade: Grade
    gap: str
    gap_kind: str


def page(question: Question) -> Report:
    rows = list(ledger.of(question))
    version = writing.current(question)
    log = log_of(question, rows)
    kind = version.gap_kind if version else ""
    return Report(
        pk=question.pk,
        number=question.number,
        title=question.title,
        language=question.language,
        frame=frame(question),
        on=timezone.localdate(),
        log=log,
        hits=sum(one.hits or 0 for one in log.counting),
        total=len(rows),
        waiting=sum(row.state == LedgerEntry.State.FOUND for row in rows),
        kept=included(rows, LedgerEntry.State.KEPT, question.language),
        rejected=included(rows, LedgerEntry.State.REJECTED, question.language),
        reasons=counted(rows),
        grade=grade(rows, version),
        gap=version.gap if version else "",
        gap_kind=str(GapKind(kind).label) if kind in GapKind.values else "",
    )


def included(rows: Sequence[LedgerEntry], state: str, language: str) -> list[Included]:
    found = [
        Included(
            reference=apa(row.source.csl, language),
            facts=" · ".join(facts(row)),
            place=row.locator,
            reason=" – ".join(filter(None, [row.get_reason_display() if row.reason else "", row.why])),
        )
        for row in rows
        if row.state == state
    ]
    return sorted(found, key=lambda one: one.reference.casefold())


def rows(question: Question) -> Iterator[list[str]]:
    """The log as a table: a line of names, then a line for each search."""
    yield [
        _("Day"),
        _("Where"),
        _("With which words"),
        _("Narrowed to"),
        _("Hits"),
        _("New"),
        _("Put in the ledger"),
        _("Kept"),
        _("Remarks"),
        _("By"),
        _("Corrected later"),
    ]
    for one in log_of(question, ledger.of(question)).entries:
        counts = [one.hits, one.fresh, one.gave, one.gave_kept]
        cells = [one.on.isoformat(), one.where, one.terms, one.filters]
        cells += ["" if count is None else str(count) for count in counts]
        cells += [one.kept, one.who, _("yes") if one.is_corrected else ""]
        yield cells
