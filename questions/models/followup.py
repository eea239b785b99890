"""What became of an answer: two questions to who asked, some time after they got it. Read in numbers only."""

import hashlib
import hmac
import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from questions import limits
from questions.models.asker import Participation


class Used(models.TextChoices):
    """To whom the answer was shown, or what it was used for."""

    SELF = "self", _("I used it in my own work")
    TEAM = "team", _("I talked about it with colleagues")
    LEADER = "leader", _("I showed it to a school leader or board")
    DECISION = "decision", _("We decided something with it")
    OTHERS = "others", _("I shared it with parents, pupils or students, or others")
    NOT_YET = "not_yet", _("I have not used it (yet)")


class Helped(models.TextChoices):
    CLEAR = "clear", _("it was clear and short")
    RESEARCH = "research", _("it rests on research")
    FITTING = "fitting", _("it fitted my situation")
    TALKING = "talking", _("talking with the knowledge broker")
    TOGETHER = "together", _("colleagues or leaders wanted to work with it")


class Hindered(models.TextChoices):
    TIME = "time", _("too little time")
    FIT = "fit", _("it did not fit my situation")
    HARD = "hard", _("it was hard to read or to use")
    LITTLE = "little", _("there was too little research")
    LATE = "late", _("it came too late")
    ALONE = "alone", _("colleagues or leaders did not want it")


def chosen(values: type[models.TextChoices]) -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=12, choices=values.choices), default=list, blank=True)


class FollowUp(models.Model):
    """One time that somebody was asked how it went. Goes with the asker when they are erased."""

    class Kind(models.TextChoices):
        WEEKS = "6w", _("after six weeks")
        MONTHS = "6m", _("after six months")

    Used, Helped, Hindered = Used, Helped, Hindered

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="follow_ups")
    kind = models.CharField(max_length=2, choices=Kind)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    used = chosen(Used)
    helped = chosen(Helped)
    hindered = chosen(Hindered)
    words = models.TextField(blank=True, max_length=limits.REASON)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participation", "kind"], name="asked_once_a_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @classmethod
    def begin(cls, part: Participation, kind: str) -> "FollowUp":
        """Makes one with a link of its own."""
        row = cls(participation=part, kind=kind)
        row.token_digest = Participation.digest(row.token)
        row.save(force_insert=True)
        return row

    @property
    def token(self) -> str:
        """The secret of the link in the letter. Derived, never stored."""
        key = settings.SECRET_KEY.encode()
        return hmac.new(key, f"after:{self.pk}".encode(), hashlib.sha256).hexdigest()[:40]

    @classmethod
    def find(cls, token: str) -> "FollowUp | None":
        """Whose link this is, while there is somebody behind it."""
        rows = cls.objects.select_related("participation__asker", "participation__question")
        digest = Participation.digest(token)
        return rows.filter(token_digest=digest).exclude(participation__asker=None).first()
