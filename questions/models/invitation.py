"""Somebody from outside who is asked to review one answer, by a link that opens that answer and nothing else."""

import hashlib
import hmac
import secrets
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from questions import limits
from questions.states import ReviewKind, State


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def live(self) -> Any:
        """Those whose link works today."""
        return self.filter(withdrawn_at=None, until__gte=timezone.localdate()).exclude(email="")


class Invitation(models.Model):
    """The link is derived and its token stored hashed, as those of askers are (ADR 0008)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey("Version", on_delete=models.CASCADE, related_name="invitations")
    kind = models.CharField(max_length=10, choices=ReviewKind)
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(blank=True, help_text="Goes a while after the end.")
    language = models.CharField(max_length=2, default="nl", choices=[("nl", _("Dutch")), ("en", _("English"))])
    note = models.TextField(blank=True, max_length=limits.REASON)
    until = models.DateField(help_text="The last day on which the link works.")
    covers_changes = models.BooleanField(default=True, help_text="Whether it opens a later text of this version too.")
    revision = models.PositiveIntegerField(help_text="Of the text when they were invited.")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    may_be_named = models.BooleanField(default=False)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.name or str(_("an invited reviewer"))

    @classmethod
    def send(cls, **fields: Any) -> "Invitation":
        """Makes one with a link of its own."""
        row = cls(**fields)
        row.token_digest = cls.digest(row.token)
        row.save(force_insert=True)
        return row

    @property
    def token(self) -> str:
        """The secret of the link. Derived, never stored."""
        key = settings.SECRET_KEY.encode()
        return hmac.new(key, f"review:{self.pk}".encode(), hashlib.sha256).hexdigest()[:40]

    @staticmethod
    def digest(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    @classmethod
    def find(cls, token: str) -> "Invitation | None":
        """Whose link this is, while it works; the same nothing for a wrong, an old and a withdrawn one."""
        rows = cls.objects.live().select_related("version__item", "invited_by")
        at_work = rows.filter(version__item__questions__state__in=[State.ASSIGNED, State.ANSWERED, State.PUBLISHED])
        return at_work.filter(token_digest=cls.digest(token)).first()  # type: ignore[no-any-return]

    @property
    def is_live(self) -> bool:
        return self.withdrawn_at is None and self.until >= timezone.localdate() and bool(self.email)

    def covers(self, version: Any) -> bool:
        """Whether it opens the text as it stands now."""
        return self.covers_changes or self.revision == version.revision

    def has_perm(self, perm: str) -> bool:
        """Who is invited holds no right of the desk."""
        return False

    def forget(self, keep_name: bool = False) -> None:
        """The person goes, what they judged stays; the link opens nothing any more."""
        self.email = self.note = ""
        self.token_digest = self.digest(secrets.token_hex())
        fields = ["email", "note", "token_digest"]
        if not keep_name:
            self.name, self.may_be_named = "", False
            fields += ["name", "may_be_named"]
        self.save(update_fields=fields)
