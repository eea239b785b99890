"""Writes down the figures of a case at the moment it ends, so that numbers of the past need no case and no asker."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from brokers import clock
from questions import throughput
from questions.models import Ending, Event, Question
from questions.states import OPEN, State, Turn
from questions.throughput import Step

# What is worked out anew when all is written again; what a case was at that time stays as it was kept.
FIGURES = ("outcome", "broker", "our_days", "asker_days", "submitted_days", "triaged_days", "assigned_days", "ended_at")
CHUNK = 500


def note(question: Question, before: str) -> None:
    """Keep that `question` ended or came back, when its move from state `before` did that."""
    if question.confirmed_at and (before in OPEN) != (question.state in OPEN):
        write(question, "reopened_at")


def write(question: Question, *fields: str) -> None:
    """Keep the endings of `question`; of those that stand already only `fields` are written again."""
    events = question.events.filter(version=None).order_by("id")
    rows = endings(question, list(events))
    Ending.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["case", "nth"], update_fields=fields or (*FIGURES, "reopened_at")
    )


def write_all(tell: Callable[[str], None]) -> int:
    """Work out the figures of every case that is there from its history; those of cases that are gone stay."""
    done = 0
    for pk in Question.objects.confirmed().order_by("pk").values_list("pk", flat=True).iterator(CHUNK):
        with transaction.atomic():  # it may end or come back in this second
            write(Question.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk))
        done += 1
        if done % CHUNK == 0:
            tell(f"{done} cases")
    return done


def endings(question: Question, events: Sequence[Event]) -> list[Ending]:
    """Every time that the case ended, from its whole history in order."""
    found: list[Ending] = []
    known: Any = get_user_model().objects
    themes: list[str] | None = None
    for n, event in enumerate(events):
        was, now = event.source in OPEN, (event.target or event.source) in OPEN
        if State.SPAM in (event.source, event.target):
            continue  # what is no question ends nothing, and who finds out that it is one reopens nothing
        if was and not now and any(one.name == "confirm" for one in events[:n]):
            themes = sorted(question.themes.values_list("slug", flat=True)) if themes is None else themes
            holder = known.filter(pk=held_by(events[:n])).first()
            row = Ending(case=question.pk, nth=len(found) + 1, outcome=event.target, ended_at=event.at, broker=holder)
            row.track, row.sector, row.themes = question.track, question.sector, themes
            found.append(timed(row, events[: n + 1]))
        elif now and not was and found:
            found[-1].reopened_at = event.at
    return found


def timed(row: Ending, events: Sequence[Event]) -> Ending:
    """With the days it took, of all its time so far: also what went by before an earlier ending."""
    steps = [Step(one.name, one.target, one.turn, one.at) for one in events]
    days = in_states(steps)
    row.submitted_days, row.triaged_days, row.assigned_days = (days[state] for state in OPEN)
    # A clock that was set back must not hold up a case: what would count below nothing counts as nothing.
    row.our_days = max(0, throughput.spent(steps, row.ended_at))
    row.asker_days = max(0, throughput.spent(steps, row.ended_at, Turn.ASKER))
    return row


def in_states(steps: Iterable[Step]) -> dict[State, int]:
    """The working days from confirmation on in each of the open states."""
    days = dict.fromkeys(OPEN, 0)
    state, confirmed = "", False
    for step, following in pairwise(steps):
        state, confirmed = step.target or state, confirmed or step.name == "confirm"
        if confirmed and state in OPEN:
            until = throughput.day_of(following.at)
            days[State(state)] += max(0, clock.working_days(throughput.day_of(step.at), until))
    return days


def held_by(events: Iterable[Event]) -> Any:
    """The id of the broker who held the case after these events, or None."""
    holder: Any = None
    for one in events:
        if one.target == State.ASSIGNED and (one.source == State.TRIAGED or "held_by" in one.data):
            holder = one.data.get("broker") or one.user_id
        elif one.target in (State.SUBMITTED, State.TRIAGED):
            holder = None
    return holder
