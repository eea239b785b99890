"""Closed because the asker stayed silent; by one word of theirs it goes on where it was."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE

from questions import findable, permissions
from questions.models import conditions as when
from questions.moves import move
from questions.refusals import NotNow
from questions.states import OPEN, State


class Silent(models.Model):
    """Part of `Question`. `closed_from` is the state it had, while it is closed for silence."""

    closed_from = models.CharField(max_length=12, choices=State, blank=True, editable=False)
    closed_with = models.ForeignKey(
        "brokers.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
    )

    class Meta:
        abstract = True

    @move(
        "state",
        _("Close: the asker is silent"),
        OPEN,
        State.WITHDRAWN,
        permissions.closes,
        when.confirmed,
        when.asker_s_turn,
        when.reminded,
        when.nobody_else_waits,
    )
    def close_silent(self: Any, *, by: Any) -> None:
        """Close politely; what was waited for stays known, so that it can be taken up where it was."""
        self.closed_from, self.closed_with = self.state, self.assignee
        self._let_go()
        self.unshow()
        findable.drop_question(self)

    @move(
        "state",
        _("Go on with this question"),
        State.WITHDRAWN,
        RETURN_VALUE(State.SUBMITTED, State.TRIAGED, State.ASSIGNED),
        permissions.asker_or_coordinator,
        when.closed_silent,
    )
    def come_back(self: Any, *, by: Any, why: str = "") -> str:
        """Back to where it was, with the same broker while they are here and have room; else into the pool."""
        state, broker = self.closed_from, self.closed_with
        self.forget_closing()
        self.wait(self.waits_for)
        findable.put_question(self)
        if state == State.ASSIGNED and not self._handed_back(broker):
            state = State.TRIAGED
        return str(state)

    def forget_closing(self: Any) -> None:
        self.closed_from, self.closed_with = "", None

    def _handed_back(self: Any, broker: Any) -> bool:
        try:
            self._hand_to(broker)
        except NotNow:
            return False
        return True
