"""What became of answers, as counts: of the rows that are there, and of those whose asker was erased.

Whoever is erased takes their row along. What it said is counted before that, each choice by itself,
so that the numbers of the desk stay as they were and nothing tells which choices went together.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, F, Func
from django.db.models.functions import TruncMonth
from django.utils import timezone

from questions import tallies
from questions.models import FollowUp

BEGIN = "after."
ASKED, ANSWERED = "asked", "answered"
SAID = ("used", "helped", "hindered")
# What was counted (`6w.used.team`) and in which month (its first day): how often.
Counts = dict[tuple[str, date], int]


class Unnest(Func):
    """A row for each value of a list."""

    function = "unnest"
    set_returning = True


def fold(rows: Iterable[FollowUp]) -> None:
    """Count what these rows say, because they are about to go."""
    for row in rows:
        tallies.add(f"{BEGIN}{row.kind}.{ASKED}", timezone.localdate(row.asked_at))
        if row.answered_at is not None:
            names = [ANSWERED, *(f"{field}.{value}" for field in SAID for value in getattr(row, field))]
            for name in names:
                tallies.add(f"{BEGIN}{row.kind}.{name}", timezone.localdate(row.answered_at))


def counts() -> Counts:
    """All that was asked and said, by month: asked in the month of asking, the rest in that of the first reply."""
    found: Counter[tuple[str, date]] = Counter(tallies.by_month(BEGIN))
    for kind, month, n in by_month("asked_at").annotate(n=Count("pk")):
        found[f"{kind}.{ASKED}", month.date()] += n
    for kind, month, n in by_month("answered_at").annotate(n=Count("pk")):
        found[f"{kind}.{ANSWERED}", month.date()] += n
    for field in SAID:
        for kind, month, value, n in by_month("answered_at", value=Unnest(F(field))).annotate(n=Count("pk")):
            found[f"{kind}.{field}.{value}", month.date()] += n
    return dict(found)


def by_month(moment: str, **more: Any) -> Any:
    rows = FollowUp.objects.exclude(**{moment: None}).annotate(month=TruncMonth(moment), **more)
    return rows.values_list("kind", "month", *more).order_by()
