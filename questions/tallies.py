"""Counting what people do without knowing who they are: one row for each thing and day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Sum
from django.utils import timezone

from questions.models import Tally


def add(name: str) -> None:
    """Count `name` (lower-case words with dots, such as `ask.helped`) once more today; safe at once."""
    Tally.objects.bulk_create([Tally(name=name, day=timezone.localdate())], ignore_conflicts=True)
    Tally.objects.filter(name=name, day=timezone.localdate()).update(count=F("count") + 1)


def totals(names: Iterable[str], since: date | None = None) -> dict[str, int]:
    """How often each of `names` happened, since a day or ever; 0 for what never did."""
    wanted = list(names)
    rows = Tally.objects.filter(name__in=wanted)
    if since is not None:
        rows = rows.filter(day__gte=since)
    return dict.fromkeys(wanted, 0) | dict(rows.values_list("name").annotate(all=Sum("count")))
