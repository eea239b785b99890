"""The acceptance criteria of a desk, and what was found of them in a case."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from brokers.models import Desk
from questions import limits
from questions.states import Checked


class Criterion(models.Model):
    """One thing a question has to meet. Once it was used its words stay: other words are another criterion."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="criteria")
    order = models.PositiveSmallIntegerField(default=0)
    text_nl = models.CharField(max_length=limits.TITLE)
    text_en = models.CharField(max_length=limits.TITLE)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)
    retired_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["order", "id"]
        verbose_name_plural = "criteria"

    def __str__(self) -> str:
        return self.text_en

    def text(self, language: str) -> str:
        return self.text_nl if language == "nl" else self.text_en


class Check(models.Model):
    """What somebody of the desk found of one criterion in one case."""

    question = models.ForeignKey("Question", on_delete=models.CASCADE, related_name="checks")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="checks")
    verdict = models.CharField(max_length=7, choices=Checked)
    remark = models.CharField(max_length=limits.REMARK, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["criterion__order", "criterion_id"]
        constraints = [
            models.UniqueConstraint(fields=["question", "criterion"], name="checked_once"),
            models.CheckConstraint(condition=Q(verdict__in=Checked.values), name="check_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.criterion_id} {self.verdict}"
