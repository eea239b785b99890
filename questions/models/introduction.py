"""What the desk says at the head of a theme: each save is a row of its own, and the last one is shown."""

from django.conf import settings
from django.db import models

from evidence.models import Theme
from questions import limits


class Introduction(models.Model):
    """One edition of a theme's introduction, in Markdown. A text that was written stays as it was."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="introductions")
    n = models.PositiveIntegerField()
    text_nl = models.TextField(blank=True, max_length=limits.ANSWER_FIELD)
    text_en = models.TextField(blank=True, max_length=limits.ANSWER_FIELD)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["theme", "-n"]
        constraints = [models.UniqueConstraint(fields=["theme", "n"], name="one_introduction_per_n")]

    def __str__(self) -> str:
        return f"{self.theme} {self.n}"
