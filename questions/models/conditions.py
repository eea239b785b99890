"""When a question may move on: silent checks, each with the sentence shown while it does not hold."""

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from questions.refusals import because
from questions.states import Agreement, State

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


@because(_("The asker has not agreed to the sharpened question, and nobody recorded why that is not needed."))
def agreement_settled(question: "Question") -> bool:
    return bool(question.agreement)


@because(
    _(
        "The asker has not agreed to the sharpened question yet, and no coordinator wrote down why research begins before that."
    )
)
def research_open(question: "Question") -> bool:
    return question.research_open_at is not None


@because(_("Research may begin already."))
def research_closed(question: "Question") -> bool:
    return question.research_open_at is None


@because(_("There is no reviewed answer yet."))
def answer_approved(question: "Question") -> bool:
    return question.item is not None and question.item.approved() is not None


@because(_("The embargo has not passed yet."))
def embargo_passed(question: "Question") -> bool:
    return question.embargo_until is None or question.embargo_until <= timezone.now()


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
