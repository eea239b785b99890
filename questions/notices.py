"""What people of the desk should know of a case: told to them, never written in the history of the case."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from brokers.models import User
from questions.models import Event, Notice, Question
from questions.models.notice import Kind
from questions.states import OPEN

DUE = (Kind.DUE_SOON, Kind.OVERDUE)
WAITED = (Kind.SILENT, Kind.DECIDE)
# What others did. A letter of its own told it at once, so it is left out of the daily mail.
WRITTEN = (Kind.MESSAGE, Kind.HANDED_OVER, Kind.REVIEWED)
# By which steps of the desk an asker has heard from it.
HEARD = ("message", "propose", "answer", "refer", "merge", "decline", "hand_over")


def notify(user: Any, question: Question, kind: str, on: date | None = None) -> bool:
    """Tell `user` something of `question`; whether it is new. `on` is the day it tells of.

    The same thing of the same day is told once, also by two workers at the same moment.
    """
    row = Notice(user=user, question=question, kind=kind, on=on)
    if Notice.objects.filter(user=user, question=question, kind=kind, on=on).exists():
        return False
    return write([row]) == 1


def tell_anew(users: Sequence[int], question: Question, kind: str) -> None:
    """Tell `users` (their ids) what happened now, in place of what they were told of the same kind before.

    The new row is the last of all: who marks a page of notices as read has not read this one.
    """
    if users:
        Notice.objects.filter(user__in=users, question=question, kind=kind).delete()
        write([Notice(user_id=pk, question=question, kind=kind) for pk in users])


def write(rows: Sequence[Notice]) -> int:
    """Store these, without those that were told before. Returns how many were given."""
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len(rows)


# --- Whom ---------------------------------------------------------------------------------


def responsible(question: Question) -> list[Any]:
    """Who has to do something about a case: who holds it and is here, else the coordinators."""
    holder = present_holder(question)
    return [holder] if holder else coordinators()


def present_holder(question: Question) -> Any:
    user = question.assignee
    if user is None or not user.is_active:
        return None
    card = getattr(user, "broker", None)  # an administrator may hold a case without being a broker
    return user if card is None or card.is_present else None


def coordinators() -> list[Any]:
    rows = User.objects.filter(is_active=True, groups__permissions__codename="coordinate_question")
    return list(rows.distinct().order_by("pk"))


# --- In words -----------------------------------------------------------------------------

SENTENCES: dict[str, Any] = {
    Kind.DUE_SOON: _("Case %(number)s is due on %(on)s."),
    Kind.OVERDUE: _("Case %(number)s should have been ready on %(on)s."),
    Kind.SILENT: _("The asker of case %(number)s is silent and has been reminded. It closes by itself on %(on)s."),
    Kind.DECIDE: _("The asker of case %(number)s has been silent since %(on)s. Say how it goes on."),
    Kind.CLOSED: _("Case %(number)s was closed on %(on)s, because the asker stayed silent."),
    Kind.BACK: _("Case %(number)s was taken up again on %(on)s. It is yours."),
    Kind.LAPSES: _("Your claim of case %(number)s lapses on %(on)s."),
    Kind.LAPSED: _("Your claim of case %(number)s lapsed on %(on)s."),
    Kind.MESSAGE: _("The asker of case %(number)s sent word on %(on)s."),
    Kind.HANDED_OVER: _("Case %(number)s was handed to you on %(on)s."),
    Kind.REVIEWED: _("A review of your answer to case %(number)s came in on %(on)s."),
}


def sentence(notice: Notice) -> str:
    """What a notice says, in the language of now."""
    on = date_format(notice.on or timezone.localdate(notice.at), "j F Y")
    return str(SENTENCES[notice.kind]) % {"number": notice.question.number, "on": on}


# --- Reading ------------------------------------------------------------------------------


def holding() -> Any:
    """The notices that still say something true: a case that was answered meanwhile is not overdue."""
    rows = Notice.objects.exclude(
        Q(kind__in=DUE) & ~Q(on=F("question__due_on")) | Q(kind__in=DUE, question__due_on=None)
    )
    silent = Q(question__state__in=OPEN, question__turn_now="asker")
    return rows.exclude(Q(kind__in=WAITED) & ~silent).filter(~Q(kind__in=WRITTEN) | theirs() & ~Q(overtaken()))


def theirs() -> Q:
    """Of what others did: whether it still is for this person. What nobody holds is for all who were told."""
    held = Q(question__assignee=F("user"))
    message = Q(kind=Kind.MESSAGE) & (held | Q(question__assignee=None))
    return message | Q(kind=Kind.HANDED_OVER) & held | Q(kind=Kind.REVIEWED, question__item__holder=F("user"))


def overtaken() -> Any:
    """Of what others did: whether this person did something in the case since, or it was dealt with by somebody else.

    Asked of the few lines of that one case, found by its index.
    """
    since = Event.objects.filter(question=OuterRef("question"), at__gt=OuterRef("at"))
    heard = Exists(since.filter(name__in=HEARD, user__isnull=False))
    published = Exists(since.filter(name="publish"))
    acted = Exists(since.filter(user=OuterRef("user")))
    return acted | Q(kind=Kind.MESSAGE) & Q(heard) | Q(kind=Kind.REVIEWED) & Q(published)


def of_due_cases() -> Any:
    return Notice.objects.filter(kind__in=DUE, on=F("question__due_on"))


def unread(user: Any) -> Any:
    """What `user` has not read yet and still holds, the newest first."""
    return holding().filter(user=user, read_at=None)


def news(user: Any, cases: Collection[Any]) -> dict[Any, list[str]]:
    """What others did in these cases (their ids) that `user` has not read, in a few words."""
    rows = unread(user).filter(question__in=cases, kind__in=WRITTEN).order_by("at", "pk")
    found: dict[Any, list[str]] = {}
    for case, kind in rows.values_list("question", "kind"):
        found.setdefault(case, []).append(str(Kind(kind).label))
    return found


def seen(user: Any) -> Any:
    """What `user` has read, the newest first."""
    return Notice.objects.filter(user=user, read_at__isnull=False)


def for_mail(user: Any) -> Any:
    """What the daily mail tells `user`."""
    return unread(user).exclude(kind__in=WRITTEN)


def unmailed() -> Any:
    return holding().filter(read_at=None, mailed_at=None, user__is_active=True).exclude(kind__in=WRITTEN)


def read(user: Any, *, one: int | None = None, last: int | None = None) -> int:
    """Mark notice `one` of `user` as read, or all up to `last`. Returns how many were new; safe twice."""
    rows = Notice.objects.filter(user=user, read_at=None)
    if one is None and last is None:
        return 0
    rows = rows.filter(pk=one) if one is not None else rows.filter(pk__lte=last)
    return int(rows.update(read_at=timezone.now()))
