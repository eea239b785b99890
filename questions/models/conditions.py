"""When a question may move on: silent checks, each with the sentence shown while it does not hold."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from brokers.models import Desk
from questions.models.complete import COMPLETE
from questions.refusals import because, lacking
from questions.states import Agreement, ReviewKind, State, Turn, VersionState, WaitsFor

GONE = "[…]"  # what stands where words were removed

if TYPE_CHECKING:
    from brokers.models import User
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


def waiting_remarks(question: "Question") -> int:
    """How many remarks at the answer that is on its way have no outcome yet."""
    item = question.item
    version = (item.approved() or item.working(question.language)) if item is not None else None
    return version.remarks.filter(outcome="").count() if version is not None else 0


def told_of_remarks(question: "Question") -> list[str]:
    n = waiting_remarks(question)
    words = ngettext(
        "%(n)s remark at the text waits: say what became of it.",
        "%(n)s remarks at the text wait: say what became of them.",
        n,
    )
    return [words % {"n": n}]


@because(
    _("Remarks at the text wait: say what became of them."),
    met=_("No remark at the text waits."),
    missing=told_of_remarks,
)
def remarks_settled(question: "Question") -> bool:
    return not waiting_remarks(question)


@because(_("The embargo has not passed yet."), met=_("There is no embargo (any more)."))
def embargo_passed(question: "Question") -> bool:
    return question.embargo_until is None or question.embargo_until <= timezone.now()


@because(_("No publication is planned."))
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


@because(_("No message waits for a reply of the asker."))
def asked(question: "Question") -> bool:
    return bool(question.waits_for == WaitsFor.REPLY)


@because(_("It is not the asker's turn."))
def asker_s_turn(question: "Question") -> bool:
    return question.turn == Turn.ASKER


@because(_("The asker has not been reminded yet."))
def reminded(question: "Question") -> bool:
    return question.reminded_at is not None


@because(_("Other people wait for this answer as well: go on without the asker, or join it with another question."))
def nobody_else_waits(question: "Question") -> bool:
    return not any(part.asker_id and not part.decides and not part.is_waiting for part in question.participations.all())


@because(
    _("Other people want to know this as well, and would hear nothing: decline it, or join it with another question.")
)
def nobody_else_asks(question: "Question") -> bool:
    return nobody_else_waits(question)


@because(_("An answer was begun already, so this is a question: decline it when it is not for this desk."))
def no_answer_begun(question: "Question") -> bool:
    return question.item_id is None


@because(_("Its words were removed: there is nothing left to answer."))
def words_kept(question: "Question") -> bool:
    return question.text != GONE


@because(_("This question was not closed because the asker was silent."))
def closed_silent(question: "Question") -> bool:
    return bool(question.closed_from)


def can_answer(question: "Question") -> bool:
    """Whether something was put to the asker that they can answer now: a proposal only while a broker has the case."""
    if question.waits_for == WaitsFor.AGREEMENT:
        return bool(question.state == State.ASSIGNED)
    return bool(question.waits_for)


def waits_for_asker(question: "Question") -> bool:
    """Whether it is the asker who has to say something, and is still there to say it."""
    if question.confirmed_at and not can_answer(question):
        return False
    return any(part.asker_id and part.decides for part in question.participations.all())


def in_review(question: "Question") -> bool:
    """Whether a reviewer has the answer."""
    working = question.item.working(question.language) if question.item is not None else None
    return working is not None and working.state == VersionState.IN_REVIEW


def is_away(user: "User | None") -> bool:
    """Whether this broker is absent today."""
    broker = getattr(user, "broker", None)
    return broker is not None and not broker.is_present


@because(_("The broker who holds this case is not absent."))
def offered(question: "Question") -> bool:
    holder = question.assignee
    return holder is not None and (is_away(holder) or not holder.is_active)


def stands_still(question: "Question") -> bool:
    """Whether somebody else has to do something first, or the holder cannot: no claim runs out meanwhile.

    Who works here no more is waited for by nobody.
    """
    holder = question.assignee
    if holder is None or not holder.is_active:
        return False
    return waits_for_asker(question) or in_review(question) or is_away(holder)


@because(_("The claim has not run out, or its holder has not been warned in time."))
def lease_over(question: "Question") -> bool:
    until = question.held_until
    if until is None or until >= timezone.localdate() or question.held_warned != until:
        return False
    return not stands_still(question)
