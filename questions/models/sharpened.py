"""The question as it was sharpened with the asker, and whether they agreed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from questions import findable, limits, permissions
from questions.models import conditions as when
from questions.models.articulation import FRAME, Articulation
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
    agreed_by = models.ForeignKey(Participation, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    waived_because = models.TextField(blank=True)
    # Since when the desk may search, keep sources and write. A new proposal does not shut it again: it has begun.
    research_open_at = models.DateTimeField(null=True, blank=True)
    early_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    early_because = models.TextField(blank=True)

    class Meta:
        abstract = True

    @move("state", _("Propose the sharpened question"), State.ASSIGNED, State.ASSIGNED, permissions.holds)
    def propose(self: Any, *, by: Any, articulated: str, note: str = "", **frame: str) -> None:
        """Put the articulated question to the asker; an earlier agreement is void."""
        self.articulated = articulated
        for name, words in frame.items():
            setattr(self, name, words)
        self.proposed_at = timezone.now()
        self.wait(WaitsFor.AGREEMENT)
        self.agreement, self.agreement_at, self.agreed_by, self.waived_by = "", None, None, None
        self.waived_because = ""
        self._word(Articulation.Kind.PROPOSED, user=by, note=note)
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
            self._word(Articulation.Kind.AMENDED, participation=by)
            findable.put_question(self)
        self._settle(Agreement.AGREED)
        self.agreed_by = by
        by.agreed_at = timezone.now()
        by.save(update_fields=["agreed_at"])

    @move(
        "state",
        _("Write down that the asker agreed in a conversation"),
        State.ASSIGNED,
        State.ASSIGNED,
        permissions.holds,
        when.has_articulation,
        when.not_agreed,
    )
    def note_agreement(self: Any, *, by: Any, why: str) -> None:
        """The asker said yes on the phone or at school; the words may still not be shown to everybody."""
        self._settle(Agreement.SPOKEN)
        self.waived_by, self.waived_because = by, why

    @move(
        "state",
        _("Go on without agreement"),
        State.ASSIGNED,
        State.ASSIGNED,
        permissions.coordinates,
        when.has_articulation,
        when.not_agreed,
    )
    def waive(self: Any, *, by: Any, why: str) -> None:
        """A silent asker: the coordinator says why the desk goes on with the proposed words."""
        self._settle(Agreement.WAIVED)
        self.waived_by, self.waived_because = by, why

    @move(
        "state",
        _("Let research begin before the asker agreed"),
        State.ASSIGNED,
        State.ASSIGNED,
        permissions.coordinates,
        when.not_agreed,
        when.research_closed,
    )
    def start_research(self: Any, *, by: Any, why: str) -> None:
        """Only searching and writing: sending the answer still waits for agreement."""
        self.research_open_at = timezone.now()
        self.early_by, self.early_because = by, why

    def _word(self: Any, kind: str, **who: Any) -> None:
        """Keep the words as they stand now; this row is never changed."""
        last = self.articulations.last()
        words = {name: getattr(self, name) for name in ("articulated", *FRAME)}
        self.articulations.create(n=last.n + 1 if last else 1, kind=kind, **words, **who)

    def _settle(self: Any, agreement: str) -> None:
        now = timezone.now()
        self.agreement, self.agreement_at = agreement, now
        self.research_open_at = self.research_open_at or now
        self.wait_no_longer()
        if agreement != Agreement.WAIVED:
            last = self.articulations.last()
            self.articulations.filter(pk=last.pk).update(agreed_at=now)
