"""An answer in review: paragraph by paragraph with its remarks, the verdicts, and what is still open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from frontend import forms, prose
from frontend.pages.answers import Reference, text_of
from frontend.pages.differences import Piece, between
from frontend.pages.searched import Searched
from frontend.pages.steps import own
from frontend.refused import Refused
from questions import inviting, paragraphs, personal, reviewing, writing
from questions.models import Invitation, Question, Remark, Review, Version
from questions.paragraphs import Paragraph
from questions.permissions import may_invite, may_review
from questions.reviewing import Step
from questions.states import EXITS, WRITABLE, ReviewKind, VersionState

LABELS = {
    "title": gettext_lazy("The question"),
    "short_answer": gettext_lazy("The short answer"),
    "strength": gettext_lazy("How sure it is"),
    "sure": gettext_lazy("How sure it is"),
    "asked_as": gettext_lazy("Asked as"),
    "explanation": gettext_lazy("Explanation"),
    "conclusion": gettext_lazy("Conclusion"),
    "gap_kind": gettext_lazy("Kind of gap"),
    "gap": gettext_lazy("What is not known"),
    "citations": gettext_lazy("What we take from the sources"),
    "team_questions": gettext_lazy("Team sheet: questions"),
    "team_try": gettext_lazy("Team sheet: what to try"),
    "team_watch": gettext_lazy("Team sheet: what to watch"),
    "consulted": gettext_lazy("Experts whom we consulted"),
    "look_again_on": gettext_lazy("We look at it again"),
    "significance": gettext_lazy("What kind of change is this?"),
    "change_note": gettext_lazy("What changed, for readers"),
}


@dataclass(frozen=True)
class Said:
    """A remark as it is read: what was said, and what the author did with it."""

    pk: int
    who: str
    at: datetime
    body: str
    quoted: str  # only when the text is not what it was
    anchor: str
    outcome: str
    answer: str
    settle: Any
    is_mine: bool  # and can still be taken back


@dataclass(frozen=True)
class Block:
    """A paragraph with what was said of it, and the form to say more."""

    anchor: str
    html: SafeString
    begins: str
    said: list[Said]
    form: Any
    is_open: bool  # something was typed in it that was refused


@dataclass(frozen=True)
class Part:
    label: str
    blocks: list[Block]
    loose: list[Said]  # whose paragraph is not there any more


@dataclass(frozen=True)
class Reading:
    """The text of an answer to be judged."""

    language: str
    parts: list[Part]
    references: list[Reference]
    searched: Searched | None
    waiting: list[Said]
    hints: list[str]  # what in it may tell who somebody is
    is_whole: bool


@dataclass(frozen=True)
class Reviewed:
    who: str
    kind: str
    at: datetime
    verdict: str
    remarks: str
    ticked: list[str]
    unticked: list[str]
    stands: bool


@dataclass(frozen=True)
class Changed:
    label: str
    pieces: list[Piece]
    before: str
    now: str


@dataclass(frozen=True)
class Invited:
    pk: Any
    who: str
    email: str
    kind: str
    until: date
    said: str
    is_live: bool
    is_known: bool


@dataclass(frozen=True)
class Reviewing:
    reading: Reading | None
    reviews: list[Reviewed]
    changes: list[Changed]
    steps: list[Step]
    invited: list[Invited]
    invite: Any
    may_invite: bool
    judges: list[str]  # the kinds of review that this person can still give

    @property
    def is_shown(self) -> bool:
        return bool(self.steps or self.reviews or self.reading or self.invited)

    @property
    def left(self) -> int:
        """How many things are still to be done."""
        return sum(not one.is_met for one in self.steps)

    @property
    def forms(self) -> set[str]:
        """The names of the forms on the page in which what was typed stands again."""
        parts = self.reading.parts if self.reading else []
        names = {f"remark-{one.anchor[3:]}" for part in parts for one in part.blocks if one.form is not None}
        said = [one for part in parts for one in [*part.loose, *(row for block in part.blocks for row in block.said)]]
        names |= {f"settle-remark-{one.pk}" for one in said if one.settle is not None}
        return names | ({"invite"} if self.invite is not None else set())


# --- On the page of a case ------------------------------------------------------------------------


def reviewing_of(question: Question, version: Version | None, user: Any, no: Refused | None) -> Reviewing:
    working = version if version is not None and version.state in WRITABLE else None
    is_on_the_way = question.state not in EXITS and (working is not None or version is None)
    steps = reviewing.readiness(question, working) if is_on_the_way else []
    if version is None:
        return Reviewing(None, [], [], steps, [], None, False, [])
    judges = working is not None and working.state == VersionState.IN_REVIEW and may_review(working, user)
    invites = working is not None and may_invite(working, user)
    return Reviewing(
        reading=reading_of(working, user, no, writing.may_write(question, user)) if working else None,
        reviews=reviews(version),
        changes=changes(working, user) if working and judges else [],
        steps=steps,
        invited=[invited(row) for row in version.invitations.prefetch_related("reviews")],
        invite=own("invite", inviting.Invite, no) if invites and version.state == VersionState.IN_REVIEW else None,
        may_invite=invites,
        judges=[str(ReviewKind(kind).label) for kind in version.open_kinds()] if judges else [],
    )


def reading_of(version: Version, user: Any, no: Refused | None, writes: bool) -> Reading | None:
    """The whole text for who reads it; for who writes it only the paragraphs with a remark."""
    remarks = list(version.remarks.select_related("reviewer", "invitation"))
    in_review = version.state == VersionState.IN_REVIEW
    if not remarks and (writes or not in_review):
        return None
    speaks = in_review and may_review(version, user)
    return read(version, remarks, user, no, speaks=speaks, settles=writes, whole=in_review and not writes)


def read(
    version: Version,
    remarks: Sequence[Remark],
    by: Any,
    no: Refused | None,
    *,
    speaks: bool,
    settles: bool,
    whole: bool,
) -> Reading:
    rows = paragraphs.paragraphs(version)
    placed = reviewing.placed(remarks, rows)
    text = text_of(version)
    numbers = {one.url.rpartition("/")[2]: one.n for one in text.references}
    said = {row.pk: one_remark(row, placed[row.pk], by, no, settles) for row in remarks}
    at: dict[tuple[str, int], list[Said]] = {}
    for row in remarks:
        here = placed[row.pk].paragraph
        at.setdefault((row.field, here.n if here else -1), []).append(said[row.pk])
    seen: dict[int, int] = {}
    parts = []
    for name in paragraphs.FIELDS:
        blocks = [
            block(one, at.get((name, one.n), []), version, no if speaks else None, speaks, numbers, seen)
            for one in rows
            if one.field == name and (whole or (name, one.n) in at)
        ]
        loose = at.get((name, -1), [])
        if blocks or loose:
            parts.append(Part(str(LABELS[name]), blocks, loose))
    waiting = [one for one in said.values() if not one.outcome]
    references, searched = (text.references, text.searched) if whole else ([], None)
    hints = personal.hints(one.text for one in rows if one.field in writing.Texts.base_fields) if whole else []
    return Reading(version.language, parts, references, searched, waiting, hints, whole)


def block(
    one: Paragraph,
    said: list[Said],
    version: Version,
    no: Refused | None,
    speaks: bool,
    numbers: dict[str, int],
    seen: dict[int, int],
) -> Block:
    name = f"remark-{one.field}-{one.n}"
    form = None
    if speaks:
        fresh = {"field": one.field, "n": one.n, "etag": version.etag}
        mine = no if no and no.action == name else None
        typed = {**mine.typed, **{key: str(value) for key, value in fresh.items()}} if mine else None
        form = forms.shown(reviewing.Say, name, typed=typed, errors=mine.errors if mine else None, initial=fresh)
    is_plain = one.field in paragraphs.PLAIN
    html = mark_safe(f"<p>{escape(one.text)}</p>") if is_plain else prose.html(one.text, numbers, seen)
    begins = " ".join(one.text.split()[:6])
    return Block(anchor(one.field, one.n), html, begins, said, form, bool(no and no.action == name))


def anchor(name: str, n: int) -> str:
    return f"at-{name}-{n}"


def one_remark(row: Remark, place: paragraphs.Place, by: Any, no: Refused | None, settles: bool) -> Said:
    here = place.paragraph
    waits = not row.outcome
    return Said(
        pk=row.pk,
        who=row.who,
        at=row.at,
        body=row.body,
        quoted=row.quoted if place.changed else "",
        anchor=anchor(row.field, here.n) if here else f"remark-{row.pk}",
        outcome=str(Remark.Outcome(row.outcome).label) if row.outcome else "",
        answer=row.answer,
        settle=own(f"settle-remark-{row.pk}", reviewing.SettleRemark, no) if settles and waits else None,
        is_mine=waits and row.is_of(by),
    )


def reviews(version: Version) -> list[Reviewed]:
    return [reviewed(row, version) for row in version.reviews.select_related("reviewer", "invitation")]


def reviewed(row: Review, version: Version) -> Reviewed:
    return Reviewed(
        who=row.who,
        kind=row.get_kind_display(),
        at=row.at,
        verdict=row.get_verdict_display(),
        remarks=row.remarks,
        ticked=[one["words"] for one in row.checked if one["ticked"]],
        unticked=[one["words"] for one in row.checked if not one["ticked"]],
        stands=row.void_at is None and row.revision == version.revision,
    )


def changes(version: Version, by: Any) -> list[Changed]:
    """What is different from the text that this person judged last."""
    last = reviewing.last_of(version, by)
    found = reviewing.changes(last, version) if last else []
    return [Changed(str(LABELS[one.field]), between(one.before, one.now), one.before, one.now) for one in found]


def invited(row: Invitation) -> Invited:
    last = row.reviews.all()
    return Invited(
        pk=row.pk,
        who=str(row),
        email=row.email,
        kind=row.get_kind_display(),
        until=row.until,
        said=last[len(last) - 1].get_verdict_display() if last else "",
        is_live=row.is_live,
        is_known=bool(row.email or row.name),
    )
