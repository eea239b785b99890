"""What somebody wants to hear of by mail: a theme, an answer or a search. The address stands with the asker."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Follow(models.Model):
    """Counts for nothing until it is confirmed from the mailbox; stopping it deletes the row."""

    class Often(models.TextChoices):
        WEEKLY = "weekly", _("every week (on Monday)")
        MONTHLY = "monthly", _("every month (first Monday)")
        AT_ONCE = "at_once", _("as soon as something changes")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asker = models.ForeignKey("Asker", on_delete=models.CASCADE, related_name="follows")
    theme = models.ForeignKey("evidence.Theme", on_delete=models.CASCADE, null=True, related_name="+")
    item = models.ForeignKey("Item", on_delete=models.CASCADE, null=True, related_name="+")
    search = models.TextField(blank=True, help_text="The query of the search page's address.")
    often = models.CharField(max_length=8, choices=Often, default=Often.WEEKLY)
    language = models.CharField(max_length=2, default="nl", help_text="Of the page where it was asked for.")
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    seen_until = models.DateTimeField(default=timezone.now, help_text="What is older has been told, or came before.")
    due_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["asker", "theme"], name="one_follow_per_theme"),
            models.UniqueConstraint(fields=["asker", "item"], name="one_follow_per_item"),
            models.UniqueConstraint("asker", MD5("search"), condition=~Q(search=""), name="one_follow_per_search"),
            models.CheckConstraint(
                condition=Q(theme__isnull=False, item=None, search="")
                | Q(theme=None, item__isnull=False, search="")
                | Q(Q(theme=None, item=None) & ~Q(search="")),
                name="follows_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(confirmed_at__isnull=False), name="follows_due")]

    def __str__(self) -> str:
        return f"{self.often} {self.id}"

    @property
    def is_of_answer(self) -> bool:
        return self.item_id is not None
