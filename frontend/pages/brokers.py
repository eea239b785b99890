"""The brokers of the desk: who fits a case, who holds it, and what they say of themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from brokers.models import User
from brokers.sectors import Sector
from frontend import forms
from frontend.refused import Refused
from questions import lease, matching, profiles
from questions.models import Question
from questions.states import Turn

FIRST = 5  # candidates that are shown at once; the others are folded away


@dataclass(frozen=True)
class Candidate:
    """A broker who can be chosen for a case, or cannot now, and why."""

    name: str
    value: str
    reasons: list[str]
    is_open: bool
    is_chosen: bool


@dataclass(frozen=True)
class Candidates:
    """The best first; `is_unfolded` when one of the rest is chosen already."""

    first: list[Candidate]
    rest: list[Candidate]
    is_unfolded: bool


@dataclass(frozen=True)
class Held:
    """Who holds a case and up to which day; `pause` says why the claim stands still."""

    broker: str
    until: date | None
    is_offered: bool
    is_warned: bool
    pause: str


@dataclass(frozen=True)
class Line:
    """A case somebody holds."""

    number: int | None
    title: str
    url: str
    until: date | None
    turn: str


@dataclass(frozen=True)
class Profile:
    """What one broker says of themselves, as a form, and the cases they hold."""

    pk: int
    name: str
    is_me: bool
    form: Any
    url: str
    absent: "Absence | None"
    cases: list[Line]
    load: int
    capacity: int


@dataclass(frozen=True)
class Absence:
    """`begins` is None when it has begun."""

    begins: date | None
    until: date


@dataclass(frozen=True)
class Row:
    """One broker in the list of all."""

    name: str
    url: str
    sectors: list[str]
    expertise: str
    load: int
    capacity: int
    absent: Absence | None


def candidates(question: Question, chosen: str = "") -> Candidates:
    rows = [
        Candidate(
            str(one.broker),
            one.broker.email,
            [reason.sentence for reason in one.reasons],
            one.is_open,
            one.broker.email == chosen,
        )
        for one in matching.ranked(question)
    ]
    return Candidates(rows[:FIRST], rows[FIRST:], any(one.is_chosen for one in rows[FIRST:]))


def held(question: Question) -> Held | None:
    found = lease.held(question)
    if found is None:
        return None
    return Held(str(found.broker), found.until, found.is_offered, found.is_warned, lease.pause(question))


def listed(user: Any) -> list[Row]:
    """Everybody who works cases; a link only for who may change the profile."""
    return [
        Row(
            name=str(one),
            url=reverse("desk-broker", args=[one.pk]) if profiles.may_change(one, user) else "",
            sectors=[str(Sector(sector).label) for sector in one.broker.sectors],
            expertise=one.broker.expertise,
            load=one.load,  # type: ignore[attr-defined]
            capacity=one.broker.capacity,
            absent=absence(one),
        )
        for one in profiles.people()
    ]


def absence(user: Any) -> Absence | None:
    """The absence that is or is to come."""
    coming = profiles.coming_absence(user.broker)
    return None if coming is None else Absence(None if not user.broker.is_present else coming[0], coming[1])


def profile(user: User, by: Any, no: Refused | None = None) -> Profile:
    given: Mapping[str, Any] | None = no.typed if no else None
    cases = [
        Line(one.number, one.title, reverse("case", args=[one.pk]), one.held_until, str(Turn(one.turn_now).label))
        for one in profiles.held_cases(user)
    ]
    return Profile(
        pk=user.pk,
        name=str(user),
        is_me=user.pk == by.pk,
        form=forms.shown(
            profiles.Profile,
            "profile",
            typed=given,
            errors=no.errors if no else None,
            initial=profiles.current(user.broker),
        ),
        url=reverse("desk-me") if user.pk == by.pk else reverse("desk-broker", args=[user.pk]),
        absent=absence(user),
        cases=cases,
        load=user.load,  # type: ignore[attr-defined]
        capacity=user.broker.capacity,
    )
