"""What reviewers found of a version: their verdict on one text, and remarks at its paragraphs."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from questions import limits
from questions.states import ReviewKind


class Review(models.Model):
    """One verdict of one kind. It is about the text that stood there (`revision`), and about no other."""

    class Result(models.TextChoices):
        APPROVED = "approved", _("approved")
        CHANGES = "changes", _("changes needed")

    Kind = ReviewKind

    version = models.ForeignKey("Version", on_delete=models.CASCADE, related_name="reviews")
    # One of these two; neither when the person was removed.
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="reviews")
    invitation = models.ForeignKey("Invitation", on_delete=models.SET_NULL, null=True, related_name="reviews")
    kind = models.CharField(max_length=10, choices=ReviewKind, default=ReviewKind.CONTENT)
    verdict = models.CharField(max_length=10, choices=Result)
    remarks = models.TextField(blank=True, max_length=limits.MESSAGE)
    revision = models.PositiveIntegerField(default=0, help_text="Of the text that was judged.")
    judged = models.JSONField(default=dict, help_text="That text, to show what changed since; no words of the asker.")
    checked = models.JSONField(default=list, help_text="The checklist as it was: [{words, ticked}].")
    void_at = models.DateTimeField(null=True, blank=True, help_text="Since when it no longer counts.")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} ({self.version_id})"

    @property
    def who(self) -> str:
        """How colleagues know whoever judged."""
        return str(self.reviewer or self.invitation or "")


class Remark(models.Model):
    """Something a reviewer says of one paragraph of a text."""

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        NOT_DONE = "not_done", _("not done")

    version = models.ForeignKey("Version", on_delete=models.CASCADE, related_name="remarks")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="remarks")
    invitation = models.ForeignKey("Invitation", on_delete=models.SET_NULL, null=True, related_name="remarks")
    field = models.CharField(max_length=20)
    n = models.PositiveSmallIntegerField(help_text="Which paragraph of the field, from 0.")
    quoted = models.TextField(blank=True, help_text="The paragraph as it stood there.")
    body = models.TextField(max_length=limits.REASON)
    at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(blank=True, max_length=limits.REASON)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", settled_at=None) | (~Q(outcome="") & Q(settled_at__isnull=False)),
                name="settled_remarks_have_an_outcome",
            )
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.n} ({self.version_id})"

    @property
    def who(self) -> str:
        return str(self.reviewer or self.invitation or "")

    def is_of(self, by: Any) -> bool:
        """Whether `by` wrote it: a person of the desk or an invited reviewer."""
        mine = self.invitation_id if hasattr(by, "invited_by_id") else self.reviewer_id
        return by.pk is not None and mine == by.pk
