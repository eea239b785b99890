"""A question in public while it is worked on: its agreed words, and nothing else of it."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE

from questions import findable, permissions, personal
from questions.models import conditions as when
from questions.moves import move
from questions.states import State


class Shown(models.Model):
    """Part of `Question`. Shown is what the asker agreed to and the desk has looked at once more."""

    keep_private = models.BooleanField(default=False)
    shown_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @move(
        "state",
        _("Show the question while we work on it"),
        State.ASSIGNED,
        State.ASSIGNED,
        permissions.holds_or_coordinates,
        when.may_be_shown,
        when.not_shown,
    )
    def show(self, *, by: Any, nobody_recognisable: bool) -> None:
        """Everybody may read the agreed question, and say that they want to know it too."""
        question: Any = self
        personal.refuse({"articulated": question.articulated}, ["articulated"])
        self.shown_at = timezone.now()
        findable.put_working(question)

    @move(
        "state",
        _("Show the question no longer"),
        [State.TRIAGED, State.ASSIGNED],
        RETURN_VALUE(State.TRIAGED, State.ASSIGNED),
        permissions.holds_or_coordinates,
        when.shown,
    )
    def hide(self, *, by: Any, why: str = "") -> str:
        question: Any = self
        self.unshow()
        return str(question.state)

    def unshow(self) -> None:
        question: Any = self
        self.shown_at = None
        findable.drop_working(question)
