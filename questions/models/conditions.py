"""When a question may move on: silent checks, each with the sentence shown while it does not hold."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from questions.models.version import COMPLETE
from questions.refusals import because, lacking
from questions.states import Agreement, ReviewKind, State, VersionState

if TYPE_CHECKING:
    from questions.models.question import Question


@because(_("The e-mail address has not been confirmed yet."))
def confirmed(question: "Question") -> bool:
    return question.confirmed_at is not None


@because(_("This question has been confirmed already."))
def unconfirmed(question: "Question") -> bool:
    return question.confirmed_at is None


@because(_("There is no sharpened question yet."))
def has_articulation(question: "Question") -> bool:
    return question.proposed_at is not None


@because(_("The sharpened question has been agreed already."))
def not_agreed(question: "Question") -> bool:
    return not question.agreement


@because(
    _("The asker has not agreed to the sharpened question, and nobody recorded why that is not needed."),
    met=_("The sharpened question is agreed, or it was recorded why that is not needed."),
)
def agreement_settled(question: "Question") -> bool:
    return bool(question.agreement)


def before_approval(question: "Question") -> list[Any]:
    """What an answer lacks before it is approved, each thing in a sentence."""
    version = question.item.working(question.language) if question.item is not None else None
    if version is None:
        return []
    if version.state == VersionState.DRAFT:
        return [*lacking(COMPLETE, version), _("The answer was not sent to review.")]
    kinds = ", ".join(str(ReviewKind(kind).label) for kind in version.open_kinds())
    return [
        *lacking(COMPLETE, version),
        *([gettext("Still to be approved: %(kinds)s.") % {"kinds": kinds}] if kinds else []),
    ]


@because(_("There is no reviewed answer yet."), met=_("The answer is reviewed and approved."), missing=before_approval)
def answer_approved(question: "Question") -> bool:
    return question.item is not None and question.item.approved() is not None


@because(_("The embargo has not passed yet."), met=_("There is no embargo (any more)."))
def embargo_passed(question: "Question") -> bool:
    return question.embargo_until is None or question.embargo_until <= timezone.now()


@because(_("No moment was chosen to publish it."))
def scheduled(question: "Question") -> bool:
    return question.publish_at is not None


@because(_("There is no public answer to take back."))
def living_answer(question: "Question") -> bool:
    return question.item is not None and question.item.living() is not None


@because(_("The asker has not agreed to the sharpened question, or asked us to keep it to ourselves."))
def may_be_shown(question: "Question") -> bool:
    return question.agreement == Agreement.AGREED and not question.keep_private


@because(_("The question is shown already."))
def not_shown(question: "Question") -> bool:
    return question.shown_at is None


@because(_("The question is not shown."))
def shown(question: "Question") -> bool:
    return question.shown_at is not None


def waits_for_asker(question: "Question") -> bool:
    """Whether it is the asker who has to say something, and is still there to say it."""
    proposed = question.state == State.ASSIGNED and question.proposed_at and not question.agreement
    if not proposed and question.confirmed_at:
        return False
    return any(part.asker_id and part.decides for part in question.participations.all())
