"""One search of the search log: where, with which words and when, how many hits, what was kept.

An entry is never changed. A mistake is put right by a new entry that `corrects` it, a search that
somebody does again is a new entry that `repeats` the first.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from questions import limits


class SearchEntry(models.Model):
    question = models.ForeignKey("Question", on_delete=models.CASCADE, related_name="searches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    place = models.CharField(max_length=200, blank=True, help_text="Empty for our own library.")
    terms = models.CharField(max_length=500)
    searched_on = models.DateField(default=timezone.localdate)
    hits = models.PositiveIntegerField(null=True, blank=True)
    kept = models.TextField(blank=True, max_length=limits.MESSAGE)
    at = models.DateTimeField(default=timezone.now)
    # A search of our own library: what it was narrowed to, and the ids of the sources and the numbers
    # of the answers it gave, so that doing it again tells what is new.
    is_own = models.BooleanField(default=False)
    filters = models.JSONField(default=dict, blank=True)
    seen = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    fresh = models.PositiveIntegerField(null=True, blank=True, help_text="Of a repeated search: hits not seen before.")
    has_more = models.BooleanField(default=False, help_text="There were more hits than are counted.")
    repeats = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="repeated_by")
    corrects = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="corrected_by"
    )
    # The words are those of who asked, not of the desk: erasing takes them out, the public never reads them.
    asked_words = models.BooleanField(default=False)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.where}: {self.terms}"

    @property
    def where(self) -> str:
        return where(self.place)


def where(place: str) -> str:
    """The name of a place that was searched."""
    return place or _("Our own library")
