"""Home and sources."""

from dataclasses import dataclass

from django.urls import reverse

from evidence.library import apa
from evidence.models import Source, Theme
from frontend.pages.answers import Line, citing, doi_url, newest, study
from frontend.pages.around import local
from frontend.pages.certainty import Sure, weight
from questions import overview
from questions.overview import Counts


@dataclass(frozen=True)
class SourcePage:
    title: str
    language: str  # of the title
    reference: str
    doi_url: str
    facts: list[tuple[str, str]]
    finding: str
    sure: Sure | None
    themes: list[Line]
    citing: list[Line]
    is_public: bool


@dataclass(frozen=True)
class Home:
    themes: list[Line]
    answers: list[Line]
    counts: Counts


def theme_line(row: Theme) -> Line:
    return Line(local(row, "label"), reverse("theme", args=[row.slug]), local(row, "scope"))


def themes() -> list[Line]:
    return [theme_line(one) for one in Theme.objects.all()]


def home() -> Home:
    return Home(themes(), newest(4), overview.counts())


def source(row: Source) -> SourcePage:
    link = doi_url(row)
    return SourcePage(
        title=row.title,
        language=row.language,
        reference=apa(row.csl, "nl").replace(link, "").strip() if link else apa(row.csl, "nl"),
        doi_url=link,
        facts=study(row),
        finding=local(row, "finding"),
        sure=weight(row.strength),
        themes=[theme_line(one) for one in row.themes.all()],
        citing=citing(row),
        is_public=row.public,
    )
