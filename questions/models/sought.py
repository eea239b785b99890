"""What was looked for and not found, in such a way that nobody's search can be read here."""

from django.db import models


class Sought(models.Model):
    """That one place on the internet looked for one word on one day, and nothing was found.

    `digest` and `place` are keyed hashes; `place` is another one for each word, so that no two
    words can be brought back to one visitor. `word` is empty until several places typed it.
    """

    digest = models.CharField(max_length=64)
    place = models.CharField(max_length=64)
    day = models.DateField()
    word = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "place", "day"], name="sought_once_a_day")]
        indexes = [models.Index(fields=["day"])]
        verbose_name_plural = "sought"

    def __str__(self) -> str:
        return f"{self.word or '…'} {self.day}"
