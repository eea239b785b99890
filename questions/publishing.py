"""Making public at its hour what an editor planned. The rows are the queue; the bell may be rung twice."""

import logging
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from questions import mail, workflow
from questions.models import Event, Question
from questions.permissions import SYSTEM
from questions.refusals import NotNow, NotYou

logger = logging.getLogger(__name__)


@shared_task(name="questions.publishing.publish")
def publish() -> None:
    publish_due()


def publish_due() -> int:
    """Publish every case whose moment has come; safe twice and in parallel. Returns how many became public.

    The rules are asked again at that moment. Where they no longer hold nothing is published, the plan
    ends, and whoever made it is told what was missing.
    """
    due = Question.objects.filter(publish_at__lte=timezone.now()).order_by("publish_at", "pk")
    return sum(publish_one(pk) for pk in list(due.values_list("pk", flat=True)))


def publish_one(pk: Any) -> bool:
    try:
        with transaction.atomic():
            # Another worker that has the row publishes it; the next run would find it done.
            rows = Question.objects.filter(pk=pk, publish_at__lte=timezone.now())
            question = rows.select_for_update(no_key=True, skip_locked=True, of=("self",)).first()
            return question is not None and published(question)
    except Exception:  # one case that cannot be published keeps no other one waiting
        logger.exception("A planned publication went wrong")
        return False


def published(question: Question) -> bool:
    try:
        workflow.perform(question, "publish", by=SYSTEM)
    except (NotNow, NotYou) as no:
        give_up(question, str(no))
        return False
    return True


def give_up(question: Question, why: str) -> None:
    """It stays as it is, and the editor hears why; it is not tried again by itself."""
    planned_by = question.publish_by_id
    question.unplan()
    question.save(update_fields=["publish_at", "publish_by"])
    data = {"planned_by": planned_by} if planned_by else {}
    state = question.state
    event = Event.record("not_published", by=SYSTEM, question=question, source=state, target=state, why=why, data=data)
    mail.tell(event)
