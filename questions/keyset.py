"""Pages of a long list that cost the same wherever one is: each begins where another ended.

A place is the value a row is ordered by, with its id. It stands in the link itself, so a row that
changes, moves or goes away meanwhile leaves no gap behind and is shown no row twice.
"""

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Q

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PLACE = re.compile(r"([md])(\d{1,17})_([0-9a-f]{32})", re.ASCII)


@dataclass(frozen=True)
class Order:
    """By `field` (a moment or a day, never null), and by id where it is the same."""

    field: str
    is_descending: bool = False

    def fields(self, *, backwards: bool = False) -> tuple[str, str]:
        sign = "-" if self.is_descending != backwards else ""
        return f"{sign}{self.field}", f"{sign}pk"


@dataclass(frozen=True)
class Place:
    value: datetime | date
    pk: uuid.UUID

    def __str__(self) -> str:
        if isinstance(self.value, datetime):
            return f"m{(self.value - EPOCH) // timedelta(microseconds=1)}_{self.pk.hex}"
        return f"d{self.value.toordinal()}_{self.pk.hex}"


def place(text: str) -> Place | None:
    """The place that `text` names; None when somebody made it up."""
    match = PLACE.fullmatch(text)
    if match is None:
        return None
    kind, number, pk = match.groups()
    try:
        value = EPOCH + timedelta(microseconds=int(number)) if kind == "m" else date.fromordinal(int(number))
    except (OverflowError, ValueError):
        return None
    return Place(value, uuid.UUID(pk))


@dataclass(frozen=True)
class Page:
    """`rows` in order. `before` and `after` name the pages around it; empty where there is none."""

    rows: list[Any]
    before: str = ""
    after: str = ""


def page(rows: Any, order: Order, *, size: int, after: str = "", before: str = "") -> Page:
    """The `size` rows of queryset `rows` that come after, or before, a place; the first ones without.

    A place that fits no row of this order is as good as none.
    """
    backwards = bool(before) and not after
    at = place(before if backwards else after)
    if at is None or not fits(at, order):
        at, backwards = None, False
    found = list(beyond(rows, order, at, backwards).order_by(*order.fields(backwards=backwards))[: size + 1])
    is_more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    is_before, is_after = (is_more, at is not None) if backwards else (at is not None, is_more)
    return Page(
        found,
        before=str(place_of(found[0], order)) if found and is_before else "",
        after=str(place_of(found[-1], order)) if found and is_after else "",
    )


def fits(at: Place, order: Order) -> bool:
    return isinstance(at.value, datetime) == order.field.endswith("_at")


def place_of(row: Any, order: Order) -> Place:
    return Place(getattr(row, order.field), row.pk)


def beyond(rows: Any, order: Order, at: Place | None, backwards: bool) -> Any:
    """The rows on one side of a place."""
    if at is None:
        return rows
    way = "lt" if order.is_descending != backwards else "gt"
    # The first part alone bounds the walk through an index; `or` alone would begin at its start.
    inside = Q(**{f"{order.field}__{way}e": at.value})
    return rows.filter(inside, Q(**{f"{order.field}__{way}": at.value}) | Q(**{f"pk__{way}": at.pk}))
