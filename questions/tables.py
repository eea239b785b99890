"""A table of numbers: what the desk is told, without a word of any language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

FEWEST = 5  # fewer people than this could be told apart

# A name the house knows (a state, a slug), a text, a number, a day; None for a number that is not told.
Cell = str | int | date | None
Row = dict[str, Cell]


@dataclass(frozen=True)
class Table:
    """`columns` in order; every row has each of them. The first `heads` say what a row is about.

    A number that is None rests on fewer than `few` cases or people.
    """

    name: str
    columns: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    heads: int = 1
    few: int = 0

    @property
    def numbers(self) -> tuple[str, ...]:
        return self.columns[self.heads :]

    @property
    def is_empty(self) -> bool:
        """Whether it tells nothing: no rows, or nothing but zeros and what is not told."""
        return not any(row[name] for row in self.rows for name in self.numbers)


def crossed(
    rows: Iterable[str], columns: Iterable[str], counted: Mapping[tuple[str, str], int], name: str
) -> list[Row]:
    """A row for each of `rows` under `name`, with `all` and a count for each of `columns`."""
    names = list(columns)
    found: list[Row] = []
    for row in rows:
        counts = {column: counted.get((row, column), 0) for column in names}
        found.append({name: row, "all": sum(counts.values()), **counts})
    return found


def guarded(parts: Mapping[str, int]) -> dict[str, int | None]:
    """Counts of people whose sum is known: what is under FEWEST is not told. Of nobody nothing is hidden.

    One alone that is left out is the sum less the others; then the least of those goes too.
    """
    if not any(parts.values()):
        return dict(parts)
    hidden = {name for name, count in parts.items() if count < FEWEST}
    if len(hidden) == 1:
        hidden.add(min(set(parts) - hidden, key=lambda name: parts[name]))
    return {name: None if name in hidden else count for name, count in parts.items()}
