"""What somebody is writing and did not save yet: theirs alone, whatever becomes of the case or the browser."""

import uuid

from django.conf import settings
from django.db import models


class PrivateDraft(models.Model):
    """One row for each time that somebody sat down to write (`sitting`): two windows never overwrite each other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="private_drafts")
    question = models.ForeignKey("Question", on_delete=models.CASCADE, related_name="private_drafts")
    sitting = models.UUIDField(help_text="Made when the editor was opened.")
    base = models.CharField(max_length=60, help_text="The ETag the person had read.")
    content = models.JSONField(help_text="As `Revision.content`, unchecked.")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "question", "sitting"], name="one_private_draft_per_sitting")
        ]

    def __str__(self) -> str:
        return f"{self.question_id} by {self.user_id}"
