"""Who works a case and until when: claimed, assigned, handed on, released, lapsed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from brokers.models import Broker
from questions import permissions
from questions.models import conditions as when
from questions.moves import move
from questions.refusals import NotNow
from questions.states import State


class Held(models.Model):
    """Part of `Question`. A case that is worked on has one broker; `lease.py` says until when."""

    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="cases", db_index=False
    )
    # The last day that the claim holds, and of which last day the holder was warned.
    held_until = models.DateField(null=True, blank=True)
    held_warned = models.DateField(null=True, blank=True)

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

    @move("state", _("Take over"), State.ASSIGNED, State.ASSIGNED, permissions.may_take, when.offered)
    def take(self: Any, *, by: Any) -> None:
        """The cases of who is away are for whoever has room."""
        self._hand_to(by)

    @move("state", _("Transfer"), State.ASSIGNED, State.ASSIGNED, permissions.holds_or_coordinates)
    def transfer(self: Any, *, by: Any, broker: Any, why: str) -> None:
        if broker == self.assignee:
            raise NotNow(_("This broker already holds the case."))
        self._hand_to(broker)

    @move("state", _("Keep: I am still working on it"), State.ASSIGNED, State.ASSIGNED, permissions.holds)
    def keep(self: Any, *, by: Any, why: str) -> None:
        """Work that the desk cannot see, such as waiting for a book, renews the claim when somebody says so."""

    @move("state", _("Release"), State.ASSIGNED, State.TRIAGED, permissions.holds_or_coordinates)
    def release(self: Any, *, by: Any, why: str) -> None:
        self._let_go()

    @move("state", _("Lapse"), State.ASSIGNED, State.TRIAGED, permissions.by_itself, when.lease_over)
    def lapse(self: Any, *, by: Any) -> None:
        """Nobody worked on it for long: others may. What was written stays where it stands."""
        self._let_go()

    def _hand_to(self: Any, user: Any) -> None:
        """Give the case to `user` when they work here, are present and have room for it."""
        broker = Broker.objects.select_for_update(no_key=True).filter(user=user).first()
        if broker is None or not user.is_active or not permissions.works(self, user):
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


CONSTRAINTS = [
    models.CheckConstraint(
        condition=models.Q(held_until=None) | models.Q(state=State.ASSIGNED), name="only_who_is_assigned_holds_until"
    )
]
INDEXES = [models.Index(fields=["held_until"], condition=models.Q(held_until__isnull=False), name="claims_that_end")]
