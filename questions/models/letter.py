"""Outgoing mail: one row a letter, the row is the queue. The text is made when it is sent."""

import base64
import hashlib
import hmac
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from questions.models.indexing import where_set


class Letter(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey("Event", on_delete=models.CASCADE, null=True, related_name="letters")
    kind = models.CharField(max_length=30)
    participation = models.ForeignKey(
        "Participation", on_delete=models.CASCADE, null=True, related_name="letters", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="letters", db_index=False
    )
    asker = models.ForeignKey("Asker", on_delete=models.CASCADE, null=True, related_name="letters", db_index=False)
    invitation = models.ForeignKey(
        "Invitation", on_delete=models.CASCADE, null=True, related_name="letters", db_index=False
    )
    content = models.JSONField(default=dict, help_text="What a letter of no event tells of; see questions/news.py.")
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            # One letter for one event to one person: sending twice starts with writing twice.
            models.UniqueConstraint(
                fields=["event", "kind", "participation", "user", "invitation"],
                nulls_distinct=False,
                condition=Q(event__isnull=False),
                name="one_letter_per_event",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None, dead_at=None), name="letters_to_send"),
            *where_set("letter", "participation", "user", "asker", "invitation"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def reply_token(self) -> str:
        """Names this letter in the address that takes replies: 42 of a-z and 2-7, the same in capitals.

        It stops to work when the letter goes, and that goes with the person or the case.
        """
        return as_token(self.pk.bytes + seal(self.pk.bytes, settings.SECRET_KEY))

    @classmethod
    def find_by_reply_token(cls, token: str) -> "Letter | None":
        """The letter that a reply answers; none for a token that this desk has not made."""
        try:
            raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
        except ValueError:
            return None
        pk, given = raw[:16], raw[16:]
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        if len(pk) < 16 or not any(hmac.compare_digest(given, seal(pk, key)) for key in keys):
            return None
        rows = cls.objects.select_related("event__question", "participation__asker", "user", "invitation")
        return rows.filter(pk=uuid.UUID(bytes=pk)).first()


def seal(pk: bytes, key: str) -> bytes:
    return hmac.new(key.encode(), b"reply:" + pk, hashlib.sha256).digest()[:10]


def as_token(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()
