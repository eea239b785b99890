"""Every wording of a question on its way to agreement: what was proposed, and what the asker made of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from questions import limits
from questions.models.asker import Participation

FRAME = ("for_whom", "approach", "compared_to", "outcome", "frame_context")


class Articulation(models.Model):
    """One wording. None is ever changed, so that each can be laid beside the one before it."""

    class Kind(models.TextChoices):
        PROPOSED = "proposed", _("proposed by the broker")
        AMENDED = "amended", _("changed by the asker")

    question = models.ForeignKey("Question", on_delete=models.CASCADE, related_name="articulations")
    n = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    articulated = models.CharField(max_length=limits.TITLE)
    for_whom = models.CharField(max_length=500, blank=True)
    approach = models.CharField(max_length=500, blank=True)
    compared_to = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(max_length=500, blank=True)
    frame_context = models.CharField(max_length=500, blank=True)
    note = models.TextField(blank=True, max_length=limits.REASON, help_text="Why the broker asks it this way.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    participation = models.ForeignKey(Participation, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["n"]
        constraints = [models.UniqueConstraint(fields=["question", "n"], name="one_articulation_per_n")]

    def __str__(self) -> str:
        return f"{self.n}: {self.articulated}"
