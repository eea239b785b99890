"""Which claim of an answer rests on which source, and where in it."""

from django.db import models

from evidence.models import Source
from questions import limits


class Citation(models.Model):
    version = models.ForeignKey("Version", on_delete=models.CASCADE, related_name="citations")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="citations")
    n = models.PositiveSmallIntegerField()
    claim = models.TextField(max_length=limits.ANSWER_FIELD)
    locator = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["n"]
        constraints = [models.UniqueConstraint(fields=["version", "n"], name="one_citation_per_n")]

    def __str__(self) -> str:
        return f"{self.n}: {self.source_id}"
