"""Silent askers: one friendly reminder, then a polite close that one word undoes. Never in their school holidays."""

from datetime import date
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from brokers import clock
from evidence.bells import ring
from questions import mail, notices, recipients, tasks, timing, workflow
from questions.models import Event, Notice, Question
from questions.permissions import SYSTEM
from questions.refusals import NotNow
from questions.throughput import day_of


@shared_task(name="questions.silence.heed")
def heed() -> None:
    if remind() + close():
        ring(tasks.deliver)


def remind(limit: int = 500) -> int:
    """Remind whoever has been silent for REMIND_DAYS; safe twice and in parallel. Returns how many cases."""
    return sum(remind_one(pk) for pk in silent(reminded_at=None)[:limit])


def close(limit: int = 500) -> int:
    """Close what is still silent CLOSE_DAYS after the reminder; safe twice and in parallel. Returns how many."""
    return sum(close_one(pk) for pk in silent(reminded_at__isnull=False)[:limit])


def silent(**which: Any) -> list[Any]:
    """The cases, by their ids, that may be reminded or closed today; the longest silence first."""
    rows = waiting().filter(**which).order_by("waiting_since", "id").select_related("organisation")
    return [question.pk for question in rows.iterator(1000) if is_time(question)]


def waiting() -> Any:
    return Question.objects.waiting_for_asker().exclude(waits_for="")


def is_time(question: Question) -> bool:
    """Whether the next step towards this asker is due, and today is no day off for them."""
    today = timezone.localdate()
    due = timing.closes_on(question) or timing.reminds_on(question)
    return due is not None and due <= today and clock.is_working_day(today, timing.schools(question))


def take(pk: Any, **which: Any) -> Question | None:
    """The row, ours until the transaction ends, while it is still silent; None when another worker has it."""
    rows = waiting().filter(pk=pk, **which).select_for_update(no_key=True, skip_locked=True, of=("self",))
    question: Question | None = rows.first()
    return question if question is not None and is_time(question) else None


def remind_one(pk: Any) -> bool:
    with transaction.atomic():
        question = take(pk, reminded_at=None)
        if question is None:
            return False
        if not recipients.may_be_written_to(question):
            decide(question)
            return False
        question.reminded_at = timezone.now()
        question.save(update_fields=["reminded_at"])
        until = timing.closes_on(question)
        state = question.state
        event = Event.record(
            "remind", by=SYSTEM, question=question, source=state, target=state, turn=question.turn_now, data=told(until)
        )
        mail.tell(event)
        for user in notices.responsible(question):
            notices.notify(user, question, Notice.Kind.SILENT, until)
    return True


def told(until: date | None) -> dict[str, str]:
    return {"until": until.isoformat()} if until else {}


def close_one(pk: Any) -> bool:
    with transaction.atomic():
        question = take(pk, reminded_at__isnull=False)
        if question is None:
            return False
        if not recipients.may_be_written_to(question):
            decide(question)
            return False
        try:
            workflow.perform(question, "close_silent", by=SYSTEM)
        except NotNow:  # others wait for the same answer
            decide(question)
            return False
    return True


def decide(question: Question) -> None:
    """The desk cannot write to this asker, or may not close: somebody has to say how it goes on."""
    since = question.waiting_since
    for user in notices.responsible(question):
        notices.notify(user, question, Notice.Kind.DECIDE, day_of(since) if since else None)
