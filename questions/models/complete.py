"""When a text is whole: silent checks of a version, each with the sentence shown while it does not hold."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from evidence.visible import is_blank
from questions.merging import MARK
from questions.models.revision import TEXTS
from questions.refusals import because
from questions.states import Significance, State

if TYPE_CHECKING:
    from questions.models.version import Version


@because(_("There is no short answer yet."), met=_("There is a short answer."))
def has_short_answer(version: "Version") -> bool:
    return not is_blank(version.short_answer)


@because(_("The strength of the evidence is not stated yet."), met=_("The strength of the evidence is stated."))
def strength_stated(version: "Version") -> bool:
    return bool(version.strength)


@because(
    _("The answer rests on nothing yet: cite at least one source, or state the gap."),
    met=_("The answer cites its sources, or states the gap."),
)
def rests_on_something(version: "Version") -> bool:
    return not is_blank(version.gap) or version.citations.exists()


@because(_("Say what kind of gap it is."), met=_("The gap has its kind, if there is one."))
def gap_has_kind(version: "Version") -> bool:
    """Nobody fills it in: “no research found” is said of research by a person, or not at all."""
    return is_blank(version.gap) or bool(version.gap_kind)


@because(
    _("The strength or direction differs from what the ledger bears out: say why, or take that over."),
    met=_("Strength and direction are what the ledger bears out, or it says why they differ."),
)
def strength_explained(version: "Version") -> bool:
    return bool(version.strength_because) or not version.differs_from_ledger()


@because(_("The asker has this answer: take the question up again first."))
def not_with_the_asker(version: "Version") -> bool:
    return not version.item.questions.filter(state=State.ANSWERED).exists()


@because(
    _("It holds two texts side by side, between ⟪ and ⟫: first choose what stays."),
    met=_("It holds no two texts side by side."),
)
def nothing_is_undecided(version: "Version") -> bool:
    return not any(MARK in str(getattr(version, name) or "") for name in TEXTS)


@because(
    _("Readers know an earlier version: say what kind of change this is, and what changed."),
    met=_("It says what changed, or readers know no earlier version."),
)
def says_what_changed(version: "Version") -> bool:
    if version.n == 1 or version.significance == Significance.TYPO:
        return True
    return bool(version.significance) and not is_blank(version.change_note)


@because(
    _("How sure it is or what was found changed: that is a change of the conclusion."),
    met=_("No change of the conclusion is called a smaller one."),
)
def change_is_not_made_smaller(version: "Version") -> bool:
    if version.n == 1 or version.significance == Significance.CONCLUSION:
        return True
    before = version.item.versions.published().filter(language=version.language).first()
    return before is None or (before.strength, before.direction) == (version.strength, version.direction)


COMPLETE = [
    has_short_answer,
    strength_stated,
    rests_on_something,
    gap_has_kind,
    nothing_is_undecided,
    says_what_changed,
    change_is_not_made_smaller,
]
