"""When a question may move on: silent checks, each with the sentence shown while it does not hold."""

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brokers.models import Desk
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


@because(_("There is no other desk. An administrator can add one."))
def other_desk(question: "Question") -> bool:
    return Desk.objects.exclude(pk=question.desk_id).exists()


@because(_("Not every acceptance criterion has been checked yet, and this desk wants that first."))
def checked(question: "Question") -> bool:
    if not question.desk.checks_first:
        return True
    return not question.desk.criteria.filter(retired_at=None).exclude(checks__question=question).exists()


def fails_a_criterion(question: "Question") -> bool:
    """Whether a criterion that is in use was checked and not met."""
    return bool(question.checks.filter(verdict="no", criterion__retired_at=None).exists())


def waits_for_asker(question: "Question") -> bool:
    """Whether it is the asker who has to say something, and is still there to say it."""
    proposed = question.state == State.ASSIGNED and question.proposed_at and not question.agreement
    if not proposed and question.confirmed_at:
        return False
    return any(part.asker_id and part.decides for part in question.participations.all())
