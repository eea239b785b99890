"""Claims that run out: the holder is warned first, then the case goes back to the pool. The rows are the queue.

Nobody loses a case without a warning that had its days: who comes back, or whose asker answered
after the end had passed, is warned first and has these days.
"""

import logging
import time
from collections import Counter
from enum import StrEnum
from typing import Any

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone

from evidence.bells import ring
from questions import lease, notices, tasks, workflow
from questions.models import Question
from questions.models import conditions as when
from questions.models.notice import Kind
from questions.permissions import SYSTEM
from questions.states import State

logger = logging.getLogger(__name__)

RUN = 60.0  # seconds; what is left waits for the next time


class Outcome(StrEnum):
    WARNED = "warned"
    LAPSED = "lapsed"


def run() -> Counter[Outcome]:
    """Warn of the claims that end soon and take back those that ended; safe twice and in parallel."""
    done: Counter[Outcome] = Counter()
    end = time.monotonic() + RUN
    for pk in due().values_list("pk", flat=True):
        if time.monotonic() > end:
            break
        outcome = attempt(pk)
        done.update([outcome] if outcome else [])
    if done:
        ring(tasks.deliver)
    return done


def due() -> Any:
    """Claims that end within the days of a warning, or have ended, whatever is to be done with them."""
    rows = Question.objects.filter(state=State.ASSIGNED, held_until__lte=lease.warns_up_to())
    return rows.order_by("held_until", "pk")


def attempt(pk: Any) -> Outcome | None:
    try:
        return step(pk)
    except SoftTimeLimitExceeded:
        raise
    except Exception:  # one case that fails must not keep all others from their brokers
        logger.exception("the claim of case %s", pk)
        return None


def step(pk: Any) -> Outcome | None:
    """Do what is due for one claim, in one transaction; nothing when somebody has the case in hand."""
    with transaction.atomic():
        case = due().select_for_update(skip_locked=True, no_key=True, of=("self",)).filter(pk=pk).first()
        if case is None:
            return None
        if when.stands_still(case):
            stand_still(case)
            return None
        if case.held_warned != case.held_until:
            warn(case)
            return Outcome.WARNED
        if case.held_until < timezone.localdate():
            holder = case.assignee
            workflow.perform(case, "lapse", by=SYSTEM)
            if holder is not None and holder.is_active:
                notices.notify(holder, case, Kind.LAPSED, timezone.localdate())
            return Outcome.LAPSED
    return None


def stand_still(case: Question) -> None:
    """A warning that came before the pause is no warning after it; who is absent gets a whole lease on return."""
    until, broker = case.held_until, getattr(case.assignee, "broker", None)
    if until is not None and broker is not None and not broker.is_present:
        until = max(until, lease.ends_on(broker.absent_until))
    if until != case.held_until or case.held_warned is not None:
        note(case, held_until=until, held_warned=None)


def warn(case: Question) -> None:
    """Tell the holder, who has the days of the warning from now on, however late it comes."""
    until = max(case.held_until or lease.warns_up_to(), lease.warns_up_to())
    note(case, held_until=until, held_warned=until)
    if case.assignee is not None and case.assignee.is_active:
        notices.notify(case.assignee, case, Kind.LAPSES, until)


def note(case: Question, **dates: Any) -> None:
    Question.objects.filter(pk=case.pk).update(**dates)


@shared_task(name="questions.lapsing.lapse")
def lapse() -> None:
    run()
