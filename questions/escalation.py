"""Cases that are due or overdue: told to who holds them, then to the coordinators, and one mail a day at most."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from brokers import clock
from brokers.models import User
from questions import notices
from questions.models import Letter, Notice, Question
from questions.models.notice import Kind


def run() -> int:
    """Write the notices and the mails that are due; safe twice and in parallel. Returns how many mails."""
    escalate()
    return digests()


def escalate() -> int:
    """Tell who should know of cases that are nearly due or overdue. Returns how many notices are new."""
    today = timezone.localdate()
    near = Question.objects.due(clock.after(today, settings.NEARLY_DUE_DAYS))
    told = set(notices.of_due_cases().values_list("user_id", "question_id", "kind", "on"))
    rows = [row for question in near.iterator(1000) for row in rows_for(question, today)]
    return notices.write([row for row in rows if (row.user_id, row.question_id, row.kind, row.on) not in told])


def rows_for(question: Question, today: date) -> Iterator[Notice]:
    """What is to be told of one case today."""
    assert question.due_on is not None
    is_overdue = question.due_on < today
    kind = Kind.OVERDUE if is_overdue else Kind.DUE_SOON
    for user in to_be_told(question, today, is_overdue):
        yield Notice(user=user, question=question, kind=kind, on=question.due_on)


def to_be_told(question: Question, today: date, is_overdue: bool) -> list[Any]:
    """First who holds the case; the coordinators when it stays overdue, or when nobody holds it who is here."""
    holder = notices.present_holder(question)
    if not is_overdue:
        return [holder] if holder else []
    assert question.due_on is not None
    late = clock.working_days(question.due_on, today)
    over_them = holder is None or late > settings.ESCALATE_DAYS
    return [*([holder] if holder else []), *(notices.coordinators() if over_them else [])]


# --- By mail ------------------------------------------------------------------------------


def digests() -> int:
    """One mail to everybody with notices that are new to them, at most one a working day. Returns how many."""
    if not clock.is_working_day(timezone.localdate()):
        return 0
    waiting = notices.unmailed().order_by("user").values_list("user", flat=True).distinct()
    return sum(digest(pk) for pk in list(waiting))


def digest(user_id: int) -> bool:
    with transaction.atomic():
        # Two workers at once: the second waits here, and finds that the mail was written.
        user = User.objects.select_for_update(no_key=True).filter(pk=user_id, is_active=True).first()
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        if user is None or Letter.objects.filter(user=user, kind="notices", created_at__gte=today).exists():
            return False
        fresh = list(notices.unmailed().filter(user=user).values_list("pk", flat=True))
        if not fresh:
            return False
        Letter.objects.create(user=user, kind="notices")
        Notice.objects.filter(pk__in=fresh).update(mailed_at=timezone.now())
    return True
