"""What somebody is writing, kept before it is saved: private, by itself, and apart for each sitting."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from questions import intake, reading, workflow, writing
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


def keep(question: Question, data: Mapping[str, Any], *, by: Any, base: str, sitting: uuid.UUID) -> datetime | None:
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


def sources(question: Question, q: str, *, by: Any) -> list[tuple[Any, bool]]:
    """Sources for somebody who types a key, each with whether the answer cites it already; those first."""
    version = writing.current(question)
    rows = reading.sources(by, q=q[:100].replace("\x00", ""))
    cited = list(rows.filter(citations__version=version).distinct().order_by("key")[:OFFERED]) if version else []
    others = rows.exclude(pk__in=[one.pk for one in cited]).order_by("key")[: OFFERED - len(cited)]
    return [(one, True) for one in cited] + [(one, False) for one in others]
