"""A text that people of the desk use again and again, in two languages, with fields."""

from django.conf import settings
from django.db import models

from brokers.models import Desk
from questions import limits
from questions.states import TextKind


class ReadyText(models.Model):
    Kind = TextKind

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="ready_texts")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=100)
    text_nl = models.TextField(max_length=limits.REASON)
    text_en = models.TextField(max_length=limits.REASON)
    n = models.PositiveIntegerField(default=1, editable=False, help_text="How often it was saved.")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["desk", "kind", "name"], name="one_text_of_a_name")]

    def __str__(self) -> str:
        return self.name

    def text(self, language: str) -> str:
        return self.text_nl if language == "nl" else self.text_en
