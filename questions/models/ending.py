"""What is counted of a case each time it ends: figures that name nobody and outlive the case."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from brokers.sectors import Sector
from questions.states import EXITS, State, Track


class Ending(models.Model):
    """The `nth` time that a case ended, from 1. All days are working days since its confirmation.

    `case` is the id of the question and no key: the figures stay when the question goes. What a
    case was then (track, sector, themes, who held it) is kept as it was then.
    """

    # What was no question ended nothing.
    OUTCOMES = (State.ANSWERED, *(one for one in EXITS if one != State.SPAM))

    case = models.UUIDField()
    nth = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=12, choices=[(one, one.label) for one in OUTCOMES])
    track = models.CharField(max_length=8, choices=Track, blank=True)
    sector = models.CharField(max_length=5, choices=Sector)
    themes = ArrayField(models.SlugField(), default=list, blank=True)
    broker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    our_days = models.PositiveIntegerField(help_text="Days on which it was the desk's turn.")
    asker_days = models.PositiveIntegerField(help_text="Days on which it was the asker's turn.")
    submitted_days = models.PositiveIntegerField(help_text="Of both: waiting to be accepted.")
    triaged_days = models.PositiveIntegerField(help_text="Of both: waiting for a broker.")
    assigned_days = models.PositiveIntegerField(help_text="Of both: with a broker.")
    ended_at = models.DateTimeField(db_index=True)
    reopened_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        ordering = ["ended_at"]
        constraints = [models.UniqueConstraint(fields=["case", "nth"], name="one_nth_ending_of_a_case")]

    def __str__(self) -> str:
        return f"{self.case} {self.nth}: {self.outcome}"
