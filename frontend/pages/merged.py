"""Two texts that were written on top of one: what each changed, and what stands in the editor now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from frontend.pages.differences import Piece, across, shortened
from questions import writing
from questions.merging import Merged
from questions.models import Version

ROW_LABELS = {"citations": gettext_lazy("Citations"), "consulted": gettext_lazy("Consulted experts")}
SENTENCES: dict[str, Any] = {
    "mine": gettext_lazy("Only you changed this: yours is in the field."),
    "theirs": gettext_lazy("Only the saved text changed: that is in the field."),
    "joined": gettext_lazy("Both changed this, in different places: both changes are in the field."),
    "both": gettext_lazy("Both changed the same place: both are in the field, between ⟪ and ⟫. Choose what stays."),
}
CHOSEN = gettext_lazy("Both changed this: yours is in the field. Choose again.")
ROWS_OF_BOTH = gettext_lazy("Both changed the same rows: the rows of both are below. Take out what should go.")
TAKEN_OUT = gettext_lazy("Something was taken out here for good while you wrote. What you typed is not put back.")


@dataclass(frozen=True)
class Side:
    """One field: what became of it, and what each of the two changed in what you had read."""

    label: str
    sentence: str
    needs_you: bool
    saved: list[Piece]
    mine: list[Piece]


@dataclass(frozen=True)
class ThreeWay:
    who: str
    is_own: bool  # saved by the same person in another window
    at: datetime | None
    sides: list[Side]

    @property
    def is_clear(self) -> bool:
        return not any(side.needs_you for side in self.sides)


def three_way(merged: Merged, version: Version, user: Any) -> ThreeWay:
    last = version.revisions.select_related("by").order_by("-n").first()
    sides = [side(name, merged) for name, outcome in merged.outcomes.items() if outcome != "same"]
    by = last.by if last else None
    return ThreeWay(str(by or ""), by is not None and by == user, last.at if last else None, sides)


def side(name: str, merged: Merged) -> Side:
    outcome = merged.outcomes[name]
    base, mine, theirs = (in_words(name, one.get(name)) for one in (merged.base, merged.mine, merged.theirs))
    sentence = SENTENCES[outcome]
    if name in merged.forgotten:
        sentence = TAKEN_OUT
    elif outcome == "both" and name not in merged.texts:
        sentence = ROWS_OF_BOTH if name in ROW_LABELS else CHOSEN
    return Side(
        label(name), str(sentence), outcome == "both", shortened(across(base, theirs)), shortened(across(base, mine))
    )


def label(name: str) -> str:
    if name in ROW_LABELS:
        return str(ROW_LABELS[name])
    return str(writing.Texts.base_fields[name].label)


def in_words(name: str, value: Any) -> str:
    """A field as one text: choices by what they are called, rows a line each."""
    if name in ROW_LABELS:
        return "".join(f"{' · '.join(cells(row))}\n" for row in value or [] if isinstance(row, Mapping))
    field: Any = writing.Texts.base_fields[name]
    text = "" if value is None else str(value)
    return str(dict(getattr(field, "choices", ())).get(text, text)) if text else ""


def cells(row: Mapping[str, Any]) -> list[str]:
    order = ("source", "claim", "locator", "name", "role", "agreed_on", "agreed_by")
    return [str(row[key]) for key in order if row.get(key)]


def changes(old: Mapping[str, Any], new: Mapping[str, Any], names: Any) -> list[tuple[str, list[Piece]]]:
    """Field by field what changed between two contents; fields that say the same are left out."""
    made = [(label(name), across(in_words(name, old.get(name)), in_words(name, new.get(name)))) for name in names]
    return [(words, shortened(pieces)) for words, pieces in made if pieces]
