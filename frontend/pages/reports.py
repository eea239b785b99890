"""Corrections: which parts of an answer a reader can point at, and what the desk sees of what they said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from frontend import forms
from frontend.pages.answers import Text
from frontend.refused import Refused
from questions.models import Correction, Question
from questions.reporting import SOURCE, Mistake, Settle

Section = Correction.Section


@dataclass(frozen=True)
class Report:
    """A correction as the desk reads it; `form` settles it while it waits."""

    pk: int
    section: str
    what: str
    quoted: str
    n: int
    at: datetime
    settled_at: datetime | None
    settled_by: str
    settled_because: str
    form: Any


def sections(text: Text) -> list[tuple[str, str]]:
    """Value and label of each part that stands on the page."""
    shown = {
        Section.WHOLE: True,
        Section.ASKED: True,
        Section.SHORT: True,
        Section.SURE: text.sure is not None,
        Section.EXPLANATION: bool(text.explanation),
        Section.CONCLUSION: bool(text.conclusion),
        Section.GAP: bool(text.gap),
        Section.PEOPLE: True,
        Section.TEAM: text.team is not None,
    }
    parts = [(str(section.value), str(section.label)) for section, is_there in shown.items() if is_there]
    return parts + [(f"{SOURCE}{one.n}", label(f"{SOURCE}{one.n}")) for one in text.references]


def label(section: str) -> str:
    if section.startswith(SOURCE):
        return _("source %(n)s") % {"n": section.removeprefix(SOURCE)}
    return str(Section(section).label)


def form(text: Text, no: Refused | None, chosen: str) -> Any:
    """The form of a correction, with the part chosen that the reader came from."""
    choices = sections(text)
    mine = no if no and no.action == "correction" else None
    made = forms.shown(
        Mistake,
        "correction",
        typed=mine.typed if mine else None,
        errors=mine.errors if mine else None,
        initial={"section": chosen if chosen in dict(choices) else ""},
    )
    made.fields["section"].widget = forms.select(choices)
    return made


def of_case(question: Question, may_settle: bool, no: Refused | None) -> list[Report]:
    """Every correction of the answer, those that wait first, the newest of each first."""
    if question.item_id is None:
        return []
    rows = Correction.objects.filter(version__item=question.item_id).select_related("version", "settled_by")
    ordered = sorted(rows, key=lambda row: (row.settled_at is not None, -row.at.timestamp()))
    return [report(row, may_settle and row.settled_at is None, no) for row in ordered]


def report(row: Correction, can_settle: bool, no: Refused | None) -> Report:
    name = f"settle-{row.pk}"
    mine = no if no and no.action == name else None
    return Report(
        pk=row.pk,
        section=label(row.section),
        what=row.what,
        quoted=row.quoted,
        n=row.version.n,
        at=row.at,
        settled_at=row.settled_at,
        settled_by=str(row.settled_by or ""),
        settled_because=row.settled_because,
        form=forms.shown(Settle, name, typed=mine.typed if mine else None, errors=mine.errors if mine else None)
        if can_settle
        else None,
    )
