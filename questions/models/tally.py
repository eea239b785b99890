"""How often something happened on a day: figures for the desk that name nobody."""

from django.db import models


class Tally(models.Model):
    name = models.CharField(max_length=60)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "day"], name="one_tally_a_day")]
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.name} {self.day}: {self.count}"
