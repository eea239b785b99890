"""An existing answer or source, sent with a bridging note: a recorded outcome of its own."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from evidence.models import Source
from questions import limits
from questions.states import Verdict


class Referral(models.Model):
    question = models.ForeignKey("Question", on_delete=models.CASCADE, related_name="referrals")
    item = models.ForeignKey("Item", on_delete=models.PROTECT, null=True, related_name="referrals")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(max_length=limits.MESSAGE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    verdict_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=False, source__isnull=True) | Q(item__isnull=True, source__isnull=False),
                name="a_referral_has_one_target",
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id} → {self.item_id or self.source_id}"

    def judge(self, verdict: str) -> None:
        """Whether it answers the question, as the asker says."""
        self.verdict, self.verdict_at = verdict, timezone.now()
        self.save(update_fields=["verdict", "verdict_at"])
