"""Changing the text of an answer: optimistic, void of approval when changed, and nothing ever lost."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from questions import copies, inputs, lease, limits, merging, workflow
from questions.models import Citation, Consultation, Event, Item, KeptDraft, PrivateDraft, Question, Revision, Version
from questions.models import conditions as when
from questions.models.asker import DECIDING
from questions.models.revision import WRITTEN, content_of
from questions.permissions import writes_for
from questions.refusals import NotNow, NotYou, Stale, demand
from questions.states import WORKED_ON, State, VersionState
from questions.texts import ROWS as ROWS
from questions.texts import CitationLine as CitationLine
from questions.texts import Cleaned, check
from questions.texts import Expert as Expert
from questions.texts import Texts as Texts
from questions.workflow import ANY

NEW = '"new"'
# Of what both sides changed one has to be chosen; two texts can stand beside each other.
CHOICES = ("strength", "direction", "gap_kind", "look_again_on", "significance")
# What may be taken out of an answer for good.
MAY_BE_FORGOTTEN = ("asked_as", "consulted")
BASE = KeptDraft._meta.get_field("base").max_length


def current(question: Question) -> Version | None:
    """The version being written, else the one that is shown."""
    if question.item is None:
        return None
    return question.item.working(question.language) or question.item.shown()


def etag(version: Version | None) -> str:
    return NEW if version is None else version.etag


def write(
    question: Question, data: Mapping[str, Any], *, by: Any, expected: str, sitting: uuid.UUID | None = None
) -> Version:
    """Replace the draft's texts and citations with `data`, read at the state `expected` (an ETag).

    Raises NotYou, NotNow, ValidationError, or Stale after keeping what was typed. What somebody typed who
    has just lost the case is kept as well. With the save, the private draft of this `sitting` is done with.
    """
    try:
        allow(question, by)
        cleaned = check(data)
        with transaction.atomic():
            draft_of(workflow.lock(question), by)  # there is a row to keep a stale text with
        with transaction.atomic():
            version = replace(question, cleaned, by=by, expected=expected)
            if sitting is not None:
                PrivateDraft.objects.filter(question=question, user=by, sitting=sitting).delete()
            return version
    except Stale as stale:
        merged = reconcile(stale.current, data, expected)
        raise Stale(keep(stale.current, data, by, expected), stale.current, merged) from None
    except NotYou:
        if not is_right(data) or (lost := lost_by(question, by)) is None:
            raise
        keep(lost, data, by, expected)
        raise NotYou(_("You do not hold this case any more. Your text is kept: you find it in the case.")) from None


def is_right(data: Mapping[str, Any]) -> bool:
    """Whether this could have been saved; what could not stays with who typed it, in their page."""
    try:
        check(data)
    except ValidationError:
        return False
    return True


def keep(version: Version, data: Mapping[str, Any], by: Any, expected: str) -> KeptDraft:
    """What `by` typed, apart from the text; whatever a program sent as the ETag."""
    with transaction.atomic():
        version = workflow.lock(version)  # somebody may be forgotten at this moment, and their words would stay here
        content = still_allowed(version, data, expected)
        if not any(map(knows_asker, version.item.questions.all())):
            content.pop("asked_as", None)
        last = version.kept_drafts.filter(user=by).first()
        if last is not None and last.content == content:  # a second click
            return last
        return KeptDraft.objects.create(version=version, user=by, base=printable(expected), content=content)


def knows_asker(question: Question) -> bool:
    """Whether somebody is there whose own words may stand beside the answer: they go with who asked."""
    return bool(question.participations.filter(kind__in=DECIDING).exclude(asker=None).exists())


def lost_by(question: Question, by: Any) -> Version | None:
    """The version that `by` may have typed on when they lost the case; None when they never held it."""
    if not getattr(by, "is_active", False):  # nobody of the desk
        return None
    held = Event.objects.filter(question=question, data__held_by=by.pk)
    if not held.exists() or Question.objects.visible_to(by).filter(pk=question.pk).first() is None:
        return None
    with transaction.atomic():
        question = workflow.lock(question)
        if question.item is None and question.state in WORKED_ON:
            begin(question, question.assignee)
        return current(question)


def begin(question: Question, holder: Any) -> None:
    """The answer of a case, without a text yet."""
    assert question.number is not None
    question.item = Item.objects.create(number=question.number, title=question.title[: limits.TITLE], holder=holder)
    question.save(update_fields=["item"])
    question.item.versions.create(language=question.language)


def printable(tag: str) -> str:
    """An ETag as it can be stored, whatever a program sent."""
    return "".join(sign for sign in tag if sign.isprintable())[:BASE]


def reconcile(version: Version, data: Mapping[str, Any], expected: str) -> merging.Merged:
    """What stands in `version` and `data`, which was typed on top of the text `expected`, as one text."""
    base = base_of(version, expected)
    return merging.merge(
        base.content if base else {},
        data,
        content_of(version),
        texts=[name for name in WRITTEN if name not in CHOICES],
        choices=CHOICES,
        forgotten=MAY_BE_FORGOTTEN if copies.forgotten_since(version, base) else (),
    )


def base_of(version: Version, tag: str) -> Revision | None:
    """The text that somebody had read under the ETag `tag`, in this answer; None when it tells nothing."""
    pk, _dash, n = tag.strip('"').rpartition("-")
    if not (n.isascii() and n.isdecimal() and len(n) < 10 and (read := inputs.as_uuid(pk))):
        return None
    rows = Revision.objects.filter(version=read, version__item=version.item_id, n__lte=int(n))
    found: Revision | None = rows.order_by("-n").first()
    return found


def saved_content(version: Version | None) -> dict[str, Any]:
    """The saved text as `Revision.content` holds it; empty while nothing is written."""
    return content_of(version) if version else {}


def same(one: Any, other: Any) -> bool:
    """Whether two values of a field say the same, however they were sent."""
    return bool((merging.plain(one) or "") == (merging.plain(other) or ""))


def still_allowed(version: Version | None, data: Mapping[str, Any], tag: str) -> dict[str, Any]:
    """`data`, typed on top of the text `tag`, without what was taken out meanwhile and may not come back."""
    allowed = dict(data)
    if version is None or not copies.forgotten_since(version, base_of(version, tag)):
        return allowed
    names = set(version.consulted.values_list("name", flat=True))
    if "consulted" in allowed:
        allowed["consulted"] = [row for row in data["consulted"] or [] if row.get("name") in names]
    if data.get("asked_as") != version.asked_as:
        allowed.pop("asked_as", None)
    return allowed


def may_write(question: Question, by: Any) -> bool:
    """Whoever holds the answer; the broker who holds the case while there is none."""
    return writes_for(question, by)


def allow(question: Question, by: Any) -> None:
    if not may_write(question, by):
        raise NotYou(_("This is for the broker who holds the case."))


def refuse_unless_open(question: Question, by: Any) -> None:
    """Raises NotYou or NotNow unless `by` may write in this answer as the case stands now.

    Asked where the editor opens and again, of the locked case, where it saves: nobody writes on in what
    could not be saved.
    """
    allow(question, by)
    demand(when.research_open, question)
    is_begun = question.item is not None and question.item.working(question.language) is not None
    if question.state == State.ASSIGNED or (question.state == State.PUBLISHED and is_begun):
        return
    raise NotNow(
        _("The answer is not open for writing while the state is: %(state)s.") % {"state": question.get_state_display()}
    )


def is_open(question: Question, by: Any) -> bool:
    """Whether `by` may write now, for who shows an editor."""
    try:
        refuse_unless_open(question, by)
    except (NotYou, NotNow):
        return False
    return True


def replace(question: Question, cleaned: Cleaned, *, by: Any, expected: str) -> Version:
    question = workflow.lock(question)
    version = draft_of(question, by)
    fresh = version.revision == 0 and version.n == 1
    if expected not in ({NEW, version.etag, ANY} if fresh else {version.etag, ANY}):
        raise Stale(None, version)
    if version.state != VersionState.DRAFT:
        version = workflow.perform(version, "void", by=by)
    for name, value in cleaned.texts.items():
        setattr(version, name, value)
    if not knows_asker(question):
        version.asked_as = ""
    version.revision += 1
    version.save()
    version.authors.add(by)
    version.citations.all().delete()
    Citation.objects.bulk_create(Citation(version=version, n=n, **one) for n, one in enumerate(cleaned.citations, 1))
    version.consulted.all().delete()
    Consultation.objects.bulk_create(
        Consultation(version=version, n=n, **one) for n, one in enumerate(cleaned.consulted, 1)
    )
    Revision.keep(version, by)
    lease.renew(question, by)
    Event.record(
        "write",
        by=by,
        question=question,
        version=version,
        source=version.state,
        target=version.state,
        data={"revision": version.revision},
    )
    return version


def draft_of(question: Question, by: Any) -> Version:
    """The version to write in; made on first use while the case is being worked.

    The question is locked: only now is it sure that nobody else was given the case.
    """
    refuse_unless_open(question, by)
    if question.item is None:
        begin(question, by)
    item = question.item
    assert item is not None
    version = item.working(question.language) or item.versions.create(language=question.language)
    locked: Version = workflow.lock(version)
    return locked
