"""Requests that must count once, and how many a person may make."""

import uuid

from django.db import models


class Idempotency(models.Model):
    """The answer to a request with a key; the same key gives the same answer.

    `question` is the case the answer tells of, so that forgetting the case forgets this copy.
    """

    key = models.CharField(max_length=255)
    person = models.CharField(max_length=80, blank=True)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    question = models.ForeignKey("Question", on_delete=models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "person"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return self.key


class Quota(models.Model):
    """How often something happened in a stretch of time; `bucket` is hashed, so names nobody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bucket = models.CharField(max_length=64)
    window = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bucket", "window"], name="one_count_per_window")]

    def __str__(self) -> str:
        return f"{self.count} at {self.window:%F %H:%M}"
