"""What somebody of the desk should know of a case: a row a person, apart from the history of the case."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What is told, in a few words; questions/notices.py says it in full."""

    DUE_SOON = "due_soon", _("nearly due")
    OVERDUE = "overdue", _("overdue")
    SILENT = "silent", _("the asker is silent")
    DECIDE = "decide", _("the asker is silent: you decide")
    CLOSED = "closed", _("closed because the asker was silent")
    BACK = "back", _("taken up again")
    LAPSES = "lapses", _("your claim lapses")
    LAPSED = "lapsed", _("your claim has lapsed")
    MESSAGE = "message", _("word from the asker")
    HANDED_OVER = "handed_over", _("handed to you")
    REVIEWED = "reviewed", _("a review is in")


class Notice(models.Model):
    """One thing told to one person, once. `on` is the day it tells of, if it has one."""

    Kind = Kind

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    question = models.ForeignKey("Question", on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=Kind)
    on = models.DateField(null=True, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "question", "kind", "on"], nulls_distinct=False, name="told_once_an_occasion"
            )
        ]
        indexes = [models.Index(fields=["user"], condition=models.Q(read_at=None), name="notices_unread")]

    def __str__(self) -> str:
        return f"{self.kind} {self.question_id} {self.on or ''}"
