"""The evidence ledger of a case: each source that was found, and whether the answer may rest on it."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models import Source
from questions import limits
from questions.grading import Fit, Proposal, Study, propose
from questions.models.searchentry import SearchEntry
from questions.states import Direction


class LedgerEntry(models.Model):
    """A source of the library in the ledger of one question, with what the broker read in it."""

    class State(models.TextChoices):
        FOUND = "found", _("to be judged")
        KEPT = "kept", _("kept")
        REJECTED = "rejected", _("rejected")

    class Reason(models.TextChoices):
        OFF_TOPIC = "off_topic", _("it is about something else")
        OTHER_GROUP = "other_group", _("it is about other people")
        OTHER_APPROACH = "other_approach", _("it is about another approach")
        OTHER_OUTCOME = "other_outcome", _("it looks at another outcome")
        WEAK = "weak", _("it was not done well enough")
        OLD = "old", _("it is out of date")
        SAME = "same", _("it tells the same as another source")
        NOT_READABLE = "not_readable", _("we could not read the text itself")
        ELSE = "else", _("something else")

    question = models.ForeignKey("Question", on_delete=models.CASCADE, related_name="ledger")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="ledger_entries")
    state = models.CharField(max_length=8, choices=State, default=State.FOUND)
    reason = models.CharField(max_length=14, choices=Reason, blank=True)
    why = models.TextField(blank=True, max_length=limits.REASON)
    design = models.CharField(max_length=200, blank=True)
    population = models.CharField(max_length=500, blank=True)
    country = models.CharField(max_length=200, blank=True)
    fit = models.CharField(max_length=5, choices=Fit, blank=True)
    direction = models.CharField(max_length=10, choices=Direction, blank=True)
    locator = models.CharField(max_length=100, blank=True)
    note = models.TextField(blank=True, max_length=limits.REASON)
    same_study = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="reports")
    search = models.ForeignKey(SearchEntry, on_delete=models.SET_NULL, null=True, blank=True, related_name="gave")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1, help_text="Counts the judgements; part of the ETag.")

    class Meta:
        ordering = ["added_at", "id"]
        verbose_name_plural = "ledger entries"
        constraints = [
            models.UniqueConstraint(fields=["question", "source"], name="a_source_once_in_a_ledger"),
            models.CheckConstraint(
                condition=Q(state="rejected") & ~Q(reason="") | ~Q(state="rejected") & Q(reason=""),
                name="rejected_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.state}"

    @property
    def etag(self) -> str:
        return f'"{self.pk}-{self.revision}"'

    @classmethod
    def bears_out(cls, rows: "Iterable[LedgerEntry]") -> Proposal:
        """The strength that the kept ones of `rows` bear out, seen from today."""
        kept = [row.as_study() for row in rows if row.state == cls.State.KEPT]
        return propose(kept, timezone.localdate().year)

    def as_study(self) -> Study:
        """What the rules of the strength read of it; two reports of one study are one study."""
        return Study(
            design=self.design,
            direction=self.direction,
            fit=self.fit,
            year=self.source.year,
            study=str(self.same_study_id or self.pk),
        )
