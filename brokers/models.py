"""The people who work cases, the desk they sit at and the organisations they work for."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brokers.sectors import Sector
from evidence import kept
from evidence.models import Theme


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who can log in; `email` is stored in lower case."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody of the desk. Askers have no account."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    # Named in public is who says so themselves: a name on the internet cannot be taken back everywhere.
    name_public = models.BooleanField(_("may be named in public"), default=False, editable=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_address")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def called(self) -> str:
        """How somebody who asked knows this person: never by the address they log in with."""
        return self.name or str(_("The desk"))

    def agree_to_be_named(self, agrees: bool) -> None:
        """Whether the public reads who this is on answers and theme pages: theirs alone to say."""
        self.name_public = agrees
        self.save(update_fields=["name_public"])
        kept.forget()


class Desk(models.Model):
    """A front desk with a queue of its own; there is one default desk."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    is_default = models.BooleanField(default=False)
    external_url = models.URLField(
        blank=True,
        help_text=_("For a desk outside this system: where people ask there themselves. We send them nothing."),
    )
    checks_first = models.BooleanField(
        _("accepts a question only when every acceptance criterion has been checked"), default=False
    )
    demo_loaded_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_desk"
            ),
            models.CheckConstraint(
                condition=models.Q(is_default=False) | models.Q(external_url=""), name="the_default_desk_is_ours"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_external(self) -> bool:
        """Whether it is only an address that askers can go to themselves."""
        return bool(self.external_url)

    @classmethod
    def default(cls) -> "Desk":
        return cls.objects.get(is_default=True)

    @classmethod
    def take_turns(cls, pk: Any) -> None:
        """Who changes a list of this desk waits for who does so now, until the transaction ends.

        Locked line by line, two would wait in a circle.
        """
        cls.objects.select_for_update(no_key=True).get(pk=pk)


class Organisation(models.Model):
    """A school, a board or a network that questions are asked for."""

    class Kind(models.TextChoices):
        SCHOOL = "school", _("school")
        BOARD = "board", _("board")
        NETWORK = "network", _("network")

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SCHOOL)
    sector = models.CharField(max_length=5, choices=Sector)
    region = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.name


class BrokerQuerySet(models.QuerySet["Broker"]):
    def absent(self) -> Self:
        """Those who are away today."""
        today = timezone.localdate()
        began = models.Q(absent_from=None) | models.Q(absent_from__lte=today)
        return self.filter(began, absent_until__gte=today)


class Broker(models.Model):
    """What a knowledge broker knows and how much they can carry."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="broker")
    expertise = models.TextField(blank=True)
    sectors = ArrayField(models.CharField(max_length=5, choices=Sector), default=list, blank=True)
    themes = models.ManyToManyField(
        Theme, blank=True, related_name="brokers", help_text=_("On the pages of these themes, if they may be named.")
    )
    capacity = models.PositiveSmallIntegerField(default=40, help_text=_("How many open cases this broker can hold."))
    absent_from = models.DateField(null=True, blank=True, help_text=_("Empty: from now on."))
    absent_until = models.DateField(null=True, blank=True, help_text=_("The last day of the absence."))

    objects: ClassVar[Any] = BrokerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(absent_from=None) | models.Q(absent_until__gte=models.F("absent_from")),
                name="an_absence_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_present(self) -> bool:
        today = timezone.localdate()
        if self.absent_until is None or self.absent_until < today:
            return True
        return self.absent_from is not None and today < self.absent_from


class Token(models.Model):
    """A machine's key to the API: only its hash is kept, it has scopes and it expires."""

    class Scope(models.TextChoices):
        READ = "read", _("read")
        WRITE = "write", _("read and change")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.WRITE)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user} ({self.scope})"

    @classmethod
    def issue(cls, user: User, *, days: int = 365, scope: str = Scope.WRITE) -> str:
        """A fresh key for `user`; shown this once, valid for `days`."""
        key = f"rot_{secrets.token_urlsafe(32)}"
        cls.objects.create(
            user=user, digest=cls.hash(key), scope=scope, expires_at=timezone.now() + timedelta(days=days)
        )
        return key

    @staticmethod
    def hash(key: str) -> str:
        return hashlib.sha256(key.encode()).hexdigest()

    @classmethod
    def find(cls, key: str) -> "Token | None":
        """The living token behind `key`, or None."""
        return (
            cls.objects.select_related("user")
            .filter(digest=cls.hash(key), expires_at__gt=timezone.now(), user__is_active=True)
            .first()
        )
