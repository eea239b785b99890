"""By when the desk should be ready with a case, in working days of its own turn (ADR 0022)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from brokers import clock
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


def wrong(cases: Iterable[Any] | None = None) -> Iterator[tuple[Question, tuple[Any, Any]]]:
    """Cases whose stored turn or date is not what the rules say, with what it should be."""
    rows = Question.objects.prefetch_related("participations") if cases is None else cases
    for question in rows:
        stored = (question.turn_now, question.due_on)
        keep(question)
        if stored != (question.turn_now, question.due_on):
            yield question, (question.turn_now, question.due_on)
