"""What readers say of one version: whether it helped, and what is wrong in it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from questions import limits


class Feedback(models.Model):
    version = models.ForeignKey("Version", on_delete=models.CASCADE, related_name="feedback")
    helpful = models.BooleanField()
    missing = models.TextField(blank=True, max_length=limits.MESSAGE)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{'+' if self.helpful else '-'} {self.version_id}"


class Correction(models.Model):
    """What a reader says is wrong. `section` is the part of the page, a source with its number: `source-2`."""

    class Section(models.TextChoices):
        WHOLE = "", _("the whole answer")
        ASKED = "asked", _("the question")
        SHORT = "short", _("the short answer")
        SURE = "sure", _("how sure it is")
        EXPLANATION = "explanation", _("the explanation")
        CONCLUSION = "conclusion", _("the conclusion")
        GAP = "gap", _("what is not known")
        PEOPLE = "people", _("the people who are named")
        TEAM = "team", _("the team sheet")

    version = models.ForeignKey("Version", on_delete=models.CASCADE, related_name="corrections")
    section = models.CharField(max_length=12, blank=True)
    quoted = models.TextField(blank=True, max_length=limits.MESSAGE)
    what = models.TextField(max_length=limits.MESSAGE)
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    settled_because = models.TextField(blank=True, max_length=limits.REASON)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["version"], condition=models.Q(settled_at=None), name="corrections_waiting")]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.what[:60]}"
