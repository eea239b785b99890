"""The other ways out: referred, merged, declined, withdrawn, set aside as spam; and back in."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE

from brokers.models import Desk
from questions import findable, permissions
from questions.models import conditions as when
from questions.models.asker import Participation
from questions.models.item import Item
from questions.moves import move
from questions.refusals import NotNow
from questions.states import EXITS, OPEN, State, Verdict


class Ended(models.Model):
    """Part of `Question`. Each has its reason and can be taken back."""

    declined_because = models.TextField(blank=True)
    alternative = models.TextField(blank=True)
    handed_to = models.ForeignKey(
        Desk,
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,
        blank=True,
        related_name="+",
        help_text=_("The desk outside this system that the asker was sent on to."),
    )

    class Meta:
        abstract = True

    @move("state", _("Refer"), OPEN, State.REFERRED, permissions.holds_or_coordinates, when.confirmed)
    def refer(self: Any, *, by: Any, target: Any, note: str) -> None:
        kind = "item" if isinstance(target, Item) else "source"
        self.referrals.create(note=note, by=by, **{kind: target})
        self._close()

    @move(
        "state",
        _("Say if it helped"),
        State.REFERRED,
        RETURN_VALUE(State.REFERRED, State.SUBMITTED),
        permissions.is_asker,
    )
    @move("state", _("Say if it helped"), State.ANSWERED, State.ANSWERED, permissions.asks)
    @move("state", _("Say if it helped"), State.PUBLISHED, State.PUBLISHED, permissions.asks)
    def respond(self: Any, *, by: Any, verdict: str, why: str = "") -> str:
        """Who asked says whether what they got answers the question; of a referral `partly` and `no` reopen it."""
        if self.state != State.REFERRED:
            by.judge(verdict, why)
            return str(self.state)
        self.referrals.latest("at").judge(verdict)
        if verdict == Verdict.ANSWERED:
            return State.REFERRED
        findable.put_question(self)
        return State.SUBMITTED

    @move("state", _("Merge"), OPEN, State.MERGED, permissions.holds_or_coordinates, when.confirmed)
    def merge(self: Any, *, by: Any, into: Any, why: str) -> None:
        """A link, not a move: everybody who asked this is kept informed of the other one."""
        if into.pk == self.pk or into.state in EXITS:
            raise NotNow(_("A question cannot be merged into itself or into one that ended without an answer."))
        # Without this lock two questions could be merged into each other at the same moment.
        self._take(pk=into.pk, state=into.state)
        self.merged_into = into
        Participation.carry_over(self, into)
        self._close()

    @move("state", _("Undo the merge"), State.MERGED, State.SUBMITTED, permissions.coordinates)
    def unmerge(self: Any, *, by: Any, why: str) -> None:
        # Where they were carried to, and on to: somebody there may be at work with a part that goes now.
        other = self.merged_into_id
        while other is not None:
            other = self._take(pk=other).merged_into_id
        Participation.take_back(self)
        self.merged_into = None
        findable.put_question(self)

    @move("state", _("Decline"), OPEN, State.DECLINED, permissions.coordinates, when.confirmed)
    def decline(self: Any, *, by: Any, why: str, alternative: str) -> None:
        self.declined_because, self.alternative, self.handed_to = why, alternative, None
        self._close()

    @move(
        "state",
        _("Hand over to another desk"),
        OPEN,
        RETURN_VALUE(State.SUBMITTED, State.DECLINED),
        permissions.coordinates,
        when.confirmed,
        when.other_desk,
    )
    def hand_over(self: Any, *, by: Any, desk: Any, why: str) -> str:
        """To a desk here: the whole case, to be triaged there. To one outside: the asker hears where to ask."""
        if desk == self.desk:
            raise NotNow(_("The question is at this desk already."))
        if desk.is_external:
            self.declined_because, self.alternative = why, f"{desk.name}: {desk.external_url}"
            self.handed_to = desk
            self._close()
            return State.DECLINED
        self.desk = desk
        self._let_go()
        self.wait_no_longer()  # what was asked here is not what they will ask
        self.unshow()  # who agreed to be shown, agreed to it with the other desk
        findable.put_question(self)
        return State.SUBMITTED

    @move(
        "state",
        _("Withdraw"),
        [State.SUBMITTED, State.TRIAGED, State.ASSIGNED, State.REFERRED],
        State.WITHDRAWN,
        permissions.is_asker,
    )
    def withdraw(self: Any, *, by: Any, why: str = "") -> None:
        self._close()

    @move(
        "state",
        _("Reopen"),
        [State.REFERRED, State.DECLINED, State.WITHDRAWN],
        State.SUBMITTED,
        permissions.coordinates,
        when.confirmed,
    )
    def reopen(self: Any, *, by: Any, why: str) -> None:
        self.handed_to = None
        self.forget_closing()
        self.wait_no_longer()
        findable.put_question(self)

    @move(
        "state",
        _("Set aside as spam"),
        OPEN,
        State.SPAM,
        permissions.coordinates,
        when.confirmed,
        when.no_answer_begun,
        when.nobody_else_asks,
    )
    def set_aside(self: Any, *, by: Any, why: str = "") -> None:
        """No question at all: an advertisement or abuse. Nobody outside is told, and after a while its words go."""
        self._close()

    @move(
        "state",
        _("This is a real question after all"),
        State.SPAM,
        State.SUBMITTED,
        permissions.coordinates,
        when.words_kept,
    )
    def not_spam(self: Any, *, by: Any, why: str = "") -> None:
        """Back to where triage begins, and so without a track: it has the days that triage may take."""
        self.track = ""
        findable.put_question(self)

    def _take(self: Any, **which: Any) -> Any:
        """Another question, ours as well until the transaction ends. It never waits, so nobody waits in a circle."""
        free = type(self).objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        row = free.filter(**which).first()
        if row is None:
            raise NotNow(_("Somebody is changing that question at this moment; try again."))
        return row

    def _close(self: Any) -> None:
        self._let_go()
        self.wait_no_longer()
        self.unshow()
        findable.drop_question(self)
