"""What a search may see: visibility and filters, as one condition that stands in every leg."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Scope:
    """Which passages count. With a desk: what is public, of that desk, or of no desk."""

    kinds: Sequence[str]
    public_only: bool = True
    desk: int | None = None
    sector: str = ""
    theme: str = ""
    strength: str = ""
    language: str = ""
    year_from: int | None = None
    collection: str = ""
    year_to: int | None = None

    @property
    def filtered(self) -> bool:
        """Whether more than visibility is asked for."""
        chosen = (self.sector, self.theme, self.strength, self.language, self.collection)
        return any(chosen) or self.year_from is not None or self.year_to is not None

    def condition(self) -> tuple[str, dict[str, Any]]:
        """SQL on a passage called `p`, and its parameters."""
        clauses = ["p.kind = ANY(%(kinds)s)"]
        if self.public_only:
            clauses.append("p.public")
        elif self.desk is not None:
            clauses.append("(p.public OR p.desk IS NULL OR p.desk = %(desk)s)")
        if self.sector:
            clauses.append("p.sectors @> ARRAY[%(sector)s::varchar]")
        if self.theme:
            clauses.append("p.themes @> ARRAY[%(theme)s::varchar]")
        clauses += [f"p.{name} = %({name})s" for name in ("strength", "language", "collection") if getattr(self, name)]
        if self.year_from is not None:
            clauses.append("p.year >= %(year_from)s")
        if self.year_to is not None:
            clauses.append("p.year <= %(year_to)s")
        return " AND ".join(clauses), {**self.__dict__, "kinds": list(self.kinds)}
