"""Triage: which question is next, what each track means, and the outcome with what was checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from questions import criteria, throughput, workflow
from questions.models import Question
from questions.states import State, Track

# What may come of a question, in the order in which it is weighed; then how to come back on it.
OUTCOMES = ("triage", "refer", "merge", "decline", "hand_over", "set_aside")
REVISIONS = ("retrack", "reopen", "unmerge", "not_spam")


@dataclass(frozen=True)
class Norm:
    """What a track should take and really takes, in working days."""

    track: str
    label: str
    days: int
    usual: throughput.Range | None
    is_of_all: bool  # too few cases of this track: the figure is that of all tracks together


def waiting() -> Any:
    """Questions that wait for an outcome, the oldest first."""
    return Question.objects.confirmed().filter(state=State.SUBMITTED).order_by("confirmed_at", "pk")


def next_after(question: Question | None) -> Question | None:
    """The question to triage after this one; at the end of the list the oldest one again."""
    rows = waiting()
    if question is None or question.confirmed_at is None:
        return first(rows)
    later = Q(confirmed_at__gt=question.confirmed_at) | Q(confirmed_at=question.confirmed_at, pk__gt=question.pk)
    return first(rows.filter(later)) or first(rows.exclude(pk=question.pk))


def first(rows: Any) -> Question | None:
    found: Question | None = rows.first()
    return found


def norms() -> list[Norm]:
    together = throughput.usual()
    made = []
    for track in Track:
        usual = throughput.usual(track)
        made.append(Norm(track, str(track.label), settings.TRACK_DAYS[track], usual, usual == together))
    return made


def decide(
    question: Question, name: str, *, by: Any, data: Mapping[str, Any], found: Mapping[str, Any] | None = None
) -> Question:
    """Give `question` outcome `name`, and store what was `found` of the criteria with it: both or nothing."""
    with transaction.atomic():
        if found:
            criteria.check(question, found, by=by)
        decided: Question = workflow.perform(question, name, by=by, data=data)
        return decided
