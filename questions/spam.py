"""What was set aside as spam is forgotten after a while: its words, and who sent it."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from questions import privacy
from questions.models import Event, Participation, Question
from questions.models.conditions import GONE
from questions.states import State


def stale() -> Any:
    """The cases that were set aside SPAM_KEPT_DAYS ago or longer and of which something is still kept."""
    old = timezone.now() - timedelta(days=settings.SPAM_KEPT_DAYS)
    lately = Event.objects.filter(question=OuterRef("pk"), name="set_aside", at__gt=old)
    known = Participation.objects.filter(question=OuterRef("pk")).exclude(asker=None)
    rows = Question.objects.filter(state=State.SPAM).exclude(Exists(lately))
    return rows.filter(~Q(text=GONE) | Exists(known))


def forget() -> int:
    """Remove their words and who sent them; safe twice and in parallel. Returns how many cases."""
    return sum(forget_one(pk) for pk in list(stale().order_by("pk").values_list("pk", flat=True)))


def forget_one(pk: Any) -> bool:
    """Whether it was still to be forgotten when the row was ours: somebody may have taken it back meanwhile."""
    with transaction.atomic():
        list(Question.objects.select_for_update(no_key=True, of=("self",)).filter(pk=pk))
        question = stale().filter(pk=pk).first()
        if question is not None:
            privacy.forget_case(question)
        return question is not None


@shared_task(name="questions.spam.tidy")
def tidy() -> None:
    forget()
