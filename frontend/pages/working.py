"""Questions in public while the desk works on them."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from brokers.sectors import Sector
from frontend.pages.answers import Line
from frontend.pages.around import local
from questions.joining import Working


@dataclass(frozen=True)
class Shown:
    """One of them; `askers` is 0 when the public is not told how many want to know."""

    number: int
    title: str
    language: str
    sector: str
    themes: list[Line]
    since: datetime | None
    askers: int
    url: str


def shown(one: Working) -> Shown:
    question = one.question
    return Shown(
        number=question.number or 0,
        title=question.articulated,
        language=question.language,
        sector=str(Sector(question.sector).label),
        themes=[Line(local(row, "label"), reverse("theme", args=[row.slug])) for row in question.themes.all()],
        since=question.shown_at,
        askers=one.askers,
        url=reverse("working-on-one", args=[question.number]),
    )
