"""Who works a case: claimed, assigned, handed on, released."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from brokers.models import Broker
from questions import permissions
from questions.moves import move
from questions.refusals import NotNow
from questions.states import State


class Held(models.Model):
    """Part of `Question`. A case that is worked on has one broker."""

    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="cases"
    )

    class Meta:
        abstract = True

    @move("state", _("Claim"), State.TRIAGED, State.ASSIGNED, permissions.works)
    def claim(self: Any, *, by: Any) -> None:
        self._hand_to(by)
        self._wait_on()

    @move("state", _("Assign"), State.TRIAGED, State.ASSIGNED, permissions.coordinates)
    def assign(self: Any, *, by: Any, broker: Any) -> None:
        self._hand_to(broker)
        self._wait_on()

    @move("state", _("Transfer"), State.ASSIGNED, State.ASSIGNED, permissions.holds_or_coordinates)
    def transfer(self: Any, *, by: Any, broker: Any, why: str) -> None:
        if broker == self.assignee:
            raise NotNow(_("This broker already holds the case."))
        self._hand_to(broker)

    @move("state", _("Release"), State.ASSIGNED, State.TRIAGED, permissions.holds_or_coordinates)
    def release(self: Any, *, by: Any, why: str) -> None:
        self._let_go()

    def _hand_to(self: Any, user: Any) -> None:
        """Give the case to `user` when they work here, are present and have room for it."""
        broker = Broker.objects.select_for_update(no_key=True).filter(user=user).first()
        if broker is None or not permissions.works(self, user):
            raise NotNow(_("This person is not a broker."))
        if not broker.is_present:
            raise NotNow(_("This broker is absent."))
        if type(self).objects.open_cases_of(user).exclude(pk=self.pk).count() >= broker.capacity:
            raise NotNow(_("This broker has no room for another case."))
        self.assignee = user
        self._set_holder(user)

    def _wait_on(self: Any) -> None:
        """What the broker before asked still stands; the time to answer it begins anew."""
        if self.waits_for:
            self.wait(self.waits_for)

    def _let_go(self: Any) -> None:
        self.assignee = None
        self._set_holder(None)

    def _set_holder(self: Any, user: Any) -> None:
        if self.item is not None:
            self.item.holder = user
            self.item.save(update_fields=["holder"])
