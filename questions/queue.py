"""Which case next, and for whom."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from questions import workflow
from questions.models import Question
from questions.refusals import NotNow


def waiting() -> Any:
    """Cases that wait for a broker, the oldest first."""
    return Question.objects.unclaimed().order_by("confirmed_at", "pk")


def waiting_for(user: Any) -> Any:
    """Cases that wait and lie in a sector of this broker (all of them when none is named)."""
    sectors = user.broker.sectors if hasattr(user, "broker") else []
    return waiting().filter(sector__in=sectors) if sectors else waiting()


def claim_next(user: Any) -> Question:
    """Give `user` the oldest case that waits; no two brokers get the same one."""
    with transaction.atomic():
        case = waiting_for(user).select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
        if case is None:
            raise NotNow(_("No case is waiting."))
        claimed: Question = workflow.perform(case, "claim", by=user)
        return claimed
