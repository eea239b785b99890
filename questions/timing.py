"""By when the desk should be ready with a case, in working days of its own turn (ADR 0022)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from brokers import clock
from brokers.schools import regions_of
from questions import throughput
from questions.models import Question
from questions.states import OPEN, Turn
from questions.throughput import Step


def keep(question: Question, name: str = "") -> None:
    """Set `turn_now` and `due_on` as they are after this change; the caller saves.

    `name` is the step that happens now and is not in the history yet.
    """
    question.turn_now = question.turn
    question.due_on = due(question, [*steps_of(question), *now(question, name)] if runs(question) else [])


def store(question: Question) -> bool:
    """Set and save both; whether anything changed."""
    before = (question.turn_now, question.due_on)
    keep(question)
    if before == (question.turn_now, question.due_on):
        return False
    Question.objects.filter(pk=question.pk).update(turn_now=question.turn_now, due_on=question.due_on)
    return True


def steps_of(question: Question) -> list[Step]:
    rows = question.events.filter(version=None).order_by("id")
    return [Step(*row) for row in rows.values_list("name", "target", "turn", "at")]


def now(question: Question, name: str) -> list[Step]:
    return [Step(name, str(question.state), str(question.turn_now), timezone.now())] if name else []


def runs(question: Question) -> bool:
    """Whether the desk's clock runs."""
    return bool(question.turn_now == Turn.DESK and question.state in OPEN and question.confirmed_at)


def due(question: Question, steps: Sequence[Step]) -> date | None:
    """The last day on which the case is on time; None while the clock stands still."""
    if not runs(question):
        return None
    moment = timezone.now()
    used = throughput.spent(throughput.last_round(steps), moment)
    return clock.after(throughput.day_of(moment), limit(question.track) - used)


def limit(track: str) -> int:
    """Working days that a case may take in all; before it has a track, that triage may take."""
    days: int = settings.TRACK_DAYS.get(track, settings.TRIAGE_DAYS)
    return days


# --- The asker's side ---------------------------------------------------------------------


def schools(question: Question) -> clock.Regions:
    """The regions whose school holidays are those of this asker; all of them when we cannot tell."""
    place = question.region or (question.organisation.region if question.organisation else "")
    return regions_of(place)


def reminds_on(question: Question) -> date | None:
    """When a silent asker is reminded; None when nothing waits for them, or they were."""
    begun = question.waiting_since if waits(question) and not question.reminded_at else None
    return clock.after(throughput.day_of(begun), settings.REMIND_DAYS, schools(question)) if begun else None


def closes_on(question: Question) -> date | None:
    """When the case of an asker who was reminded is closed, unless they say something."""
    begun = question.reminded_at if waits(question) else None
    return clock.after(throughput.day_of(begun), settings.CLOSE_DAYS, schools(question)) if begun else None


def waits(question: Question) -> bool:
    return bool(question.waits_for and question.turn_now == Turn.ASKER)


# --- On the page of a case ----------------------------------------------------------------


@dataclass(frozen=True)
class Clock:
    """The time of one case: whose turn since when, and the desk's working days since it (last) came in.

    `used` of `limit` days are gone; `due_on` is None while the clock stands still. `asker_days` counts
    working days on which the asker was waited for.
    """

    turn: Turn
    confirmed_on: date | None
    since: date | None
    used: int
    limit: int
    asker_days: int
    due_on: date | None
    is_near: bool
    is_overdue: bool
    reminded_on: date | None
    reminds_on: date | None
    closes_on: date | None


def clock_of(question: Question) -> Clock:
    """The clock of one case; one query, or none when its events were fetched before."""
    steps = [Step(one.name, one.target, one.turn, one.at) for one in question.events.all() if one.version_id is None]
    here, moment = throughput.last_round(steps), timezone.now()
    today = throughput.day_of(moment)
    due_on = question.due_on
    return Clock(
        turn=Turn(question.turn_now),
        confirmed_on=on(question.confirmed_at),
        since=on(since(steps)),
        used=throughput.spent(here, moment),
        limit=limit(question.track),
        asker_days=throughput.spent(here, moment, Turn.ASKER),
        due_on=due_on,
        is_near=due_on is not None and today <= due_on <= clock.after(today, settings.NEARLY_DUE_DAYS),
        is_overdue=due_on is not None and due_on < today,
        reminded_on=on(question.reminded_at) if waits(question) else None,
        reminds_on=reminds_on(question),
        closes_on=closes_on(question),
    )


def since(steps: Sequence[Step]) -> datetime | None:
    """Since when it is the turn of whoever's turn it is."""
    begun, before = None, None
    for at, turn in throughput.turns(steps):
        begun, before = (begun, before) if turn == before else (at, turn)
    return begun


def on(moment: datetime | None) -> date | None:
    return throughput.day_of(moment) if moment else None


# --- Keeping what is stored true ----------------------------------------------------------


def wrong() -> Iterator[Question]:
    """Cases whose stored turn or date is not what the rules say, with what it should be set on them (not saved)."""
    rows = Question.objects.exclude(turn_now=Turn.NOBODY, due_on=None) | Question.objects.filter(state__in=OPEN)
    for question in rows.prefetch_related("participations").iterator(500):
        stored = (question.turn_now, question.due_on)
        keep(question)
        if stored != (question.turn_now, question.due_on):
            yield question


def mend() -> int:
    """Store what `wrong` finds, after other limits were set or holidays became known. Returns how many cases."""
    return sum(mend_one(question.pk) for question in wrong())


def mend_one(pk: Any) -> bool:
    with transaction.atomic():
        row = Question.objects.select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
        return row is not None and store(row)
