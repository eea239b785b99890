"""What became of answers, as counts: of the rows that are there, and of those whose asker was erased.

What was said of an answer is counted when it is said, for its day: the row of who said it is wiped when
another answer goes to them, and a "no" that was mended was a "no" all the same.

Whoever is erased takes their row along. What it said is counted before that, each choice by itself,
so that the numbers of the desk stay as they were and nothing tells which choices went together.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from questions import tallies
from questions.models import FollowUp
from questions.periods import Period

BEGIN = "after."
VERDICT = "verdict.answer."
ASKED, ANSWERED = "asked", "answered"
SAID = {"used": FollowUp.Used.values, "helped": FollowUp.Helped.values, "hindered": FollowUp.Hindered.values}


def fold(rows: Iterable[FollowUp]) -> None:
    """Count what these rows say, because they are about to go; in the same order for everybody who counts."""
    for name, day in sorted(one for row in rows for one in said(row)):
        tallies.add(name, day)


def said(row: FollowUp) -> Iterator[tuple[str, date]]:
    """What one row counts for, each with its day."""
    begin = f"{BEGIN}{row.kind}."
    yield f"{begin}{ASKED}", timezone.localdate(row.asked_at)
    if row.answered_at is not None:
        for name in (ANSWERED, *(f"{field}.{value}" for field in SAID for value in getattr(row, field))):
            yield f"{begin}{name}", timezone.localdate(row.answered_at)


def judge(verdict: str, day: date | None = None) -> None:
    """Count that somebody said this of an answer, today or on `day`."""
    tallies.add(f"{VERDICT}{verdict}", day)


def verdicts(period: Period | None = None) -> dict[str, int]:
    """How often each verdict was given on an answer, in a period or ever; each person once for each answer sent."""
    return tallies.under(VERDICT, *((period.first, period.last) if period else (None, None)))


def answered_by_month() -> dict[tuple[str, date], int]:
    """How many people answered for the first time, by what they were asked and the first day of the month."""
    end = f".{ANSWERED}"
    counted = tallies.by_month(BEGIN).items()
    found = Counter({(name.removesuffix(end), month): n for (name, month), n in counted if name.endswith(end)})
    rows = FollowUp.objects.exclude(answered_at=None).annotate(month=TruncMonth("answered_at")).order_by()
    for kind, month, n in rows.values_list("kind", "month").annotate(n=Count("pk")):
        found[kind, month.date()] += n
    return dict(found)


def counts(kind: str, period: Period | None = None) -> Counter[str]:
    """What was said in a period, or ever, under the names of `fold`; who was asked in it counts as asked."""
    days = (period.first, period.last) if period else (None, None)
    found = Counter(tallies.under(f"{BEGIN}{kind}.", *days))
    rows = FollowUp.objects.filter(kind=kind).order_by()
    found[ASKED] += within(rows, "asked_at", period).count()
    one_by_one = {
        f"{name}.{value}": Count("pk", filter=Q(**{f"{name}__contains": [value]}))
        for name, values in SAID.items()
        for value in values
    }
    said = within(rows, "answered_at", period).aggregate(all=Count("pk"), **one_by_one)
    found[ANSWERED] += said.pop("all")
    return found + Counter(said)


def within(rows: Any, moment: str, period: Period | None) -> Any:
    if period is None:
        return rows.exclude(**{moment: None})
    return rows.filter(**{f"{moment}__gte": period.begin, f"{moment}__lt": period.end})
