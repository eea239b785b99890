"""Gives the demo a past: when its cases came in, how long they took, what people said afterwards."""

import random
from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, QuerySet, Value
from django.utils import timezone

from questions import afterwards, endings, folded, timing
from questions.models import FollowUp, Participation, Question, Review, Revision, Version
from questions.states import OPEN, State, Track, Verdict

YEAR = 350.0  # days over which the cases that are done came in
# Calendar days that a case takes, and since when an open one is here: from and to.
TOOK = {Track.SIGNPOST: (2, 12), Track.SHORT: (12, 30), Track.FULL: (25, 60)}
HERE = {State.SUBMITTED: (0.1, 2), State.TRIAGED: (2, 8), State.ASSIGNED: (6, 45)}
OTHERWISE = (1, 8)  # declined, withdrawn, merged


def put_back(question: Question, place: float, dice: random.Random) -> None:
    """Move all that happened to a case into the past; `place` from 0 (a year ago) to 1 (now)."""
    took = timedelta(days=dice.uniform(*days_of(question)))
    since = {State.ANSWERED: 3.0, **dict.fromkeys(OPEN, 0.0)}.get(State(question.state), (1 - place) * YEAR)
    ago = took + timedelta(days=since)
    stretch(question, timezone.now() - ago, took)


def days_of(question: Question) -> tuple[float, float]:
    if question.state in OPEN:
        return HERE[question.state]
    return TOOK.get(Track(question.track), OTHERWISE) if question.track else OTHERWISE


def stretch(question: Question, begin: Any, took: timedelta) -> None:
    """Let the case begin at `begin` and all its steps, which took seconds, take `took`."""
    zero, last = question.created_at, question.events.latest("at").at
    factor = took / max(last - zero, timedelta(milliseconds=1))

    def move(rows: "QuerySet[Any]", *names: str) -> None:
        rows.update(
            **{
                name: ExpressionWrapper(
                    Value(begin)
                    + ExpressionWrapper(
                        ExpressionWrapper(F(name) - Value(zero), DurationField()) * Value(factor), DurationField()
                    ),
                    DateTimeField(),
                )
                for name in names
            }
        )

    move(question.events.all(), "at")
    move(question.messages.all(), "at")
    move(question.notices.all(), "at")
    move(question.articulations.all(), "at", "agreed_at")
    move(question.searches.all(), "at")
    move(question.ledger.all(), "added_at", "judged_at")
    move(question.referrals.all(), "at", "verdict_at")
    move(question.participations.all(), "created_at", "agreed_at", "verdict_at")
    move(Version.objects.filter(item__questions=question), "created_at", "approved_at", "published_at")
    move(Review.objects.filter(version__item__questions=question), "at", "void_at")
    move(Revision.objects.filter(version__item__questions=question), "at")
    question.searches.update(searched_on=F("at__date"))
    own = ("created_at", "confirmed_at", "proposed_at", "agreement_at", "waiting_since", "research_open_at")
    move(Question.objects.filter(pk=question.pk), *own)
    same_moments(question)
    timing.store(Question.objects.get(pk=question.pk))
    endings.write(Question.objects.get(pk=question.pk))


def same_moments(question: Question) -> None:
    """What a step wrote in the case bears the time of its line in the history: milliseconds became days."""
    at = {event.name: event.at for event in question.events.order_by("at")}
    known = {"confirmed_at": "confirm", "proposed_at": "propose", "agreement_at": "agree", "waiting_since": "propose"}
    written = {field: at[name] for field, name in known.items() if name in at and getattr(question, field)}
    Question.objects.filter(pk=question.pk).update(**written)


def look_back(dice: random.Random) -> None:
    """What the demo's askers said of their answers, at once and some time later."""
    for part in Participation.objects.filter(question__state__in=(State.ANSWERED, State.PUBLISHED)):
        if said := dice.choice([*[Verdict.ANSWERED] * 4, Verdict.PARTLY, "", ""]):
            Participation.objects.filter(pk=part.pk).update(verdict=said, verdict_at=F("created_at"))
            folded.judge(said, timezone.localdate(part.created_at))
    for kind, after in afterwards.DUE.items():
        for part in afterwards.given(timezone.now() - after):
            row = FollowUp.begin(part, kind)
            asked = part.given + after
            values: dict[str, Any] = {"asked_at": asked}
            if dice.random() < 0.6:
                values |= {"answered_at": asked + timedelta(hours=dice.uniform(1, 90)), **said_of(dice)}
            FollowUp.objects.filter(pk=row.pk).update(**values)


def said_of(dice: random.Random) -> dict[str, list[str]]:
    used, helped, hindered = FollowUp.Used.values, FollowUp.Helped.values, FollowUp.Hindered.values
    return {
        "used": sorted(dice.sample(used[:4], dice.randint(1, 2))) if dice.random() < 0.8 else used[-1:],
        "helped": sorted(dice.sample(helped, dice.randint(0, 2))),
        "hindered": sorted(dice.sample(hindered, dice.randint(0, 1))),
    }
