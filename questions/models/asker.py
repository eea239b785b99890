"""Who asks: contact data apart from the question, and the parts people have in it."""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer, TimestampSigner
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from questions.models.event import Event
from questions.models.indexing import where_set
from questions.refusals import NotNow
from questions.states import Verdict

CONFIRM_WITHIN = 7 * 24 * 3600


class Asker(models.Model):
    """Contact data of who asks or follows, kept apart so that erasing a person is deleting one row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=2, default="nl", choices=[("nl", _("Dutch")), ("en", _("English"))])
    wants_follow_up = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_asker_per_address")]

    def __str__(self) -> str:
        return self.name or str(_("an asker"))

    @classmethod
    def at(cls, address: str, **new: Any) -> "Asker":
        """The row of an address, made with `new` when there is none; ours until the transaction ends.

        So whoever forgets the address waits for what begins with it, and finds it.
        """
        rows = cls.objects.select_for_update(no_key=True)
        return rows.get_or_create(**cls.spelled(address), defaults={"email": address.lower(), **new})[0]

    @classmethod
    def known_at(cls, address: str) -> "Asker | None":
        return cls.objects.filter(**cls.spelled(address)).first()

    @staticmethod
    def spelled(address: str) -> dict[str, Any]:
        """Found however it is spelled, by the index that keeps addresses apart: there is no other one of them."""
        return {"email__lower": Lower(models.Value(address.lower()))}

    @classmethod
    def forget_unknown(cls, pks: Iterable[Any]) -> None:
        """Remove those of `pks` of whom nothing is known but the address."""
        with transaction.atomic():
            rows = cls.objects.filter(pk__in=[pk for pk in pks if pk is not None])
            list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
            rows.filter(participations=None, follows=None).delete()

    @property
    def follows_token(self) -> str:
        """The secret of the page with all that this address follows; stands in letters only.

        Signed and not looked up by a digest, unlike that of a question: it has to work for years,
        so also after a change of the key (SECRET_KEY_FALLBACKS), and ends when the address is forgotten.
        """
        return Signer(salt="follows").sign(self.pk.hex)

    @property
    def confirm_follows_token(self) -> str:
        """Goes to the mailbox only; good for as long as the one of a question."""
        return TimestampSigner(salt="follows-confirm").sign(self.pk.hex)

    @classmethod
    def of_follows_token(cls, token: str) -> "Asker | None":
        return cls._signed(Signer(salt="follows"), token)

    @classmethod
    def of_confirm_follows_token(cls, token: str) -> "Asker | None":
        return cls._signed(TimestampSigner(salt="follows-confirm"), token, max_age=CONFIRM_WITHIN)

    @classmethod
    def _signed(cls, signer: Signer, token: str, **limits: int) -> "Asker | None":
        try:
            return cls.objects.filter(pk=signer.unsign(token, **limits)).first()
        except BadSignature:
            return None


Asker._meta.get_field("email").register_lookup(Lower)


class Participation(models.Model):
    """Somebody's part in one question; the link to it is signed and its token stored hashed."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("asked")
        ME_TOO = "me_too", _("me too")
        MERGED = "merged", _("merged")
        ON_BEHALF = "on_behalf", _("on behalf of others")
        WAITING = "waiting", _("me too, not confirmed yet")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey("Question", on_delete=models.CASCADE, related_name="participations", db_index=False)
    asker = models.ForeignKey(Asker, on_delete=models.SET_NULL, null=True, related_name="participations")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ASKED)
    origin = models.ForeignKey(
        "Question",
        on_delete=models.CASCADE,
        null=True,
        db_index=False,
        related_name="merged_participations",
        help_text=_("The merged question this asker came from."),
    )
    # Two links to one page: whoever typed the address is shown the first, only the mailbox gets the second.
    token_digest = models.CharField(max_length=64, editable=False)
    mailed_digest = models.CharField(max_length=64, editable=False)
    agreed_at = models.DateTimeField(null=True, blank=True)
    mail_stopped_at = models.DateTimeField(null=True, blank=True)
    # What this person says of the answer they got.
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    verdict_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    # Whether this person came by the link in the confirmation mail, which only the mailbox holds.
    proved = False

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "asker"], name="one_part_per_asker"),
            models.UniqueConstraint(fields=["token_digest"], name="one_part_per_link"),
            models.UniqueConstraint(fields=["mailed_digest"], name="one_part_per_mailed_link"),
        ]
        indexes = where_set("part", "origin")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.question_id}"

    @classmethod
    def join(cls, **fields: Any) -> "Participation":
        """Makes a participation with a link of its own."""
        part = cls(**fields)
        part.token_digest, part.mailed_digest = cls.digest(part.token), cls.digest(part.mailed_token)
        part.save(force_insert=True)
        return part

    @classmethod
    def hold(cls, pk: Any) -> "Participation | None":
        """The row, ours until the transaction ends; none when its asker was forgotten.

        Who writes a letter outside the door of its question takes it first: a letter that was begun
        before somebody was forgotten would stay behind.
        """
        rows = cls.objects.select_for_update(no_key=True, of=("self",)).select_related("question")
        return rows.filter(pk=pk).exclude(asker=None).first()

    @classmethod
    def carry_over(cls, question: Any, into: Any) -> None:
        """Everybody who asked `question` takes part in `into`, unless they do already."""
        for part in question.participations.exclude(asker=None).exclude(kind=cls.Kind.WAITING):
            taken = {"kind": cls.Kind.MERGED, "origin": question, "mail_stopped_at": part.mail_stopped_at}
            there = cls.objects.filter(question=into, asker=part.asker)
            # Who waits there has proved their address here.
            if not there.filter(kind=cls.Kind.WAITING).update(**taken) and not there.exists():
                cls.join(question=into, asker=part.asker, **taken)

    @classmethod
    def take_back(cls, question: Any) -> None:
        """The reverse of `carry_over`: who came along leaves again, also where they were carried on to.

        Who stopped the mail there wants none here either.
        """
        came = cls.objects.filter(origin=question).order_by("pk").select_for_update(of=("self",))
        askers = {part.asker_id: part.mail_stopped_at for part in came}
        for asker, stopped in askers.items():
            if asker is not None and stopped is not None:
                cls.objects.filter(question=question, asker=asker, mail_stopped_at=None).update(mail_stopped_at=stopped)
        cls._leave(question, list(askers))

    @classmethod
    def _leave(cls, origin: Any, askers: list[Any]) -> None:
        rows = cls.objects.filter(origin=origin, asker__in=askers).select_related("question").order_by("pk")
        # Held before they go: a letter to one of them may be written at this moment, and goes with them.
        for part in rows.select_for_update(of=("self",)):
            cls._leave(part.question, [part.asker_id])
            Event.objects.filter(participation=part).update(why="", data={})  # erasing would not find it
            part.delete()

    @property
    def token(self) -> str:
        """The secret of the link. Derived, never stored: the database alone opens no case."""
        return self._derived("track")

    @property
    def mailed_token(self) -> str:
        """The secret of the link in letters: who has it reads this asker's mail."""
        return self._derived("mailed")

    @property
    def came_by(self) -> str:
        """The secret of the link this person used."""
        return self.mailed_token if self.proved else self.token

    def _derived(self, purpose: str) -> str:
        key = settings.SECRET_KEY.encode()
        return hmac.new(key, f"{purpose}:{self.pk}".encode(), hashlib.sha256).hexdigest()[:40]

    @staticmethod
    def digest(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    @classmethod
    def find(cls, token: str) -> "Participation | None":
        """Whose link this is; `proved` when it is the one that only the mailbox holds."""
        digest = cls.digest(token)
        rows = cls.objects.select_related("question", "asker").exclude(kind=cls.Kind.WAITING)
        part = rows.filter(models.Q(token_digest=digest) | models.Q(mailed_digest=digest)).first()
        if part is not None:
            part.proved = part.mailed_digest == digest
        return part

    @property
    def confirm_token(self) -> str:
        """Goes to the mailbox only, so that nobody confirms an address that is not theirs."""
        return TimestampSigner(salt="confirm").sign(str(self.pk))

    @classmethod
    def find_to_confirm(cls, token: str) -> "Participation | None":
        try:
            pk = TimestampSigner(salt="confirm").unsign(token, max_age=CONFIRM_WITHIN)
        except BadSignature:
            return None
        part = cls.objects.select_related("question", "asker").filter(pk=pk).exclude(asker=None).first()
        if part is not None:
            part.proved = True
        return part

    @property
    def stop_token(self) -> str:
        """Stands in the header of letters: ends the mail about this question, and opens nothing."""
        return Signer(salt="mail-stop").sign(str(self.pk))

    @classmethod
    def find_to_stop(cls, token: str) -> "Participation | None":
        try:
            pk = Signer(salt="mail-stop").unsign(token)
        except BadSignature:
            return None
        return cls.objects.select_related("question").filter(pk=pk).exclude(asker=None).first()

    def close_link(self) -> None:
        """Makes the links open nothing any more."""
        self.token_digest, self.mailed_digest = (self.digest(secrets.token_hex()) for _n in range(2))
        self.save(update_fields=["token_digest", "mailed_digest"])

    @property
    def is_waiting(self) -> bool:
        """Whether this person has yet to confirm that they want to know it too."""
        return self.kind == self.Kind.WAITING

    @property
    def decides(self) -> bool:
        """Whether this person speaks for the question: agrees, withdraws, says if it helped."""
        return self.kind in DECIDING

    @property
    def title(self) -> str:
        """The question in words this person may read: the own words of somebody else are not among them."""
        if self.decides:
            return str(self.question.title)
        return str(self.question.articulated) or self.title_before

    @property
    def title_before(self) -> str:
        """How the question this person came from is called to them; nothing when they came from none."""
        if self.origin is None or self.asker_id is None:
            return ""
        rows = Participation.objects.filter(question=self.origin, asker=self.asker_id)
        before = rows.select_related("question", "origin").first()
        return before.title if before is not None else ""

    def judge(self, verdict: str, why: str) -> None:
        """Whether the answer does, said once; what is missing goes into the dialogue of who leads it."""
        if self.verdict:
            raise NotNow(_("You have told us already what you think of this answer."))
        self.verdict, self.verdict_at = verdict, timezone.now()
        self.save(update_fields=["verdict", "verdict_at"])
        if why and self.decides:
            self.question.messages.create(participation=self, from_asker=True, body=why)

    def has_perm(self, perm: str) -> bool:
        """Askers hold no rights of the desk."""
        return False


DECIDING = (Participation.Kind.ASKED, Participation.Kind.ON_BEHALF)
