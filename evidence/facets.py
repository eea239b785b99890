"""What hits can be narrowed by: their labels, the filters, and counting one against the other."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from evidence.models import Passage
from evidence.search import Hit

FACETS = ("kind", "sector", "theme", "year", "strength", "language", "collection")


@dataclass(frozen=True)
class Labels:
    """What stands on a passage to filter on."""

    kind: str
    sector: tuple[str, ...]
    theme: tuple[str, ...]
    year: int | None
    strength: str
    language: str
    collection: str

    def values(self, facet: str) -> Iterable[str]:
        """The values under which it counts; none where it has no such label."""
        value = getattr(self, facet)
        if isinstance(value, tuple):
            return set(value)
        return [str(value)] if value not in ("", None) else []


@dataclass(frozen=True)
class Filters:
    """What a person chose; empty is no choice. The same rules as the SQL of scope.py."""

    kind: str = ""
    sector: str = ""
    theme: str = ""
    strength: str = ""
    language: str = ""
    collection: str = ""
    year_from: int | None = None
    year_to: int | None = None

    def __bool__(self) -> bool:
        return self != Filters()

    def without(self, facet: str) -> "Filters":
        """The other filters."""
        return replace(self, **({"year_from": None, "year_to": None} if facet == "year" else {facet: ""}))

    def fit(self, labels: Labels) -> bool:
        """Whether something with these labels is left over."""
        if (self.year_from, self.year_to) != (None, None) and labels.year is None:
            return False
        return (
            all(not (chosen := getattr(self, name)) or chosen in labels.values(name) for name in _NAMED)
            and (self.year_from is None or (labels.year or 0) >= self.year_from)
            and (self.year_to is None or (labels.year or 0) <= self.year_to)
        )

    def for_search(self) -> dict[str, Any]:
        """The filters as `search` takes them; there, kinds stand apart."""
        return {name: value for name, value in asdict(self).items() if name != "kind"}


_NAMED = tuple(name for name in FACETS if name != "year")


def labels(hits: Sequence[Hit]) -> dict[tuple[str, str], Labels]:
    """The labels of these hits by kind and ref; of none that was dropped a moment ago."""
    columns = ("kind", "ref", "sectors", "themes", "year", "strength", "language", "collection")
    rows = Passage.objects.filter(pk__in=[hit.passage_id for hit in hits]).values_list(*columns)
    return {
        (kind, ref): Labels(kind, tuple(sectors), tuple(themes), *others)
        for kind, ref, sectors, themes, *others in rows
    }


def count(listed: Iterable[Labels], facet: str) -> dict[str, int]:
    """How many there are of each value, most first; years from the newest."""
    counted = Counter(value for one in listed for value in one.values(facet))
    if facet == "year":
        return dict(sorted(counted.items(), reverse=True))
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
