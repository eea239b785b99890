"""Counting what people do without knowing who they are: one row for each thing and day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from questions.models import Tally


def add(name: str, day: date | None = None) -> None:
    """Count `name` (lower-case words with dots, such as `ask.helped`) once more, today or on `day`; safe at once."""
    day = day or timezone.localdate()
    Tally.objects.bulk_create([Tally(name=name, day=day)], ignore_conflicts=True)
    Tally.objects.filter(name=name, day=day).update(count=F("count") + 1)


def between(since: date | None, last: date | None) -> Any:
    """The rows from a day up to and including another; without one of them from the first, up to the last."""
    rows = Tally.objects.filter(day__gte=since) if since else Tally.objects.all()
    return rows.filter(day__lte=last) if last else rows


def totals(names: Iterable[str], since: date | None = None, last: date | None = None) -> dict[str, int]:
    """How often each of `names` happened, from a day up to and including another, or ever; 0 for what never did."""
    wanted = list(names)
    rows = between(since, last).filter(name__in=wanted)
    return dict.fromkeys(wanted, 0) | dict(rows.values_list("name").annotate(all=Sum("count")))


def under(prefix: str, since: date | None = None, last: date | None = None) -> dict[str, int]:
    """The same for all names that begin with `prefix`, by what follows it."""
    rows = between(since, last).filter(name__startswith=prefix).values_list("name").annotate(all=Sum("count"))
    return {name.removeprefix(prefix): count for name, count in rows}


def by_month(prefix: str, since: date | None = None, last: date | None = None) -> dict[tuple[str, date], int]:
    """The same for each month, known by its first day."""
    rows = between(since, last).filter(name__startswith=prefix).annotate(month=TruncMonth("day"))
    counted = rows.values_list("name", "month").annotate(all=Sum("count"))
    return {(name.removeprefix(prefix), month): count for name, month, count in counted}
