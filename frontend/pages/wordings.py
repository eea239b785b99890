"""The words of a question on their way to agreement: each wording beside the one before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from frontend.pages.differences import Piece, between
from questions import inputs
from questions.models import Articulation, Question
from questions.models.articulation import FRAME


@dataclass(frozen=True)
class Framed:
    """One part of the frame: its label, its words, and what changed in them."""

    label: str
    now: str
    before: str
    changes: list[Piece]


@dataclass(frozen=True)
class Wording:
    """One wording: who made it, what changed since the words before it, and the note that came with it."""

    n: int
    kind: str
    who: str
    at: datetime
    words: str
    is_new: bool  # other words than before; else only the frame or the note is new
    changes: list[Piece]
    frame: list[Framed]
    note: str
    agreed_at: datetime | None


def wordings(question: Question) -> list[Wording]:
    """Every wording, the oldest first; the first is laid beside what was asked."""
    rows = list(question.articulations.select_related("user"))
    return [wording(row, rows[n - 1] if n else None, question.text) for n, row in enumerate(rows)]


def wording(row: Articulation, before: Articulation | None, asked: str) -> Wording:
    old = before.articulated if before else asked
    return Wording(
        n=row.n,
        kind=row.get_kind_display(),
        who=str(row.user or ""),
        at=row.at,
        words=row.articulated,
        is_new=old != row.articulated,
        changes=between(old, row.articulated),
        frame=framed(row, before),
        note=row.note,
        agreed_at=row.agreed_at,
    )


def framed(row: Articulation, before: Articulation | None) -> list[Framed]:
    """The parts of the frame with words in them now or before; changes only where there was a frame before."""
    fields = inputs.Propose.base_fields
    found = []
    for name in FRAME:
        now, old = getattr(row, name), getattr(before, name) if before else ""
        if now or old:
            changes = between(old, now) if old and now else []
            found.append(Framed(str(fields[name].label), now, old if old != now else "", changes))
    return found


def said(rows: Sequence[Articulation]) -> list[str]:
    """The different wordings in their order, the newest last."""
    found: list[str] = []
    for row in rows:
        if found[-1:] != [row.articulated]:
            found.append(row.articulated)
    return found
