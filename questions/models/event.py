"""What happened: append-only, the history of a case."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from questions.models.indexing import where_set


class Event(models.Model):
    """One thing that happened to a question or to a version of its answer."""

    question = models.ForeignKey("Question", on_delete=models.CASCADE, null=True, related_name="events", db_index=False)
    version = models.ForeignKey("Version", on_delete=models.CASCADE, null=True, related_name="events", db_index=False)
    name = models.CharField(max_length=40)
    source = models.CharField(max_length=12, blank=True, help_text="The state before.")
    target = models.CharField(max_length=12, blank=True, help_text="The state after.")
    turn = models.CharField(max_length=6, blank=True, help_text="Whose turn it is after it; empty: as it was.")
    track = models.CharField(max_length=8, blank=True, help_text="The track of the case after it, when it moved.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    participation = models.ForeignKey(
        "Participation", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    why = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        # Lines are only added, so a few pages say where the days of a year stand.
        indexes = [
            models.Index(fields=["question", "id"]),
            BrinIndex(fields=["at"], name="events_by_day", autosummarize=True),
            *where_set("event", "version", "user", "participation"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.source} → {self.target})"

    @classmethod
    def record(cls, name: str, *, by: Any, **fields: Any) -> "Event":
        """Writes down what `by` did: a user, a participation, an invited reviewer or the system."""
        is_person = by is not None and by.pk is not None
        is_asker = is_person and hasattr(by, "question_id")
        if is_person and hasattr(by, "invited_by_id"):  # without the name, which goes one day
            fields["data"] = {**fields.get("data", {}), "invitation": str(by.pk)}
            is_person = False
        return cls.objects.create(
            name=name, user=by if is_person and not is_asker else None, participation=by if is_asker else None, **fields
        )
