"""Which incoming mail was handled: a digest that names nobody, so that no reply is taken over twice."""

from django.db import models


class HandledMail(models.Model):
    digest = models.CharField(max_length=64, unique=True)
    outcome = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "handled mail"

    def __str__(self) -> str:
        return self.digest[:12]
