"""Which event writes to whom."""

from collections.abc import Callable, Iterable
from typing import Any

from brokers.models import User
from questions import notices, permissions
from questions.models import Event, Invitation, Participation, Question
from questions.states import Significance, State, Verdict, VersionState


def everyone(event: Event) -> Iterable[Participation]:
    """All who asked this, also by "me too" or a merge, and still want mail about it."""
    parts = question_of(event).participations.exclude(asker=None).exclude(kind=Participation.Kind.WAITING)
    return parts.filter(mail_stopped_at=None)


def told_of_version(event: Event) -> Iterable[Participation]:
    """All who asked, unless only the language of an answer that they know was mended."""
    item = question_of(event).item
    living = item.living() if item else None
    return [] if living and living.n > 1 and living.significance == Significance.TYPO else everyone(event)


def deciders(event: Event) -> list[Participation]:
    return [part for part in everyone(event) if part.decides]


def may_be_written_to(question: Question) -> bool:
    """Whether somebody who speaks for this question is there and still wants mail about it."""
    return any(part.asker_id and part.decides and not part.mail_stopped_at for part in question.participations.all())


def newcomer(event: Event) -> list[Participation]:
    return [event.participation] if event.participation is not None else []


def assignee(event: Event) -> list[User]:
    """The broker who holds the case, unless it was them who did it."""
    user = question_of(event).assignee
    return [user] if user is not None and user.pk != event.user_id else []


def former(event: Event) -> Iterable[User]:
    """The broker who lost the case by this event, unless it was them who did it."""
    lost = User.objects.filter(pk=event.data.get("held_by"), is_active=True)
    return [user for user in lost if user.pk != event.user_id]


def others(event: Event) -> Iterable[Participation]:
    """All who asked this but the one who did it."""
    return [part for part in everyone(event) if part.pk != event.participation_id]


def came_late(event: Event) -> Iterable[Participation]:
    """Who came along into a question that has its answer already: they hear of it now, or never."""
    into = question_of(event).merged_into
    if into is None or into.state not in (State.ANSWERED, State.PUBLISHED):
        return []
    return into.participations.filter(origin=event.question, mail_stopped_at=None).exclude(asker=None)


def holder(event: Event) -> list[User]:
    assert event.version is not None
    user = event.version.item.holder
    return [user] if user is not None and user.pk != event.user_id else []


def referrer(event: Event) -> list[User]:
    referral = question_of(event).referrals.last()
    return [referral.by] if referral and referral.by and event.target != event.source else []


def judged(event: Event) -> list[User]:
    """The broker of an answer that did not do, or only partly."""
    gave_answer = event.target in (State.ANSWERED, State.PUBLISHED)
    return assignee(event) if gave_answer and event.data.get("verdict") != Verdict.ANSWERED else []


def reviewers(event: Event) -> Iterable[User]:
    assert event.version is not None
    found: Iterable[User] = permissions.reviewers().exclude(versions_written=event.version)
    return found


def holder_when_done(event: Event) -> list[User]:
    """The last review that was needed came in."""
    return holder(event) if event.target == VersionState.APPROVED else []


def holder_meanwhile(event: Event) -> list[User]:
    return holder(event) if event.target != VersionState.APPROVED else []


def invited(event: Event) -> Iterable[Invitation]:
    """Who was asked from outside to review this answer, and may see it as it is now."""
    assert event.version is not None
    return [row for row in event.version.invitations.live() if row.covers(event.version)]


def the_invited(event: Event) -> Iterable[Invitation]:
    return Invitation.objects.filter(pk=event.data["invited"]).exclude(email="")


def planner(event: Event) -> Iterable[User]:
    """Who planned a publication that is off now, unless it was them who did it."""
    lost = User.objects.filter(pk=event.data.get("planned_by"), is_active=True)
    return [user for user in lost if user.pk != event.user_id]


def planner_or_editors(event: Event) -> Iterable[User]:
    editors = User.objects.filter(is_active=True, groups__permissions__codename="publish_question").distinct()
    return planner(event) or editors


def other_side(event: Event) -> Iterable[Any]:
    """Who hears of a message; while nobody holds the case, that is whoever hands out the cases."""
    if event.participation_id is None:
        return deciders(event)
    return to_desk(event)


def to_desk(event: Event) -> list[User]:
    """Who hears what an asker said; nobody of what the desk said itself."""
    if event.participation_id is None:
        return []
    return assignee(event) or notices.coordinators()


def question_of(event: Event) -> Question:
    assert event.question is not None
    return event.question


Recipients = Callable[[Event], Iterable[Any]]
WRITES: dict[str, list[tuple[str, Recipients]]] = {
    "confirm": [("received", everyone)],
    "me_too": [("joined", newcomer)],
    "claim": [("taken", everyone)],
    "assign": [("taken", everyone), ("assigned", assignee)],
    "take": [("taken", everyone), ("took", former)],
    "transfer": [("taken", everyone), ("assigned", assignee), ("left", former)],
    "release": [("left", former)],
    "propose": [("propose", deciders)],
    "agree": [("agreed", assignee), ("sharpened", others)],
    "waive": [("sharpened", others)],
    "message": [("message", other_side)],
    "remind": [("reminder", deciders)],
    "close_silent": [("closed_silent", deciders)],
    "come_back": [("reopened", others)],
    "answer": [("answered", everyone)],
    "publish": [("published", told_of_version)],
    "retract": [("retracted", everyone)],
    "refer": [("referred", everyone), ("left", former)],
    "respond": [("not_helped", referrer), ("answer_did_not_do", judged)],
    "merge": [("merged", everyone), ("published", came_late), ("left", former)],
    "unmerge": [("reopened", everyone)],
    "decline": [("declined", everyone), ("left", former)],
    "hand_over": [("handed_over", everyone), ("left", former)],
    "reopen": [("reopened", everyone)],
    "set_aside": [("left", former)],
    "withdraw": [("withdrawn", former), ("dropped", others)],
    "answer_submit": [("review", reviewers), ("invited_again", invited)],
    "answer_review_again": [("review", reviewers), ("invited_again", invited)],
    "answer_request_changes": [("changes", holder)],
    "answer_approve": [("approved", holder_when_done), ("reviewed", holder_meanwhile)],
    "invite": [("invited", the_invited)],
    "uninvite": [("uninvited", the_invited)],
    "unschedule": [("unscheduled", planner)],
    "resume": [("unscheduled", planner)],
    "not_published": [("not_published", planner_or_editors)],
}
