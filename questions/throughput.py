"""How long an answer takes, from what really happened, and when to expect the one somebody waits for.

Counted in working days on which it was the desk's turn: while the asker has to say something, and
while a case is closed, the clock stands still.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Max
from django.utils import timezone

from brokers import clock
from questions.models import Event, Question
from questions.states import OPEN, State, Turn

PERIOD = timedelta(days=365)
FEWEST = 10  # with fewer cases there is no figure
MOST = 1_000  # the newest cases are enough
EARLY, LATE = 0.2, 0.8  # most: three in five lie between, four in five are there by the second
ENDED = ("answer", "refer")
HELPED = (State.ANSWERED, State.PUBLISHED, State.REFERRED)
KEY, FRESH = "throughput", 3600
# How a case comes in (again): from here on the desk's working days are counted anew.
COMES_IN = {"confirm", "respond", "unmerge", "reopen", "not_spam"}


class Step(NamedTuple):
    """One line of the history: what happened, the state and the turn after it (empty: as before), the moment."""

    name: str
    target: str
    turn: str
    at: datetime


@dataclass(frozen=True)
class Range:
    """Most cases took from `first` to `last` working days; `cases` is what this rests on."""

    first: int
    last: int
    cases: int


@dataclass(frozen=True)
class DateRange:
    """When to expect an answer. Without dates when it takes longer than most, or while the asker is waited for."""

    first: date | None = None
    last: date | None = None
    is_late: bool = False
    is_paused: bool = False
    cases: int = 0


def usual(track: str = "") -> Range | None:
    """How long cases of this track took in the last year; of all tracks when it had few, None when all are few.

    A figure of at most an hour ago.
    """
    known = figures()
    return known.get(track) or known.get("")


def figures() -> dict[str, Range | None]:
    """The figure of each track alone, and of all under the empty name; None for a track that had few cases."""
    known: dict[str, Range | None] | None = cache.get(KEY)
    if known is None:
        known = measured()
        cache.set(KEY, known, FRESH)
    return known


def measured() -> dict[str, Range | None]:
    """The figure of each track, and of all together under the empty name."""
    took: dict[str, list[int]] = {"": []}
    for track, days in ended():
        took[""].append(days)
        took.setdefault(track, []).append(days)
    return {track: of(days) for track, days in took.items()}


def of(days: list[int]) -> Range | None:
    """The middle of what cases took; at least one day, since nothing is ready before it was asked."""
    if len(days) < FEWEST:
        return None
    days = sorted(days)
    first, last = (max(1, days[round(share * (len(days) - 1))]) for share in (EARLY, LATE))
    return Range(first, last, len(days))


def ended() -> Iterable[tuple[str, int]]:
    """Track and working days of every case that got its answer or a referral in the last year."""
    cases = (
        Question.objects.filter(state__in=HELPED, events__name__in=ENDED)
        .annotate(ended=Max("events__at"))
        .filter(ended__gte=timezone.now() - PERIOD)
        .order_by("-ended")
    )
    tracks = {pk: (track, end) for pk, track, end in cases.values_list("pk", "track", "ended")[:MOST]}
    rows = Event.objects.filter(question__in=tracks, version=None).order_by("question", "id")
    steps = rows.values_list("question", "name", "target", "turn", "at")
    for pk, own in groupby(steps, key=itemgetter(0)):
        track, end = tracks[pk]
        yield track, spent([Step(*row[1:]) for row in own], end)


def spent(steps: Iterable[Step], until: datetime, whose: Turn = Turn.DESK) -> int:
    """The working days from confirmation to `until` on which the desk (or `whose` turn it was) had something to do."""
    days, since = 0, None
    for at, turn in [*turns(steps), (until, Turn.NOBODY)]:
        if since is not None:
            days += clock.working_days(day_of(since), day_of(min(at, until)))
        since = at if turn == whose and at < until else None
    return days


def turns(steps: Iterable[Step]) -> Iterator[tuple[datetime, Turn]]:
    """From which moment on whose clock runs; nobody's while the case is closed."""
    state = turn = ""
    for step in steps:
        state, turn = step.target or state, step.turn or turn
        yield step.at, Turn(turn) if turn and state in OPEN else Turn.NOBODY


def last_round(steps: Sequence[Step]) -> Sequence[Step]:
    """The steps since the case last came in: confirmed, or open again after it had ended."""
    starts = [n for n, one in enumerate(steps) if one.name in COMES_IN and one.target == State.SUBMITTED]
    return steps[starts[-1] :] if starts else []


def day_of(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def expected(question: Question) -> DateRange | None:
    """When this asker may expect an answer, counted from today; None when nobody works or nothing is known."""
    usually = usual(question.track) if question.confirmed_at and question.state in OPEN else None
    if usually is None:
        return None
    if question.turn == Turn.ASKER:
        return DateRange(is_paused=True, cases=usually.cases)
    now = timezone.now()
    steps = [Step(one.name, one.target, one.turn, one.at) for one in question.events.all() if one.version_id is None]
    return from_today(usually, spent(steps, now), day_of(now))


def from_today(usually: Range, days: int, today: date) -> DateRange:
    """What is left of the usual time after `days` of it: never a day in the past, nor today."""
    if days >= usually.last:
        return DateRange(is_late=True, cases=usually.cases)
    first, last = (clock.after(today, max(1, left - days)) for left in (usually.first, usually.last))
    return DateRange(first, last, cases=usually.cases)
