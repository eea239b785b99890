"""Every save of an answer, word for word: what a stale save is compared with, and what the history of a text shows."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from questions.models.consultation import Consultation

if TYPE_CHECKING:
    from questions.models.version import Version

# What an answer says, beside its citations and the experts who were consulted: one list for editor, API and copies.
TEXTS = (
    "asked_as",
    "short_answer",
    "explanation",
    "conclusion",
    "strength",
    "direction",
    "gap",
    "gap_kind",
    "team_questions",
    "team_try",
    "team_watch",
)
# What is said of this one version, which a next one does not begin with.
OF_THIS_VERSION = ("look_again_on", "significance", "change_note")
FOR_EVERYBODY = (*TEXTS, *OF_THIS_VERSION)
WRITTEN = (*FOR_EVERYBODY, "strength_because")  # the last one is for the desk
CITED = ("source", "claim", "locator")


class Revision(models.Model):
    """The whole text as it stood after save `n`; `by` is nobody where the desk itself made it.

    `content` holds strings only, as the editor sends them: every name of WRITTEN, and the rows
    `citations` (CITED, the source by its key) and `consulted` (`Consultation.WORDS`).
    """

    version = models.ForeignKey("Version", on_delete=models.CASCADE, related_name="revisions")
    n = models.PositiveIntegerField()
    content = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    forgets = models.BooleanField(default=False, help_text="Something was taken out that may not come back.")

    class Meta:
        ordering = ["version", "n"]
        constraints = [models.UniqueConstraint(fields=["version", "n"], name="one_text_per_save")]

    def __str__(self) -> str:
        return f"{self.version_id}-{self.n}"

    @classmethod
    def keep(cls, version: "Version", by: Any = None, *, forgets: bool = False) -> "Revision":
        """Write down the text of `version` as it stands now."""
        return cls.objects.create(
            version=version, n=version.revision, content=content_of(version), by=by, forgets=forgets
        )


def content_of(version: "Version") -> dict[str, Any]:
    """The text of `version` as `Revision.content` holds it."""
    citations = version.citations.select_related("source")
    return {
        **{name: str(getattr(version, name) or "") for name in WRITTEN},
        "citations": [{"source": one.source.key, "claim": one.claim, "locator": one.locator} for one in citations],
        "consulted": [
            {name: str(getattr(one, name)) for name in Consultation.WORDS} for one in version.consulted.all()
        ],
    }
