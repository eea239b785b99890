"""Until when somebody holds a case: a claim is a lease, which work renews.

It ends on a working day, LEASE_DAYS after the last work of the holder. It stands still while it is
the asker's turn, while a reviewer has the answer and while the holder is absent: waiting for somebody
else is not idleness. `lapsing.py` warns and takes back.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from brokers import clock
from brokers.models import User
from questions.models import Question, Version
from questions.models import conditions as when
from questions.states import State

# Steps of others by which the holder has to go on.
GIVES_BACK = {"agree", "waive", "start_research", "go_on", "come_back", "request_changes", "approve", "void"}


@dataclass(frozen=True)
class Holding:
    """Who holds a case. `until` is the last day of the claim, `is_offered` says that others may take it over."""

    broker: User
    until: date | None
    is_offered: bool
    is_warned: bool


def held(question: Question) -> Holding | None:
    """Who holds the case and until when; None when nobody does. Reads `assignee` and its `broker` only."""
    if question.assignee is None or question.state != State.ASSIGNED:
        return None
    warned = question.held_until is not None and question.held_warned == question.held_until
    return Holding(question.assignee, question.held_until, when.offered(question), warned)


def pause(question: Question) -> str:
    """Why the claim stands still now, as a sentence; empty when it runs. Asks the database."""
    if question.state != State.ASSIGNED or not when.stands_still(question):
        return ""
    if when.waits_for_asker(question):
        return _("It is the asker's turn.")
    return _("A reviewer has the answer.") if when.in_review(question) else _("The broker is absent.")


def ends_on(day: date | None = None) -> date:
    """The last day of a claim that is made or renewed on `day`, else today."""
    return clock.after(day or timezone.localdate(), max(1, settings.LEASE_DAYS))


def warns_up_to() -> date:
    """Claims that end on this day or before have to be warned of now."""
    return clock.after(timezone.localdate(), warning_days())


def warning_days() -> int:
    """How many working days a warning comes before the end; never the whole lease."""
    return max(0, min(settings.LEASE_WARNING_DAYS, settings.LEASE_DAYS - 1))


def renew(question: Question, by: Any, *, gives_back: bool = False) -> None:
    """`by` worked on the case: if they hold it, the claim begins anew. Call it in the transaction of the work.

    `gives_back`: what somebody else did was what the holder had to wait for. Writes at most once a day, and no event.
    """
    if gives_back or (by.pk is not None and question.assignee_id == by.pk):
        _begin(question)


def _begin(question: Question) -> None:
    until = ends_on()
    if question.state == State.ASSIGNED and question.held_until != until:
        rows = Question.objects.filter(pk=question.pk, state=State.ASSIGNED, assignee=question.assignee_id)
        rows.update(held_until=until)
        question.held_until = until


def follow(row: Question | Version, name: str, by: Any, before: str, held_by: int | None) -> None:
    """What a step means for the claim. A question is about to be saved by the caller; nothing else is."""
    if isinstance(row, Version):
        for question in row.item.questions.filter(state=State.ASSIGNED):
            if name in GIVES_BACK or question.assignee_id == by.pk:
                _begin(question)
    elif row.state != State.ASSIGNED or row.assignee_id is None:
        row.held_until = row.held_warned = None
    elif before != State.ASSIGNED or held_by != row.assignee_id or name in GIVES_BACK or row.assignee_id == by.pk:
        row.held_until = ends_on()
