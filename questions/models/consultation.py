"""An expert whom the desk consulted, and their consent to be named; nobody is stored here without it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Consultation(models.Model):
    class Way(models.TextChoices):
        MAIL = "mail", _("by e-mail")
        LETTER = "letter", _("on paper")
        SPOKEN = "spoken", _("in a conversation")

    # What a person typed of it.
    WORDS: ClassVar[tuple[str, ...]] = ("name", "role", "agreed_on", "agreed_by")

    version = models.ForeignKey("Version", on_delete=models.CASCADE, related_name="consulted")
    n = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=200, blank=True)
    agreed_on = models.DateField()
    agreed_by = models.CharField(max_length=10, choices=Way)

    class Meta:
        ordering = ["n"]
        constraints = [models.UniqueConstraint(fields=["version", "n"], name="one_consultation_per_n")]

    def __str__(self) -> str:
        return f"{self.n}: {self.version_id}"
