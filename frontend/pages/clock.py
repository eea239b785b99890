"""The time of a case in words: whose turn since when, how much of the track is used, and what comes when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from questions import throughput, timing
from questions.models import Question
from questions.states import OPEN, Track, Turn
from questions.timing import Clock

TURNS: dict[Turn, Any] = {
    Turn.DESK: gettext_lazy("the desk, since %(date)s"),
    Turn.ASKER: gettext_lazy("the asker, since %(date)s"),
}


@dataclass(frozen=True)
class Shown:
    """`headline` says the one thing to know; `tone` is late, near, still or empty; `lines` are label and value."""

    headline: str
    tone: str
    used: int
    limit: int
    meter: str
    lines: list[tuple[str, str]]


@dataclass(frozen=True)
class Pledge:
    """One track: what it should take, and what the desk really delivers, in working days."""

    label: str
    norm: int
    real: str
    is_slower: bool


def of(question: Question) -> Shown | None:
    """The clock of a case that is open; None when nobody waits for the desk or the asker."""
    if question.state not in OPEN or question.confirmed_at is None:
        return None
    clock = timing.clock_of(question)
    return Shown(
        headline=headline(clock),
        tone=tone(clock),
        used=clock.used,
        limit=clock.limit,
        meter=_("%(used)s of %(limit)s working days used") % {"used": clock.used, "limit": clock.limit},
        lines=list(lines(clock)),
    )


def headline(clock: Clock) -> str:
    if clock.turn == Turn.ASKER:
        return _("The clock stands still: we wait for the asker.")
    if clock.due_on is None:
        return ""
    words = _("Overdue: this was due on %(date)s.") if clock.is_overdue else _("Due on %(date)s.")
    return words % {"date": day(clock.due_on)}


def tone(clock: Clock) -> str:
    if clock.turn == Turn.ASKER:
        return "still"
    return "late" if clock.is_overdue else "near" if clock.is_near else ""


def lines(clock: Clock) -> Iterator[tuple[str, str]]:
    """What else there is to know, label and value."""
    if clock.confirmed_on:
        yield _("Came in"), day(clock.confirmed_on)
    if clock.since and clock.turn in TURNS:
        yield _("Turn"), str(TURNS[clock.turn]) % {"date": day(clock.since)}
    if clock.asker_days:
        yield _("Waited for the asker"), days(clock.asker_days)
    if clock.reminded_on:
        yield _("Asker reminded"), day(clock.reminded_on)
    if clock.reminds_on:
        yield _("Reminder to the asker"), day(clock.reminds_on)
    if clock.closes_on:
        yield _("Closes by itself"), day(clock.closes_on)


def pledges() -> list[Pledge]:
    """For whoever chooses a track: the norm of each beside what the desk really delivers."""
    known = throughput.figures()
    return [pledge(track, known.get(track)) for track in Track]


def pledge(track: Track, found: throughput.Range | None) -> Pledge:
    limit = settings.TRACK_DAYS[track]
    if found is None:
        return Pledge(str(track.label), limit, _("too few cases to say"), False)
    span = {"first": found.first, "last": found.last, "cases": found.cases}
    real = _("%(first)s to %(last)s (%(cases)s cases)") % span
    return Pledge(str(track.label), limit, real, found.last > limit)


def silence(question: Question) -> str:
    """What the asker should know of our waiting: that it ends, and how."""
    closes = timing.closes_on(question)
    if closes is None:
        return ""
    words = _("If we do not hear from you, we close your question on %(until)s. You can open it again at any time.")
    return words % {"until": day(closes)}


def days(count: int) -> str:
    return ngettext("%(count)s working day", "%(count)s working days", count) % {"count": count}


def day(on: date) -> str:
    return date_format(on, "j F Y")
