"""What readers say of one version: whether it helped, and what is wrong in it."""

from django.db import models

from questions import limits


class Feedback(models.Model):
    version = models.ForeignKey("Version", on_delete=models.CASCADE, related_name="feedback")
    helpful = models.BooleanField()
    missing = models.TextField(blank=True, max_length=limits.MESSAGE)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{'+' if self.helpful else '-'} {self.version_id}"


class Correction(models.Model):
    version = models.ForeignKey("Version", on_delete=models.CASCADE, related_name="corrections")
    quoted = models.TextField(blank=True, max_length=limits.MESSAGE)
    what = models.TextField(max_length=limits.MESSAGE)
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.version_id}: {self.what[:60]}"
