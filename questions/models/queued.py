"""How the desk's queue is read: an index for each order it is shown in, so that a page reads a page."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from questions.states import OPEN, VersionState

NEVER = date(9999, 12, 31)  # in the order of due dates: cases without one stand last
DUE_BY = Coalesce("due_on", Value(NEVER), output_field=models.DateField())

INDEXES = [
    models.Index(fields=["confirmed_at", "id"], name="queue_all"),
    models.Index(fields=["confirmed_at", "id"], condition=Q(state__in=OPEN), name="queue_open"),
    models.Index(fields=["state", "confirmed_at", "id"], name="queue_state"),
    models.Index(fields=["assignee", "confirmed_at", "id"], name="queue_broker"),
    models.Index(DUE_BY, "id", name="queue_due"),
    models.Index(DUE_BY, "id", condition=Q(state__in=OPEN), name="queue_open_due"),
    models.Index(
        fields=["answer_now", "confirmed_at", "id"],
        include=["item", "state"],
        condition=~Q(answer_now=""),
        name="queue_answers",
    ),
]


class Queued(models.Model):
    """Part of `Question`. What a list asks of the answer stands on the case: the door writes it with every move of one."""

    STANDS = (VersionState.IN_REVIEW, VersionState.APPROVED)

    # Empty while nobody has to judge the answer or send it on.
    answer_now = models.CharField(
        max_length=10, choices=[(one.value, one.label) for one in STANDS], blank=True, editable=False
    )

    class Meta:
        abstract = True

    @classmethod
    def stand(cls, item: Any) -> None:
        """Write down where the answer `item` stands, on each case that it answers."""
        states = set(item.versions.filter(state__in=cls.STANDS).values_list("state", flat=True))
        now = next((one for one in cls.STANDS if one in states), "")
        rows: Any = cls._default_manager
        rows.filter(item=item).exclude(answer_now=now).update(answer_now=now)
