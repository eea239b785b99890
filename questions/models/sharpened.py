"""The question as it was sharpened with the asker, and whether they agreed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from questions import findable, limits, permissions
from questions.models import conditions as when
from questions.models.asker import Participation
from questions.moves import move
from questions.states import Agreement, State, WaitsFor


class Sharpened(models.Model):
    """Part of `Question`. Nobody searches for what nobody asked: first the words, then the answer."""

    articulated = models.CharField(max_length=limits.TITLE, blank=True)
    for_whom = models.CharField(max_length=500, blank=True)
    approach = models.CharField(max_length=500, blank=True)
    compared_to = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(max_length=500, blank=True)
    frame_context = models.CharField(max_length=500, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    agreement = models.CharField(max_length=6, choices=Agreement, blank=True)
    agreement_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(Participation, on_delete=models.SET_NULL, null=True, related_name="+")
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    waived_because = models.TextField(blank=True)

    class Meta:
        abstract = True

    @move("state", _("Propose the sharpened question"), State.ASSIGNED, State.ASSIGNED, permissions.holds)
    def propose(self: Any, *, by: Any, articulated: str, **frame: str) -> None:
        """Put the articulated question to the asker; an earlier agreement is void."""
        self.articulated = articulated
        for name, words in frame.items():
            setattr(self, name, words)
        self.proposed_at = timezone.now()
        self.wait(WaitsFor.AGREEMENT)
        self.agreement, self.agreement_at, self.agreed_by, self.waived_by = "", None, None, None
        self.waived_because = ""
        self.unshow()
        findable.put_question(self)

    @move(
        "state",
        _("Agree to the question"),
        State.ASSIGNED,
        State.ASSIGNED,
        permissions.is_asker,
        when.has_articulation,
        when.not_agreed,
    )
    def agree(self: Any, *, by: Any, articulated: str = "", keep_private: bool = False) -> None:
        """The asker agrees, as it stands or with better words."""
        self.keep_private = keep_private
        if articulated:
            self.articulated = articulated
            findable.put_question(self)
        self.agreement, self.agreement_at = Agreement.AGREED, timezone.now()
        self.agreed_by = by
        self.wait_no_longer()
        by.agreed_at = timezone.now()
        by.save(update_fields=["agreed_at"])

    @move(
        "state",
        _("Go on without agreement"),
        State.ASSIGNED,
        State.ASSIGNED,
        permissions.holds_or_coordinates,
        when.has_articulation,
        when.not_agreed,
    )
    def waive(self: Any, *, by: Any, why: str) -> None:
        self.agreement, self.agreement_at = Agreement.WAIVED, timezone.now()
        self.waived_by, self.waived_because = by, why
        self.wait_no_longer()
