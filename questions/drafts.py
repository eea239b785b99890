"""What somebody is writing, kept before it is saved: private, by itself, and apart for each sitting."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from evidence.models import Source
from questions import intake, ledger, merging, reading, workflow, writing
from questions.models import KeptDraft, PrivateDraft, Question
from questions.models.revision import WRITTEN
from questions.permissions import works_or_edits
from questions.refusals import NotNow, NotYou

LARGEST = 600_000  # characters of one draft, all its fields together: more than any answer may have
MOST = 10  # drafts of one person in one case, from different windows and days
MINUTE = 60
SAVES_A_MINUTE = 60
LOOKS_A_MINUTE = 120
OFFERED = 8  # sources while typing a key


def put_by(question: Question, data: Mapping[str, Any], *, by: Any, base: str, sitting: uuid.UUID) -> datetime | None:
    """Keep what `by` has typed in this sitting; when that was, or None when it says no more than what is saved.

    Who lost the case meanwhile keeps their words all the same. Raises NotYou, NotNow (too many drafts
    stand open), ValidationError (too large) or TooMany. It is no save: no version, no event.
    """
    if not works_or_edits(question, by):
        raise NotYou(_("This is for people of the desk."))
    intake.count_against("draft", str(by.pk), MINUTE, SAVES_A_MINUTE)
    content = {name: data[name] for name in (*WRITTEN, *writing.ROWS) if name in data}
    if len(json.dumps(content)) > LARGEST:
        raise ValidationError(_("This is too large to be kept by itself. Save it, or make it shorter."))
    with transaction.atomic():
        question = workflow.lock(question)
        if not writing.knows_asker(question):
            content.pop("asked_as", None)  # whose words these were was erased meanwhile
        mine = PrivateDraft.objects.filter(question=question, user=by)
        if says_nothing_new(question, content):
            mine.filter(sitting=sitting).delete()
            return None
        if mine.exclude(sitting=sitting).count() >= MOST:
            raise NotNow(_("Too many private drafts of yours wait in this case. Go on with one, or throw some away."))
        wanted = {
            "base": writing.printable(base),
            "content": writing.still_allowed(writing.current(question), content, base),
        }
        draft, _made = mine.update_or_create(
            sitting=sitting, defaults=wanted, create_defaults={**wanted, "question": question, "user": by}
        )
    at: datetime = draft.at
    return at


def says_nothing_new(question: Question, content: Mapping[str, Any]) -> bool:
    """Whether every word of it is saved already."""
    saved = writing.saved_content(writing.current(question))
    return all(writing.same(content.get(name), saved.get(name)) for name in (*WRITTEN, *writing.ROWS))


def mine(question: Question, by: Any) -> list[PrivateDraft]:
    """The private drafts of this person in this case, the newest first."""
    return list(PrivateDraft.objects.filter(question=question, user=by)[:MOST]) if by.pk else []


def find(question: Question, pk: uuid.UUID, by: Any) -> PrivateDraft:
    """One's own private draft; NotNow when it is gone, or is somebody else's."""
    found: PrivateDraft | None = PrivateDraft.objects.filter(question=question, user=by, pk=pk).first()
    if found is None:
        raise NotNow(_("This draft is no longer there."))
    return found


@dataclass(frozen=True)
class Resumed:
    """A draft to go on with; `merged` with what is saved now (whose ETag is `etag`) where that is another text."""

    content: dict[str, Any]
    base: str
    sitting: uuid.UUID
    merged: merging.Merged | None
    etag: str


def reopened(
    question: Question, pk: uuid.UUID, typed: Mapping[str, Any], *, by: Any, base: str, sitting: uuid.UUID
) -> Resumed:
    """One's own draft `pk`, after what stands in the editor now was kept in its place.

    Raises NotYou, NotNow (gone, or somebody else's) and what `keep` raises.
    """
    writing.allow(question, by)
    draft = find(question, pk, by)
    if draft.sitting != sitting:
        put_by(question, typed, by=by, base=base, sitting=sitting)
    version = writing.current(question)
    tag = writing.etag(version)
    is_old = version is not None and draft.base != tag
    made = writing.reconcile(version, draft.content, draft.base) if is_old and version else None
    return Resumed(draft.content, draft.base, draft.sitting, made, tag)


def throw_away(question: Question, pk: uuid.UUID, *, by: Any) -> None:
    """Remove one's own draft, private or kept apart; NotNow when it is gone or is somebody else's."""
    gone, _rows = PrivateDraft.objects.filter(question=question, user=by, pk=pk).delete()
    if not gone and question.item_id is not None:
        gone, _rows = KeptDraft.objects.filter(version__item=question.item_id, user=by, pk=pk).delete()
    if not gone:
        raise NotNow(_("This draft is no longer there."))


def look(question: Question, by: Any) -> None:
    """Whether `by` may have a text shown as readers will see it; NotYou or TooMany."""
    writing.allow(question, by)
    intake.count_against("look", str(by.pk), MINUTE, LOOKS_A_MINUTE)


def sources(question: Question, q: str, *, by: Any) -> list[tuple[Source, str]]:
    """Sources for somebody who types a key, a name or a title, each with why it stands there.

    Those the ledger keeps come first, then those the answer cites, then the library.
    """
    words = q[:100].replace("\x00", "").strip()
    seen = reading.sources(by)
    rows = seen.filter(Q(key__icontains=words) | Q(title__icontains=words) | Q(csl__author__icontains=words))
    made: dict[Any, tuple[Source, str]] = {}
    version = writing.current(question)
    kept = [one.source.pk for one in ledger.kept(question)]
    cited = list(version.citations.values_list("source_id", flat=True)) if version else []
    for among, why in ((kept, _("kept in the ledger")), (cited, _("cited here already")), (None, "")):
        found = rows if among is None else rows.filter(pk__in=among)
        for source in found.exclude(pk__in=list(made)).order_by("key")[: OFFERED - len(made)]:
            made[source.pk] = (source, why)
    return list(made.values())
