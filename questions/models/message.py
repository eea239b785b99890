"""The dialogue between asker and broker."""

import uuid

from django.conf import settings
from django.db import models

from questions import limits


class Message(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey("Question", on_delete=models.CASCADE, related_name="messages")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    participation = models.ForeignKey("Participation", on_delete=models.SET_NULL, null=True, related_name="+")
    from_asker = models.BooleanField(default=False)
    body = models.TextField(max_length=limits.MESSAGE)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.question_id} {self.at:%F}"
