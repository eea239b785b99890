"""The answer on its way: to the asker first, then to everybody, and what may follow."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from questions import findable, permissions
from questions.models import conditions as when
from questions.models.item import Item
from questions.moves import move
from questions.states import State


class Delivered(models.Model):
    """Part of `Question`. Who asked reads first."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="questions")
    embargo_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @move(
        "state",
        _("Send the answer to the asker"),
        State.ASSIGNED,
        State.ANSWERED,
        permissions.holds,
        when.agreement_settled,
        when.answer_approved,
    )
    def answer(self: Any, *, by: Any, embargo_until: datetime | None = None) -> None:
        self.embargo_until = embargo_until
        self.wait_no_longer()
        self.participations.update(verdict="", verdict_at=None)  # what was said of an earlier answer

    @move("state", _("Take up again"), State.ANSWERED, State.ASSIGNED, permissions.holds_or_coordinates)
    def resume(self: Any, *, by: Any, why: str) -> None:
        """The answer did not do: back to work before anything is public."""

    @move(
        "state",
        _("Publish"),
        [State.ANSWERED, State.PUBLISHED],
        State.PUBLISHED,
        permissions.may_publish,
        when.answer_approved,
        when.embargo_passed,
    )
    def publish(self: Any, *, by: Any) -> None:
        assert self.item is not None
        self.item.entitle(self.title)
        self.item.replaced_by = None  # it is read in its own place again
        self.item.save(update_fields=["title", "slug", "replaced_by"])
        findable.drop_question(self)

    @move("state", _("Revise"), State.PUBLISHED, State.PUBLISHED, permissions.may_revise)
    def revise(self: Any, *, by: Any, why: str) -> None:
        """A new version is begun, or one under way taken over; the old one stays public meanwhile."""
        assert self.item is not None
        self._set_holder(by)
        if self.item.working(self.language) is None:
            self.item.versions.filter(language=self.language).latest("n").succeed()

    @move("state", _("Retract"), State.PUBLISHED, State.PUBLISHED, permissions.edits, when.living_answer)
    def retract(self: Any, *, by: Any, why: str, replaced_by: Item | None = None) -> None:
        """The answer no longer holds: its page stays, with a banner, or leads to the answer that replaces it."""
        if replaced_by is not None and self.item is not None:
            self.item.replace_by(replaced_by)
