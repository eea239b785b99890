"""What the desk publishes: a kind, a permanent number, and versions. Knows no question."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from questions.states import WRITABLE, VersionState

if TYPE_CHECKING:
    from questions.models.version import Version


class Item(models.Model):
    class Kind(models.TextChoices):
        ANSWER = "answer", _("answer")

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ANSWER)
    number = models.PositiveIntegerField()
    slug = models.SlugField(max_length=90, blank=True)
    title = models.CharField(max_length=300)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="held_items",
        help_text=_("Who may write the next version."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="one_item_per_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def entitle(self, title: str) -> None:
        """Gives the item its title and the slug made from it; the number stays the address."""
        self.title = title[:300]
        self.slug = slugify(title)[:90].strip("-") or "answer"

    def working(self, language: str) -> "Version | None":
        """The version that is being written or waits to be published."""
        return self.versions.filter(language=language, state__in=WRITABLE).order_by("-n").first()

    def approved(self) -> "Version | None":
        return self.versions.filter(state=VersionState.APPROVED).order_by("-n").first()

    def living(self) -> "Version | None":
        """The version the public reads, if any."""
        return self.versions.published().order_by("-n").first()

    def shown(self) -> "Version | None":
        """What stands on the permanent page: the living version, else the retracted one."""
        return self.living() or self.versions.shown().order_by("-n").first()
