"""The search log: where was searched, with which words, and what was kept."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from questions import limits


class SearchEntry(models.Model):
    question = models.ForeignKey("Question", on_delete=models.CASCADE, related_name="searches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    place = models.CharField(max_length=200)
    terms = models.CharField(max_length=500)
    hits = models.PositiveIntegerField(null=True, blank=True)
    kept = models.TextField(blank=True, max_length=limits.MESSAGE)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.place}: {self.terms}"
