"""The history of a text: every save of every version, and what changed between any two of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from frontend.pages.differences import Piece
from frontend.pages.merged import changes
from questions import writing
from questions.models import Question, Revision, Version
from questions.models.revision import FOR_EVERYBODY, WRITTEN
from questions.states import Significance, VersionState

MOST = 200  # saves in the list; older ones are found by their number in the address


@dataclass(frozen=True)
class Save:
    key: str  # version.save, as in the address
    label: str
    at: datetime | None
    who: str
    kind: str
    note: str
    is_old: bool
    is_new: bool


@dataclass(frozen=True)
class History:
    """A list of saves, and the change from `old` to `new` field by field."""

    saves: list[Save]
    old: Save | None
    new: Save | None
    changes: list[tuple[str, list[Piece]]]


def page(question: Question, old: str, new: str) -> History | None:
    """What the desk sees of a case; None where a named save is not there."""
    rows = list(saved(question))
    if not rows:
        return History([], None, None, [])
    there = {key_of(row): row for row in rows}
    after = there.get(new or key_of(rows[0]))
    before = there.get(old) if old else earlier(rows, after)
    if after is None or (old and before is None):
        return None
    names = (*WRITTEN, *writing.ROWS)
    saves = [save(row, before, after) for row in rows]
    chosen = {one.key: one for one in saves}
    return History(
        saves,
        chosen.get(key_of(before)) if before else None,
        chosen[key_of(after)],
        changes(before.content if before else {}, after.content, names),
    )


def saved(question: Question) -> Iterable[Revision]:
    """The saves of the answer, the newest first."""
    if question.item_id is None:
        return []
    rows = Revision.objects.filter(version__item=question.item_id, version__language=question.language)
    return rows.select_related("version", "by").order_by("-version__n", "-n")[:MOST]


def earlier(rows: list[Revision], after: Revision | None) -> Revision | None:
    """The save right before this one."""
    place = next((n for n, row in enumerate(rows) if row is after), len(rows))
    return rows[place + 1] if place + 1 < len(rows) else None


def key_of(row: Revision) -> str:
    return f"{row.version.n}.{row.n}"


def save(row: Revision, before: Revision | None, after: Revision) -> Save:
    told = _("version %(n)s, save %(save)s") if row.n else _("version %(n)s, as it began")
    return Save(
        key=key_of(row),
        label=told % {"n": row.version.n, "save": row.n},
        at=row.at,
        who=str(row.by or ""),
        kind=significance(row.content.get("significance", "")) if row.version.n > 1 else "",
        note=row.content.get("change_note", "") if row.version.n > 1 else "",
        is_old=before is not None and row.pk == before.pk,
        is_new=row.pk == after.pk,
    )


def significance(value: str) -> str:
    return str(Significance(value).label) if value in Significance.values else ""


# --- What everybody may compare ---------------------------------------------------------------

OF_EVERYBODY = (*(name for name in FOR_EVERYBODY if name not in ("significance", "change_note")), "citations")
WAS_PUBLIC = (VersionState.PUBLISHED, VersionState.SUPERSEDED, VersionState.RETRACTED)


def public(living: Version, old: int | None, new: int | None) -> History | None:
    """The change between two versions that were public; None where one of them never was."""
    rows = list(living.item.versions.filter(state__in=WAS_PUBLIC, language=living.language).order_by("-n"))
    there = {row.n: row for row in rows}
    after = there.get(new if new is not None else rows[0].n)
    before = there.get(old if old is not None else max((n for n in there if after and n < after.n), default=0))
    if after is None or (old is not None and before is None):
        return None
    saves = [
        Save(
            key=str(row.n),
            label=_("version %(n)s") % {"n": row.n},
            at=row.published_at,
            who="",
            kind=significance(row.significance) if row.n > 1 else "",
            note=row.change_note if row.n > 1 else "",
            is_old=row == before,
            is_new=row == after,
        )
        for row in rows
    ]
    chosen = {one.key: one for one in saves}
    old_text, new_text = (writing.saved_content(row) for row in (before, after))
    return History(
        saves,
        chosen.get(str(before.n)) if before else None,
        chosen[str(after.n)],
        changes(old_text, new_text, OF_EVERYBODY),
    )
