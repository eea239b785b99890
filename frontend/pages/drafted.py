"""What somebody wrote and is not the saved text: private drafts, and texts that were kept apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from frontend.pages.differences import Piece
from frontend.pages.editor import Typed, fields_of, from_content
from frontend.pages.merged import changes
from questions import drafts, writing
from questions.models import KeptDraft, Question, Version
from questions.models.revision import WRITTEN

MOST = 5
FIELDS = (*WRITTEN, *writing.ROWS)


@dataclass(frozen=True)
class Draft:
    """A text of one's own, with what it says otherwise than the saved one."""

    pk: str
    at: datetime
    fields: list[tuple[str, str]]
    changes: list[tuple[str, list[Piece]]]


def private(question: Question, version: Version | None, user: Any, typed: Typed | None) -> list[Draft]:
    """The private drafts of this person, without the one that stands in the editor now."""
    rows = [row for row in drafts.mine(question, user) if typed is None or row.sitting != typed.sitting]
    return shown(rows[:MOST], writing.saved_content(version) if rows else {})


def kept(version: Version | None, user: Any) -> list[Draft]:
    """What this person typed on top of somebody else's text, the newest first."""
    if version is None:
        return []
    rows = KeptDraft.objects.filter(version__item=version.item_id, user=user).order_by("-at")[:MOST]
    return shown(list(rows), writing.saved_content(version) if rows else {})


def shown(rows: Any, saved: Mapping[str, Any]) -> list[Draft]:
    return [
        Draft(str(row.pk), row.at, fields_of(from_content(row.content)), changes(saved, row.content, FIELDS))
        for row in rows
    ]
