"""Who may do what: predicates (subject, by) -> bool, one sentence each."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from brokers.models import User
from questions.refusals import who


class System:
    """The desk itself: beat jobs and consequences of what people did."""

    pk = None

    def has_perm(self, perm: str) -> bool:
        return False


SYSTEM = System()


@who(_("the asker"))
def is_asker(question: Any, by: Any) -> bool:
    return bool(getattr(by, "question_id", None) == question.pk and by.decides)


@who(_("whoever asked this"))
def asks(question: Any, by: Any) -> bool:
    return bool(getattr(by, "question_id", None) == question.pk)


@who(_("the asker, by the link in the e-mail, or staff"))
def may_confirm(question: Any, by: Any) -> bool:
    # The tracking link is shown to whoever typed the address; only the mailbox proves that it is theirs.
    return bool((is_asker(question, by) and by.proved) or by.has_perm("questions.view_question"))


@who(_("a broker"))
def works(question: Any, by: Any) -> bool:
    return bool(by.has_perm("questions.work_question"))


@who(_("a broker"))
def adds_sources(question: Any, by: Any) -> bool:
    """Into the library, whatever question it was found for."""
    return bool(by.has_perm("evidence.add_source"))


@who(_("the desk itself or a coordinator"))
def closes(question: Any, by: Any) -> bool:
    return by is SYSTEM or coordinates(question, by)


@who(_("the asker or a coordinator"))
def asker_or_coordinator(question: Any, by: Any) -> bool:
    return is_asker(question, by) or bool(by.has_perm("questions.coordinate_question"))


@who(_("a coordinator"))
def coordinates(question: Any, by: Any) -> bool:
    return bool(by.has_perm("questions.coordinate_question"))


@who(_("the broker who holds the case"))
def holds(question: Any, by: Any) -> bool:
    return works(question, by) and question.assignee_id == by.pk


@who(_("a broker who does not hold the case"))
def may_take(question: Any, by: Any) -> bool:
    return works(question, by) and question.assignee_id != by.pk


@who(_("the desk itself, when the time is over"))
def by_itself(question: Any, by: Any) -> bool:
    return by is SYSTEM


@who(_("the broker who holds the case, or a coordinator"))
def holds_or_coordinates(question: Any, by: Any) -> bool:
    return coordinates(question, by) or holds(question, by)


@who(_("a coordinator or an editor"))
def coordinates_or_edits(subject: Any, by: Any) -> bool:
    return coordinates(subject, by) or edits(subject, by)


@who(_("a broker or an editor"))
def works_or_edits(question: Any, by: Any) -> bool:
    return works(question, by) or by.has_perm("questions.publish_question")


@who(_("a broker or an editor who does not hold the new version already"))
def may_revise(question: Any, by: Any) -> bool:
    # Whoever began a version may be away: another takes it over, so that it is no dead end.
    under_way = question.item is not None and question.item.working(question.language) is not None
    return works_or_edits(question, by) and not (under_way and holds_item(question.item, by))


@who(_("an editor who neither wrote nor holds the answer"))
def may_publish(question: Any, by: Any) -> bool:
    return by.has_perm("questions.publish_question") and not question.wrote(by)


@who(_("an editor who neither wrote nor holds the answer, or the desk at the moment that they chose"))
def publishes(question: Any, by: Any) -> bool:
    # At that moment the editor is asked again: they may have left, or have written in it since.
    if by is SYSTEM:
        return bool(question.is_due and question.publish_by and may_publish(question, question.publish_by))
    return may_publish(question, by)


@who(_("an editor"))
def unschedules(question: Any, by: Any) -> bool:
    # The desk itself does it when the text changes.
    return by is SYSTEM or edits(question, by)


@who(_("an editor"))
def edits(question: Any, by: Any) -> bool:
    return bool(by.has_perm("questions.publish_question"))


@who(_("the broker who holds the case, a coordinator, or an editor"))
def may_sort(question: Any, by: Any) -> bool:
    return holds_or_coordinates(question, by) or edits(question, by)


@who(_("whoever holds the answer"))
def writes(version: Any, by: Any) -> bool:
    return holds_item(version.item, by)


@who(_("whoever holds the answer"))
def takes_back(version: Any, by: Any) -> bool:
    # The desk itself takes it back when the sharpened question changes.
    return by is SYSTEM or writes(version, by)


def holds_item(item: Any, by: Any) -> bool:
    """Whether `by` may write the next version: the broker of the case, or the editor who revises it."""
    return works_or_edits(item, by) and item.holder_id == by.pk


def writes_for(question: Any, by: Any) -> bool:
    """Whoever holds the answer of `question`; the broker who holds the case while there is none."""
    return holds(question, by) if question.item is None else holds_item(question.item, by)


def reviewers() -> Any:
    """Everybody who works here and may review; whoever wrote in a version may not review that one."""
    return User.objects.filter(is_active=True, groups__permissions__codename="review_version").distinct()


@who(_("a reviewer who did not write the answer"))
def may_review(version: Any, by: Any) -> bool:
    if hasattr(by, "invited_by_id"):  # somebody from outside, invited for this answer alone
        return bool(by.version_id == version.pk and by.is_live and by.covers(version))
    return by.has_perm("questions.review_version") and not version.wrote(by)


@who(_("whoever holds the answer, an editor or a coordinator"))
def may_invite(version: Any, by: Any) -> bool:
    return edits(version, by) or coordinates(version, by) or writes(version, by)


@who(_("whoever publishes or revises the question"))
def by_consequence(version: Any, by: Any) -> bool:
    return by is SYSTEM


@who(_("the desk itself"))
def by_the_desk(version: Any, by: Any) -> bool:
    return by is SYSTEM
