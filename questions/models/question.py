"""The case: what somebody wants to know, and what may happen to it."""

import uuid
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, FSMField, FSMModelMixin

from brokers.models import Desk, Organisation
from brokers.sectors import Role, Sector
from evidence.models import Source
from questions import findable, limits, numbers, permissions
from questions.models import conditions as when
from questions.models import held, queued, timed
from questions.models.delivered import Delivered
from questions.models.ended import Ended
from questions.models.held import Held
from questions.models.indexing import where_set
from questions.models.item import Item
from questions.models.queued import Queued
from questions.models.sharpened import Sharpened
from questions.models.shown import Shown
from questions.models.silent import Silent
from questions.models.themed import Themed
from questions.models.timed import Timed
from questions.moves import move
from questions.querysets import QuestionQuerySet
from questions.refusals import NotNow
from questions.states import Behalf, State, Track

# Foreign keys and the hour of publication, of which most cases have none.
SELDOM = (
    "organisation",
    "merged_into",
    "agreed_by",
    "waived_by",
    "early_by",
    "item",
    "publish_at",
    "publish_by",
    "handed_to",
    "closed_with",
)


class Question(Held, Themed, Queued, Sharpened, Shown, Delivered, Ended, Timed, Silent, FSMModelMixin, models.Model):
    State = State

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(null=True, unique=True, editable=False)
    state = FSMField(default=State.SUBMITTED, choices=State.choices, protected=True)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="questions", db_index=False)
    language = models.CharField(max_length=2, default="nl", choices=[("nl", _("Dutch")), ("en", _("English"))])

    # What was asked, and a snapshot of who asked that survives erasing the person.
    text = models.TextField(max_length=limits.QUESTION)
    context = models.TextField(blank=True, max_length=limits.QUESTION)
    tried = models.TextField(blank=True, max_length=limits.QUESTION)
    sector = models.CharField(max_length=5, choices=Sector)
    role = models.CharField(max_length=20, choices=Role)
    region = models.CharField(max_length=100, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.SET_NULL, null=True, blank=True, db_index=False)
    on_behalf_of = models.CharField(max_length=200, blank=True)
    behalf = models.CharField(max_length=7, choices=Behalf, blank=True)
    read_before = models.ManyToManyField(Item, blank=True, related_name="read_before")
    read_sources = models.ManyToManyField(Source, blank=True, related_name="read_before")
    personal_data_checked = models.BooleanField(default=False)

    # Where it goes.
    track = models.CharField(max_length=8, choices=Track, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="merged", db_index=False
    )

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
            *timed.CONSTRAINTS,
            *held.CONSTRAINTS,
        ]
        indexes = [
            models.Index(fields=["assignee", "state"]),
            *queued.INDEXES,
            *timed.INDEXES,
            *held.INDEXES,
            *where_set("question", *SELDOM),
        ]

    def __str__(self) -> str:
        return f"{self.number or '–'}: {self.title}"

    @property
    def title(self) -> str:
        """The question in its best words so far."""
        return self.articulated or self.text

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

    @move(state, _("Accept"), State.SUBMITTED, State.TRIAGED, permissions.coordinates, when.confirmed, when.checked)
    def triage(self, *, by: Any, track: str = Track.FULL, themes: Any = (), why: str = "") -> None:
        """A new answer will be made. Against a criterion that is not met there has to be a reason."""
        if not why and when.fails_a_criterion(self):
            raise ValidationError({"why": _("An acceptance criterion is not met. Say why you accept the question.")})
        self.track = track
        if themes:
            self.themes.set(themes)
            findable.put_question(self)

    @move(
        state,
        _("Change the track"),
        [State.TRIAGED, State.ASSIGNED],
        RETURN_VALUE(State.TRIAGED, State.ASSIGNED),
        permissions.coordinates,
    )
    def retrack(self, *, by: Any, track: str, why: str) -> str:
        """What it deserves turned out otherwise; whoever holds the case goes on with it."""
        if track == self.track:
            raise NotNow(_("The question is on this track already."))
        self.track = track
        return str(self.state)
