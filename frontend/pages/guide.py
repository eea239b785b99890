"""The signpost: who somebody is, what they want, and the page that leads there."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from evidence.models import Theme
from frontend.pages import library
from frontend.pages.answers import Line, line_of_source
from frontend.pages.around import local
from questions import overview, wayfinding
from questions.wayfinding import ASK, FIND, INQUIRE, MEET, READ

WHO: dict[str, Any] = {
    "teacher-po": gettext_lazy("a teacher in primary education (po)"),
    "teacher-vo": gettext_lazy("a teacher in secondary education (vo)"),
    "teacher-mbo": gettext_lazy("a teacher in vocational education (mbo)"),
    "teacher-so": gettext_lazy("a teacher in special education (so)"),
    "teacher-ho": gettext_lazy("a teacher in higher education (ho)"),
    "school-leader": gettext_lazy("a school leader"),
    "care-coordinator": gettext_lazy("a care coordinator"),
    "student-teacher": gettext_lazy("a student teacher"),
    "researcher": gettext_lazy("a researcher"),
    "parent": gettext_lazy("a parent"),
    "other": gettext_lazy("somebody else, for example in policy or support"),
}
WANTS: dict[str, Any] = {
    FIND: gettext_lazy("find what research says about something"),
    ASK: gettext_lazy("ask a question of my own"),
    READ: gettext_lazy("read about a theme"),
    MEET: gettext_lazy("meet people who know about it"),
    INQUIRE: gettext_lazy("do my own inquiry"),
}
STEPS: list[Any] = [
    gettext_lazy("opened the signpost"),
    gettext_lazy("said who they are"),
    gettext_lazy("said what they want"),
    gettext_lazy("reached a page that helps"),
]
GOALS_HERE = (MEET, INQUIRE)  # the page itself is what they came for; the others lead on
LATELY = 90  # days


@dataclass(frozen=True)
class Choice:
    url: str
    label: str


@dataclass(frozen=True)
class Person:
    name: str
    knows: str
    themes: list[Line]


@dataclass(frozen=True)
class Place:
    """Where somebody stands; each choice is an address of its own."""

    who: str
    want: str
    choices: list[Choice]
    go: str
    themes: list[Choice]
    people: list[Person]
    meeting: str
    sources: list[Line]


def start() -> list[Choice]:
    return [Choice(reverse("guide-who", args=[name]), str(label)) for name, label in WHO.items()]


def at(who: str, want: str = "") -> Place:
    """The page of somebody who chose `who`, and `want`; both are known names."""
    go = reverse("guide-go", args=[who, want]) if want else ""
    return Place(
        who=str(WHO[who]),
        want=str(WANTS[want]) if want else "",
        choices=[] if want else [Choice(reverse("guide-want", args=[who, one]), str(WANTS[one])) for one in WANTS],
        go=go,
        themes=[themed(go, one) for one in Theme.objects.all()] if want == READ else [],
        people=people() if want == MEET else [],
        meeting=settings.OPERATOR_MEETING if want == MEET else "",
        sources=about_inquiry() if want == INQUIRE else [],
    )


def themed(go: str, row: Theme) -> Choice:
    return Choice(f"{go}?{urlencode({'theme': row.slug})}", local(row, "label"))


def goal(who: str, want: str, query: str, theme: str) -> str | None:
    """The address that a choice leads to; None where the page itself is the goal."""
    sector, role = wayfinding.WHO[who]
    if want == FIND:
        return address("search", q=query, sector=sector)
    if want == ASK:
        return address("ask", sector=sector, role=role)
    return reverse("theme", args=[theme]) if want == READ else None


def address(name: str, **given: str) -> str:
    asked = urlencode({key: value for key, value in given.items() if value})
    return f"{reverse(name)}?{asked}" if asked else reverse(name)


def people() -> list[Person]:
    """With their themes; not kept: who no longer wants to be named is gone at once."""
    rows = overview.people().prefetch_related("themes")
    return [Person(one.user.name, one.expertise, [library.theme_line(row) for row in one.themes.all()]) for one in rows]


def about_inquiry() -> list[Line]:
    """Sources of the library on how people in schools inquire into their own practice, if it has any."""
    return [line_of_source(one) for one in overview.sources_on_inquiry()[:10]]


@dataclass(frozen=True)
class Step:
    """A step of the signpost: `share` in percent of those who opened it, `lost` on the way here."""

    label: str
    count: int
    share: int
    lost: int
    is_worst: bool


@dataclass(frozen=True)
class Numbers:
    days: int
    steps: list[Step]
    rows: list[tuple[str, str, int, int]]
    worst: str


def numbers() -> Numbers:
    """Where people drop out, for the desk."""
    counted = wayfinding.funnel(timezone.localdate() - timedelta(days=LATELY))
    most = max([*counted.steps, 1])
    steps = [
        Step(
            label=str(STEPS[n]),
            count=count,
            share=round(100 * count / most),
            lost=max(0, counted.steps[n - 1] - count) if n else 0,
            is_worst=counted.worst == n,
        )
        for n, count in enumerate(counted.steps)
    ]
    rows = [(str(WHO[row.who]), str(WANTS[row.want]), row.chosen, row.reached) for row in counted.rows]
    return Numbers(LATELY, steps, rows, next((step.label for step in steps if step.is_worst), ""))
