"""Where was searched for an answer, as its readers are told: places and days, never the words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from questions.models.searchentry import where


@dataclass(frozen=True)
class Searched:
    """How often was searched, and each place with the last day."""

    times: int
    places: list[tuple[str, date]]


def searched(entries: Iterable[Mapping[str, Any]]) -> Searched | None:
    """`entries` as a version keeps them; None when nothing was written down."""
    rows = [(where(one["place"]), date.fromisoformat(one["on"])) for one in entries]
    last = {place: max(day for name, day in rows if name == place) for place, _day in rows}
    return Searched(len(rows), sorted(last.items())) if rows else None
