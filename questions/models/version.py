"""One version of a text in one language, with its own machine. Published text never changes."""

import hashlib
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, FSMField, FSMModelMixin

from evidence.strength import Strength
from questions import checklists, findable, limits, paragraphs, permissions
from questions.models.complete import COMPLETE, not_with_the_asker, strength_explained
from questions.models.consultation import Consultation
from questions.models.ledgerentry import LedgerEntry
from questions.models.revision import TEXTS as TEXTS
from questions.models.revision import Revision
from questions.models.searchentry import SearchEntry
from questions.moves import move
from questions.querysets import VersionQuerySet
from questions.states import ALL_OPEN, Direction, GapKind, Significance, Track, VersionState


class Version(FSMModelMixin, models.Model):
    State = VersionState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey("Item", on_delete=models.CASCADE, related_name="versions")
    language = models.CharField(max_length=2, default="nl")
    n = models.PositiveSmallIntegerField(default=1)
    state = FSMField(default=VersionState.DRAFT, choices=VersionState.choices, protected=True)
    revision = models.PositiveIntegerField(default=0, help_text="Counts the saves; part of the ETag.")
    asked_as = models.TextField(
        blank=True, max_length=limits.QUESTION, help_text="The asker's own words, as far as everybody may read them."
    )
    short_answer = models.TextField(blank=True, max_length=limits.ANSWER_FIELD)
    explanation = models.TextField(blank=True, max_length=limits.ANSWER_FIELD)
    conclusion = models.TextField(
        blank=True, max_length=limits.CONCLUSION, help_text="What follows from it, in a few sentences."
    )
    strength = models.CharField(max_length=12, choices=Strength, blank=True)
    direction = models.CharField(max_length=10, choices=Direction, blank=True)
    gap = models.TextField(blank=True, max_length=limits.ANSWER_FIELD)
    gap_kind = models.CharField(max_length=14, choices=GapKind, blank=True)
    team_questions = models.TextField(blank=True, max_length=limits.TEAM, help_text="Up to three, one a line.")
    team_try = models.TextField(blank=True, max_length=limits.TEAM)
    team_watch = models.TextField(blank=True, max_length=limits.TEAM)
    strength_because = models.TextField(
        blank=True, max_length=limits.REASON, help_text="Why the strength is not what the ledger proposes."
    )
    # Where was searched, as it stood when this version went to review: place, day (ISO) and hits of each search.
    searched = models.JSONField(default=list, blank=True)
    look_again_on = models.DateField(null=True, blank=True, help_text="When the desk means to look at it again.")
    significance = models.CharField(
        max_length=13, choices=Significance, blank=True, help_text="How much it changes what readers knew."
    )
    change_note = models.TextField(blank=True, max_length=limits.REASON, help_text="What changed, for readers.")
    authors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="versions_written", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    retracted_at = models.DateTimeField(null=True, blank=True)
    retraction = models.TextField(blank=True)

    objects: ClassVar[Any] = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["item", "n"]
        # The newest answers stand on many pages; among ten thousand they should cost as much as among ten.
        indexes = [models.Index(fields=["-published_at"], condition=Q(state="published"), name="newest_answers")]
        permissions = [("review_version", "Can review answers")]
        constraints = [
            models.UniqueConstraint(fields=["item", "language", "n"], name="one_version_per_n"),
            models.UniqueConstraint(
                fields=["item", "language"], condition=Q(state="published"), name="one_living_version"
            ),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="version_state_is_known"),
            # "We do not know" must never be stored, and so never shown, as "it has no effect".
            models.CheckConstraint(
                condition=~Q(strength=Strength.INSUFFICIENT) | Q(direction__in=["", Direction.UNCLEAR]),
                name="too_little_research_has_no_direction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} v{self.n} ({self.language})"

    @property
    def etag(self) -> str:
        return f'"{self.pk.hex}-{self.revision}"'

    def wrote(self, by: Any) -> bool:
        """Whether `by` wrote in this version; whoever did may not judge it."""
        return by.pk is not None and self.authors.filter(pk=by.pk).exists()

    def differs_from_ledger(self) -> bool:
        """Whether strength or direction is another than the ledger of the case bears out; not while that is empty."""
        rows = list(LedgerEntry.objects.filter(question__item=self.item_id).select_related("source"))
        if not rows:
            return False
        meant = LedgerEntry.bears_out(rows)
        direction = self.direction or Direction.UNCLEAR
        return (self.strength, direction) != (meant.strength, meant.direction)

    def succeed(self) -> "Version":
        """A draft that begins as a copy of this version, with all it rests on and its authors."""
        texts = {name: getattr(self, name) for name in ("language", "strength_because", *TEXTS)}
        fresh = Version.objects.create(item=self.item, n=self.n + 1, **texts)
        fresh.authors.set(self.authors.all())  # it is still their text: they may not judge it
        for one in self.citations.all():
            fresh.citations.create(source_id=one.source_id, n=one.n, claim=one.claim, locator=one.locator)
        for expert in self.consulted.all():
            fresh.consulted.create(**{name: getattr(expert, name) for name in ("n", *Consultation.WORDS)})
        Revision.keep(fresh)
        return fresh

    # --- Reviews ---------------------------------------------------------------------------

    def needed_kinds(self) -> list[str]:
        """Which reviews this answer needs, by the track of its case."""
        tracks = self.item.questions.order_by("created_at").values_list("track", flat=True)
        return list(settings.REVIEWS[next(iter(tracks), "") or Track.FULL])

    def standing(self) -> dict[str, Any]:
        """The last review of each kind that is about the text as it stands now."""
        rows = self.reviews.filter(revision=self.revision, void_at=None).select_related("reviewer", "invitation")
        return {row.kind: row for row in rows}

    def open_kinds(self) -> list[str]:
        """The kinds of review that are needed and not given yet on this text."""
        standing = self.standing()
        return [kind for kind in self.needed_kinds() if kind not in standing or standing[kind].verdict != "approved"]

    def left_to_judge(self) -> list[str]:
        """The kinds that a verdict can be about: what is open, or all that is needed when nothing is."""
        return self.open_kinds() or self.needed_kinds()

    def kinds_meant(self, kind: str) -> list[str]:
        """What a verdict is about. ValidationError when it does not say so and more than one kind is left.

        Nobody is written down as having judged what they did not look at.
        """
        left = self.left_to_judge()
        if not kind and len(left) > 1:
            raise ValidationError({"kind": gettext("Say what you looked at.")})
        return left if kind in ("", ALL_OPEN) else [kind]

    def judged(self) -> dict[str, list[str]]:
        """The text that is judged, in paragraphs by field; of the words of others only a mark that tells a change."""
        made: dict[str, list[str]] = {}
        for one in paragraphs.paragraphs(self):
            made.setdefault(one.field, []).append(one.quote or hashlib.sha256(one.text.encode()).hexdigest())
        return made

    def _judge(self, by: Any, kind: str, verdict: str, remarks: str, checked: Any = ()) -> None:
        is_invited = hasattr(by, "invited_by_id")
        self.reviews.create(
            reviewer=None if is_invited else by,
            invitation=by if is_invited else None,
            kind=kind,
            verdict=verdict,
            remarks=remarks,
            revision=self.revision,
            judged=self.judged(),
            checked=checklists.as_stored(kind, checked),
        )

    def _void_reviews(self) -> None:
        self.approved_at = None
        self.reviews.filter(void_at=None).update(void_at=timezone.now())

    # --- Transitions -----------------------------------------------------------------------

    @move(
        state,
        _("Send to review"),
        VersionState.DRAFT,
        VersionState.IN_REVIEW,
        permissions.writes,
        *COMPLETE,
        strength_explained,
    )
    def submit(self, *, by: Any) -> None:
        """The author asks for a review; what was searched until now belongs to what is judged."""
        rows = SearchEntry.objects.filter(question__item=self.item_id, corrected_by=None).order_by("searched_on", "at")
        self.searched = [{"place": row.place, "on": row.searched_on.isoformat(), "hits": row.hits} for row in rows]

    @move(state, _("Ask for changes"), VersionState.IN_REVIEW, VersionState.DRAFT, permissions.may_review)
    def request_changes(self, *, by: Any, remarks: str, kind: str = "") -> None:
        """The reviews of other kinds stay: they hold for this text, should it not change."""
        for one in self.kinds_meant(kind):
            self._judge(by, one, "changes", remarks)

    @move(
        state,
        _("Approve"),
        VersionState.IN_REVIEW,
        RETURN_VALUE(VersionState.IN_REVIEW, VersionState.APPROVED),
        permissions.may_review,
        *COMPLETE,
        strength_explained,
    )
    def approve(self, *, by: Any, remarks: str = "", kind: str = "", checked: Any = ()) -> VersionState:
        """One kind, or every kind that is still open; the last one needed approves the version."""
        for one in self.kinds_meant(kind):
            self._judge(by, one, "approved", remarks, checked)
        if self.open_kinds():
            return VersionState.IN_REVIEW
        self.approved_at = timezone.now()
        return VersionState.APPROVED

    @move(
        state,
        _("Review again"),
        [VersionState.IN_REVIEW, VersionState.APPROVED],
        VersionState.IN_REVIEW,
        permissions.by_the_desk,
    )
    def review_again(self, *, by: Any) -> None:
        """Something was taken out of the text that somebody wanted back: what was approved is another text."""
        self._void_reviews()

    @move(
        state,
        _("Take back to edit"),
        [VersionState.IN_REVIEW, VersionState.APPROVED],
        VersionState.DRAFT,
        permissions.takes_back,
        not_with_the_asker,
    )
    def void(self, *, by: Any) -> None:
        """The text changed (or will): what was approved is no longer what stands here."""
        self._void_reviews()
        if by is permissions.SYSTEM:
            self.revision += 1  # its title changed: who read the old one has not read this

    @move(state, _("Publish"), VersionState.APPROVED, VersionState.PUBLISHED, permissions.by_consequence, *COMPLETE)
    def publish(self, *, by: Any) -> None:
        self.published_at = timezone.now()
        findable.put_answer(self)

    @move(state, _("Supersede"), VersionState.PUBLISHED, VersionState.SUPERSEDED, permissions.by_consequence)
    def supersede(self, *, by: Any) -> None:
        """A newer version took its place; the old text stays readable."""

    @move(state, _("Retract"), VersionState.PUBLISHED, VersionState.RETRACTED, permissions.by_consequence)
    def retract(self, *, by: Any, why: str) -> None:
        self.retracted_at = timezone.now()
        self.retraction = why
        findable.drop_answer(self.item)


class KeptDraft(models.Model):
    """What somebody typed on top of a text that had changed meanwhile: never lost."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="kept_drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="kept_drafts")
    base = models.CharField(max_length=60, help_text="The ETag the person had read.")
    content = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.version_id} by {self.user_id}"
