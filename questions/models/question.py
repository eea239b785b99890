"""The case: what somebody wants to know, and what may happen to it."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, FSMField, FSMModelMixin

from brokers.models import Broker, Desk, Organisation
from brokers.sectors import Role, Sector
from evidence.models import Source, Theme
from questions import findable, limits, numbers, permissions
from questions.models import conditions as when
from questions.models.asker import Participation
from questions.models.event import Event
from questions.models.item import Item
from questions.models.shown import Shown
from questions.moves import move
from questions.querysets import QuestionQuerySet
from questions.refusals import NotNow
from questions.states import EXITS, OPEN, Agreement, Behalf, State, Track, Turn, Verdict


class Question(Shown, FSMModelMixin, models.Model):
    State = State

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(null=True, unique=True, editable=False)
    state = FSMField(default=State.SUBMITTED, choices=State.choices, protected=True)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="questions")
    language = models.CharField(max_length=2, default="nl", choices=[("nl", _("Dutch")), ("en", _("English"))])

    # What was asked, and a snapshot of who asked that survives erasing the person.
    text = models.TextField(max_length=limits.QUESTION)
    context = models.TextField(blank=True, max_length=limits.QUESTION)
    tried = models.TextField(blank=True, max_length=limits.QUESTION)
    sector = models.CharField(max_length=5, choices=Sector)
    role = models.CharField(max_length=20, choices=Role)
    region = models.CharField(max_length=100, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.SET_NULL, null=True, blank=True)
    on_behalf_of = models.CharField(max_length=200, blank=True)
    behalf = models.CharField(max_length=7, choices=Behalf, blank=True)
    read_before = models.ManyToManyField(Item, blank=True, related_name="read_before")
    read_sources = models.ManyToManyField(Source, blank=True, related_name="read_before")
    personal_data_checked = models.BooleanField(default=False)

    # What it was made into: the articulated question and its frame.
    articulated = models.CharField(max_length=limits.TITLE, blank=True)
    for_whom = models.CharField(max_length=500, blank=True)
    approach = models.CharField(max_length=500, blank=True)
    compared_to = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(max_length=500, blank=True)
    frame_context = models.CharField(max_length=500, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    agreement = models.CharField(max_length=6, choices=Agreement, blank=True)
    agreement_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(Participation, on_delete=models.SET_NULL, null=True, related_name="+")
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    waived_because = models.TextField(blank=True)
    # Where it goes.
    track = models.CharField(max_length=8, choices=Track, blank=True)
    themes = models.ManyToManyField(Theme, blank=True, related_name="questions")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="cases"
    )
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="questions")
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="merged")
    declined_because = models.TextField(blank=True)
    alternative = models.TextField(blank=True)
    embargo_until = models.DateTimeField(null=True, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[Any] = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        permissions = [
            ("work_question", "Can work cases as a broker"),
            ("coordinate_question", "Can triage and assign cases"),
            ("publish_question", "Can publish answers"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="question_state_is_known"),
            models.CheckConstraint(
                condition=Q(number__isnull=True, confirmed_at__isnull=True)
                | Q(number__isnull=False, confirmed_at__isnull=False),
                name="numbered_when_confirmed",
            ),
        ]
        indexes = [models.Index(fields=["state", "-created_at"]), models.Index(fields=["assignee", "state"])]

    def __str__(self) -> str:
        return f"{self.number or '–'}: {self.title}"

    @property
    def title(self) -> str:
        """The question in its best words so far."""
        return self.articulated or self.text

    @property
    def turn(self) -> Turn:
        """Who has to do something now."""
        if self.state in OPEN and when.waits_for_asker(self):
            return Turn.ASKER
        return Turn.DESK if self.state in (*OPEN, State.ANSWERED) else Turn.NOBODY

    def wrote(self, by: Any) -> bool:
        """Whether `by` holds the answer that waits to be published or is, or wrote in it."""
        version = self.item and (self.item.approved() or self.item.living())
        return bool(version and (version.wrote(by) or permissions.holds_item(self.item, by)))

    # --- In: confirmed and triaged ----------------------------------------------------------

    @move(state, _("Confirm"), State.SUBMITTED, State.SUBMITTED, permissions.may_confirm, when.unconfirmed)
    def confirm(self, *, by: Any) -> None:
        """The address is real: the question gets its number, once, and enters the queue."""
        self.confirmed_at = timezone.now()
        self.number = numbers.next_number()
        findable.put_question(self)

    @move(state, _("Accept"), State.SUBMITTED, State.TRIAGED, permissions.coordinates, when.confirmed)
    def triage(self, *, by: Any, track: str = Track.FULL, themes: Any = (), why: str = "") -> None:
        self.track = track
        if themes:
            self.themes.set(themes)
            findable.put_question(self)

    # --- Who works it -----------------------------------------------------------------------

    @move(state, _("Claim"), State.TRIAGED, State.ASSIGNED, permissions.works)
    def claim(self, *, by: Any) -> None:
        self._hand_to(by)

    @move(state, _("Assign"), State.TRIAGED, State.ASSIGNED, permissions.coordinates)
    def assign(self, *, by: Any, broker: Any) -> None:
        self._hand_to(broker)

    @move(state, _("Transfer"), State.ASSIGNED, State.ASSIGNED, permissions.holds_or_coordinates)
    def transfer(self, *, by: Any, broker: Any, why: str) -> None:
        if broker == self.assignee:
            raise NotNow(_("This broker already holds the case."))
        self._hand_to(broker)

    @move(state, _("Release"), State.ASSIGNED, State.TRIAGED, permissions.holds_or_coordinates)
    def release(self, *, by: Any, why: str) -> None:
        self._let_go()

    def _hand_to(self, user: Any) -> None:
        """Give the case to `user` when they work here, are present and have room for it."""
        broker = Broker.objects.select_for_update(no_key=True).filter(user=user).first()
        if broker is None or not permissions.works(self, user):
            raise NotNow(_("This person is not a broker."))
        if not broker.is_present:
            raise NotNow(_("This broker is absent."))
        if Question.objects.open_cases_of(user).exclude(pk=self.pk).count() >= broker.capacity:
            raise NotNow(_("This broker has no room for another case."))
        self.assignee = user
        self._set_holder(user)

    def _let_go(self) -> None:
        self.assignee = None
        self._set_holder(None)

    def _set_holder(self, user: Any) -> None:
        if self.item is not None:
            self.item.holder = user
            self.item.save(update_fields=["holder"])

    # --- Articulation -------------------------------------------------------------------------

    @move(state, _("Propose the sharpened question"), State.ASSIGNED, State.ASSIGNED, permissions.holds)
    def propose(self, *, by: Any, articulated: str, **frame: str) -> None:
        """Put the articulated question to the asker; an earlier agreement is void."""
        self.articulated = articulated
        for name, words in frame.items():
            setattr(self, name, words)
        self.proposed_at = timezone.now()
        self.agreement, self.agreement_at, self.agreed_by, self.waived_by = "", None, None, None
        self.waived_because = ""
        self.unshow()
        findable.put_question(self)

    @move(
        state,
        _("Agree to the question"),
        State.ASSIGNED,
        State.ASSIGNED,
        permissions.is_asker,
        when.has_articulation,
        when.not_agreed,
    )
    def agree(self, *, by: Any, articulated: str = "", keep_private: bool = False) -> None:
        """The asker agrees, as it stands or with better words."""
        self.keep_private = keep_private
        if articulated:
            self.articulated = articulated
            findable.put_question(self)
        self.agreement, self.agreement_at = Agreement.AGREED, timezone.now()
        self.agreed_by = by
        by.agreed_at = timezone.now()
        by.save(update_fields=["agreed_at"])

    @move(
        state,
        _("Go on without agreement"),
        State.ASSIGNED,
        State.ASSIGNED,
        permissions.holds_or_coordinates,
        when.has_articulation,
        when.not_agreed,
    )
    def waive(self, *, by: Any, why: str) -> None:
        self.agreement, self.agreement_at = Agreement.WAIVED, timezone.now()
        self.waived_by, self.waived_because = by, why

    # --- Out: an answer -------------------------------------------------------------------------

    @move(
        state,
        _("Send the answer to the asker"),
        State.ASSIGNED,
        State.ANSWERED,
        permissions.holds,
        when.agreement_settled,
        when.answer_approved,
    )
    def answer(self, *, by: Any, embargo_until: datetime | None = None) -> None:
        self.embargo_until = embargo_until
        self.participations.update(verdict="", verdict_at=None)  # what was said of an earlier answer

    @move(state, _("Take up again"), State.ANSWERED, State.ASSIGNED, permissions.holds_or_coordinates)
    def resume(self, *, by: Any, why: str) -> None:
        """The answer did not do: back to work before anything is public."""

    @move(
        state,
        _("Publish"),
        [State.ANSWERED, State.PUBLISHED],
        State.PUBLISHED,
        permissions.may_publish,
        when.answer_approved,
        when.embargo_passed,
    )
    def publish(self, *, by: Any) -> None:
        assert self.item is not None
        self.item.entitle(self.title)
        self.item.replaced_by = None  # it is read in its own place again
        self.item.save(update_fields=["title", "slug", "replaced_by"])
        findable.drop_question(self)

    @move(state, _("Revise"), State.PUBLISHED, State.PUBLISHED, permissions.may_revise)
    def revise(self, *, by: Any, why: str) -> None:
        """A new version is begun, or one under way taken over; the old one stays public meanwhile."""
        assert self.item is not None
        self._set_holder(by)
        if self.item.working(self.language) is None:
            self.item.versions.filter(language=self.language).latest("n").succeed()

    @move(state, _("Retract"), State.PUBLISHED, State.PUBLISHED, permissions.edits, when.living_answer)
    def retract(self, *, by: Any, why: str, replaced_by: Item | None = None) -> None:
        """The answer no longer holds: its page stays, with a banner, or leads to the answer that replaces it."""
        if replaced_by is not None and self.item is not None:
            self.item.replace_by(replaced_by)

    # --- Out: another outcome -----------------------------------------------------------------

    @move(state, _("Refer"), OPEN, State.REFERRED, permissions.holds_or_coordinates, when.confirmed)
    def refer(self, *, by: Any, target: Any, note: str) -> None:
        kind = "item" if isinstance(target, Item) else "source"
        self.referrals.create(note=note, by=by, **{kind: target})
        self._close()

    @move(
        state,
        _("Say if it helped"),
        State.REFERRED,
        RETURN_VALUE(State.REFERRED, State.SUBMITTED),
        permissions.is_asker,
    )
    @move(state, _("Say if it helped"), State.ANSWERED, State.ANSWERED, permissions.asks)
    @move(state, _("Say if it helped"), State.PUBLISHED, State.PUBLISHED, permissions.asks)
    def respond(self, *, by: Any, verdict: str, why: str = "") -> str:
        """Who asked says whether what they got answers the question; of a referral `partly` and `no` reopen it."""
        if self.state != State.REFERRED:
            by.judge(verdict, why)
            return str(self.state)
        self.referrals.latest("at").judge(verdict)
        if verdict == Verdict.ANSWERED:
            return State.REFERRED
        findable.put_question(self)
        return State.SUBMITTED

    @move(state, _("Merge"), OPEN, State.MERGED, permissions.holds_or_coordinates, when.confirmed)
    def merge(self, *, by: Any, into: "Question", why: str) -> None:
        """A link, not a move: everybody who asked this is kept informed of the other one."""
        if into.pk == self.pk or into.state in EXITS:
            raise NotNow(_("A question cannot be merged into itself or into one that ended without an answer."))
        # Without this lock two questions could be merged into each other at the same moment.
        free = Question.objects.select_for_update(skip_locked=True, no_key=True)
        if not free.filter(pk=into.pk, state=into.state).exists():
            raise NotNow(_("Somebody is changing that question at this moment; try again."))
        self.merged_into = into
        Participation.carry_over(self, into)
        self._close()

    @move(state, _("Undo the merge"), State.MERGED, State.SUBMITTED, permissions.coordinates)
    def unmerge(self, *, by: Any, why: str) -> None:
        Event.objects.filter(participation__origin=self).update(why="", data={})  # erasing would not find it
        self.merged_participations.all().delete()
        self.merged_into = None
        findable.put_question(self)

    @move(state, _("Decline"), OPEN, State.DECLINED, permissions.coordinates, when.confirmed)
    def decline(self, *, by: Any, why: str, alternative: str) -> None:
        self.declined_because, self.alternative = why, alternative
        self._close()

    @move(
        state,
        _("Withdraw"),
        [State.SUBMITTED, State.TRIAGED, State.ASSIGNED, State.REFERRED],
        State.WITHDRAWN,
        permissions.is_asker,
    )
    def withdraw(self, *, by: Any, why: str = "") -> None:
        self._close()

    @move(
        state,
        _("Reopen"),
        [State.REFERRED, State.DECLINED, State.WITHDRAWN],
        State.SUBMITTED,
        permissions.coordinates,
        when.confirmed,
    )
    def reopen(self, *, by: Any, why: str) -> None:
        findable.put_question(self)

    def _close(self) -> None:
        self._let_go()
        self.unshow()
        findable.drop_question(self)
