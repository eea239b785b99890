"""Whose turn it is, since when we wait for the asker, and by when the desk should be ready."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE

from questions import permissions
from questions.models import conditions as when
from questions.moves import move
from questions.states import OPEN, State, Turn, WaitsFor


class Timed(models.Model):
    """Part of `Question`. Turn and date are stored for lists: `timing.keep` writes both with every change."""

    turn_now = models.CharField(max_length=6, choices=Turn, default=Turn.ASKER, editable=False)
    due_on = models.DateField(null=True, blank=True, editable=False)
    waits_for = models.CharField(max_length=9, choices=WaitsFor, blank=True, editable=False)
    waiting_since = models.DateTimeField(null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def turn(self: Any) -> Turn:
        """Who has to do something now."""
        if self.state in OPEN and when.waits_for_asker(self):
            return Turn.ASKER
        return Turn.DESK if self.state in (*OPEN, State.ANSWERED) else Turn.NOBODY

    @move(
        "state",
        _("Wait for the asker no longer"),
        OPEN,
        RETURN_VALUE(*OPEN),
        permissions.holds_or_coordinates,
        when.asked,
    )
    def go_on(self: Any, *, by: Any, why: str) -> str:
        """The desk had asked something, and goes on without the answer."""
        self.wait_no_longer()
        return str(self.state)

    def wait(self, what: str) -> None:
        """From now on it is the asker who has to say something."""
        self.waits_for, self.waiting_since, self.reminded_at = what, timezone.now(), None

    def wait_no_longer(self) -> None:
        self.waits_for, self.waiting_since, self.reminded_at = "", None, None


CONSTRAINTS = [
    # A date holds only while the desk has to do something.
    models.CheckConstraint(condition=Q(due_on=None) | Q(turn_now=Turn.DESK), name="due_while_the_desk_s_turn"),
    models.CheckConstraint(
        condition=Q(waits_for="", waiting_since=None) | (~Q(waits_for="") & Q(waiting_since__isnull=False)),
        name="waits_for_something_since_some_time",
    ),
]
INDEXES = [
    models.Index(
        fields=["due_on", "id"], condition=Q(due_on__isnull=False, confirmed_at__isnull=False), name="questions_due"
    ),
    models.Index(
        fields=["waiting_since", "id"],
        condition=Q(turn_now=Turn.ASKER, confirmed_at__isnull=False),
        name="questions_waiting_for_asker",
    ),
]
