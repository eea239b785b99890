"""One answer for somebody from outside who was asked to review it, and nothing else of its case."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from frontend.pages.reviewing import Changed, Reading, Reviewed, Said, changes, one_remark, read, reviewed
from frontend.pages.steps import own
from frontend.refused import Refused
from questions import checklists, inviting, paragraphs
from questions.models import Invitation, Remark, Version
from questions.states import VersionState


@dataclass(frozen=True)
class Outside:
    """One answer for somebody who was invited, and nothing else of the case."""

    token: str
    number: int
    language: str
    title: str
    kind: str
    until: date
    inviter: str
    note: str
    says: str  # why there is nothing to judge now
    reading: Reading | None
    changes: list[Changed]
    verdict: Reviewed | None
    form: Any
    etag: str
    public: int | None
    said: list[Said] = field(default_factory=list)


def outside(row: Invitation, no: Refused | None = None) -> Outside:
    version = row.version
    is_open = inviting.is_open(row)
    is_shown = row.covers(version) and version.state in (VersionState.IN_REVIEW, VersionState.APPROVED)
    remarks = list(row.remarks.select_related("invitation"))
    verdict = inviting.verdict_on(row)
    return Outside(
        token=row.token,
        number=version.item.number,
        language=version.language,
        title=paragraphs.title(version),
        kind=row.get_kind_display(),
        until=row.until,
        inviter=row.invited_by.called if row.invited_by else _("The desk"),
        note=row.note,
        says=nothing_to_judge(row),
        reading=read(version, remarks, row, no, speaks=is_open, settles=False, whole=True) if is_shown else None,
        changes=changes(version, row) if is_open else [],
        verdict=reviewed(verdict, version) if verdict else None,
        form=verdict_form(row, no) if is_open else None,
        etag=version.etag,
        public=version.item.number if version.state == VersionState.PUBLISHED else None,
        said=[] if is_shown else said_before(version, remarks, row),
    )


def said_before(version: Version, remarks: Sequence[Remark], row: Invitation) -> list[Said]:
    """Their own remarks, with the words they were about, while the text is not shown."""
    gone = paragraphs.Place(None, changed=True)
    return [one_remark(one, gone, row, None, False) for one in remarks]


def nothing_to_judge(row: Invitation) -> str:
    version = row.version
    if version.state in (VersionState.PUBLISHED, VersionState.SUPERSEDED, VersionState.RETRACTED):
        return _("This answer has been published. Thank you for your help.")
    if not row.covers(version):
        return _("The text has changed since we asked you, so there is nothing for you to read now.")
    if version.state == VersionState.DRAFT:
        return _("The author is changing the text. You get an e-mail when it can be read again.")
    if version.state == VersionState.APPROVED and inviting.verdict_on(row) is None:
        return _("This answer was approved in the meantime. You need not do anything any more.")
    return ""


def verdict_form(row: Invitation, no: Refused | None) -> Any:
    form = own("judge", inviting.Judge, no)
    form.fields["checked"].choices = checklists.of(row.kind)
    return form
