"""What a reviewer found of a version."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from questions import limits


class Review(models.Model):
    class Result(models.TextChoices):
        APPROVED = "approved", _("approved")
        CHANGES = "changes", _("changes needed")

    class Kind(models.TextChoices):
        CONTENT = "content", _("content")
        PRACTICE = "practice", _("practice user")
        LANGUAGE = "language", _("language")

    version = models.ForeignKey("Version", on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="reviews")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CONTENT)
    verdict = models.CharField(max_length=10, choices=Result)
    remarks = models.TextField(blank=True, max_length=limits.MESSAGE)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} ({self.version_id})"
