"""The search log of a case as people read it, and what each search gave the ledger."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from questions import looking, searchlog
from questions.models import LedgerEntry, Question, SearchEntry


@dataclass(frozen=True)
class Entry:
    """One search. `gave` counts what it brought to the ledger, `fresh` what a repeated one gave anew."""

    pk: int
    where: str
    terms: str
    filters: str
    on: date
    who: str
    hits: int | None
    has_more: bool
    fresh: int | None
    before: int | None  # hits of the search it repeats
    before_on: date | None
    kept: str
    gave: int
    gave_kept: int
    is_own: bool
    is_corrected: bool
    is_correction: bool


@dataclass(frozen=True)
class Log:
    """The log: what counts and what was corrected, in the order of the days."""

    entries: list[Entry] = field(default_factory=list)

    @property
    def counting(self) -> list[Entry]:
        return [one for one in self.entries if not one.is_corrected]

    @property
    def places(self) -> list[str]:
        return sorted({one.where for one in self.counting})

    @property
    def last(self) -> date | None:
        return max((one.on for one in self.counting), default=None)


def log_of(question: Question, ledger: Iterable[LedgerEntry]) -> Log:
    rows = list(searchlog.of(question))
    gave: dict[int | None, list[LedgerEntry]] = {}
    for one in ledger:
        gave.setdefault(one.search_id, []).append(one)
    rows.sort(key=lambda row: (row.searched_on, row.at))
    return Log([entry(row, gave.get(row.pk, [])) for row in rows])


def entry(row: SearchEntry, gave: Sequence[LedgerEntry]) -> Entry:
    first = row.repeats
    return Entry(
        pk=row.pk,
        where=row.where,
        terms=row.terms,
        filters=in_words(row.filters),
        on=row.searched_on,
        who=str(row.user or ""),
        hits=row.hits,
        has_more=row.has_more,
        fresh=row.fresh,
        before=first.hits if first else None,
        before_on=first.searched_on if first else None,
        kept=row.kept,
        gave=len(gave),
        gave_kept=sum(one.state == LedgerEntry.State.KEPT for one in gave),
        is_own=row.is_own,
        is_corrected=hasattr(row, "corrected_by"),
        is_correction=row.corrects_id is not None,
    )


def in_words(filters: dict[str, Any]) -> str:
    """What a search was narrowed to, by the names the form gives it."""
    fields = looking.Library.base_fields
    parts = []
    for name, value in filters.items():
        if name in fields:
            choices = dict(getattr(fields[name], "choices", []))
            parts.append(f"{fields[name].label}: {choices.get(value, value)}")
    return "; ".join(parts)


def counted(rows: Iterable[LedgerEntry]) -> list[tuple[str, int]]:
    """How many sources were rejected for each reason, most first."""
    reasons = Counter(row.get_reason_display() for row in rows if row.state == LedgerEntry.State.REJECTED)
    return reasons.most_common()
