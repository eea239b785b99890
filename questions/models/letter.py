"""Outgoing mail: one row a letter, the row is the queue. The text is made when it is sent."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Letter(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey("Event", on_delete=models.CASCADE, null=True, related_name="letters")
    kind = models.CharField(max_length=30)
    participation = models.ForeignKey("Participation", on_delete=models.CASCADE, null=True, related_name="letters")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="letters")
    asker = models.ForeignKey("Asker", on_delete=models.CASCADE, null=True, related_name="letters")
    content = models.JSONField(default=dict, help_text="What a letter of no event tells of; see questions/news.py.")
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            # One letter for one event to one person: sending twice starts with writing twice.
            models.UniqueConstraint(
                fields=["event", "kind", "participation", "user"],
                nulls_distinct=False,
                condition=Q(event__isnull=False),
                name="one_letter_per_event",
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at=None, dead_at=None), name="letters_to_send")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
