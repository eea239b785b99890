"""The answer on its way: to the asker first, then to everybody, and what may follow."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE

from questions import findable, permissions
from questions.models import conditions as when
from questions.models.item import Item
from questions.moves import move
from questions.states import State


class Delivered(models.Model):
    """Part of `Question`. Who asked reads first."""

    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, null=True, blank=True, related_name="questions", db_index=False
    )
    embargo_until = models.DateTimeField(null=True, blank=True)
    # When an editor wants it to become public by itself, and which editor.
    publish_at = models.DateTimeField(null=True, blank=True)
    publish_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )

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
        when.remarks_settled,
    )
    def answer(self: Any, *, by: Any, embargo_until: datetime | None = None) -> None:
        self.embargo_until = embargo_until
        self.wait_no_longer()
        self.participations.update(verdict="", verdict_at=None)  # what was said of an earlier answer

    @property
    def is_due(self) -> bool:
        """Whether the moment has come that an editor chose to make it public."""
        return self.publish_at is not None and self.publish_at <= timezone.now()

    def unplan(self) -> None:
        self.publish_at = self.publish_by = None

    @move("state", _("Take up again"), State.ANSWERED, State.ASSIGNED, permissions.holds_or_coordinates)
    def resume(self: Any, *, by: Any, why: str) -> None:
        """The answer did not do: back to work before anything is public."""
        self.unplan()

    @move(
        "state",
        _("Publish later"),
        [State.ANSWERED, State.PUBLISHED],
        RETURN_VALUE(State.ANSWERED, State.PUBLISHED),
        permissions.may_publish,
        when.answer_approved,
        when.remarks_settled,
    )
    def schedule(self: Any, *, by: Any, publish_at: datetime) -> str:
        """It becomes public by itself at that moment, if the rules still hold then."""
        if self.embargo_until and publish_at < self.embargo_until:
            moment = date_format(timezone.localtime(self.embargo_until), "j F Y H:i")
            words = gettext("The answer may not be public before %(moment)s.") % {"moment": moment}
            raise ValidationError({"publish_at": words})
        self.publish_at, self.publish_by = publish_at, by
        return str(self.state)

    @move(
        "state",
        _("Cancel the planned publication"),
        [State.ANSWERED, State.PUBLISHED],
        RETURN_VALUE(State.ANSWERED, State.PUBLISHED),
        permissions.unschedules,
        when.scheduled,
    )
    def unschedule(self: Any, *, by: Any, why: str = "") -> str:
        self.unplan()
        return str(self.state)

    @move(
        "state",
        _("Publish"),
        [State.ANSWERED, State.PUBLISHED],
        State.PUBLISHED,
        permissions.publishes,
        when.answer_approved,
        when.remarks_settled,
        when.embargo_passed,
    )
    def publish(self: Any, *, by: Any) -> None:
        assert self.item is not None
        self.unplan()
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
