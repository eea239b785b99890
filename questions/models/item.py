"""What the desk publishes: a kind, a permanent number, and versions. Knows no question."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from questions.refusals import NotNow
from questions.states import WRITABLE, VersionState

if TYPE_CHECKING:
    from questions.models.version import Version


# What stands behind the number of an answer in an address and is no title.
TAKEN = ("team", "changes", "feedback", "correction")


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
    replaced_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaces")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="one_item_per_number"),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | ~Q(replaced_by=F("id")), name="nothing_replaces_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def entitle(self, title: str) -> None:
        """Gives the item its title and the slug made from it; the number stays the address."""
        self.title = title[:300]
        slug = slugify(title)[:90].strip("-") or "answer"
        self.slug = f"{slug}-{self.number}" if slug in TAKEN else slug

    def replace_by(self, other: "Item") -> None:
        """From now on `other` is read in its place, also by whoever was sent here from a third one.

        Raises NotNow when `other` is no living answer, or somebody is changing it.
        """
        # Without the lock two answers could be replaced by each other at the same moment.
        cases = other.questions.select_for_update(skip_locked=True, no_key=True, of=("self",))
        if other.pk == self.pk or len(cases) != other.questions.count() or other.living() is None:
            raise NotNow(_("An answer is replaced by another one that is public and that nobody is changing."))
        Item.objects.filter(replaced_by=self).update(replaced_by=other)
        self.replaced_by = other
        self.save(update_fields=["replaced_by"])

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
