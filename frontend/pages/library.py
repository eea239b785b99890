"""Home and sources."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from evidence.library import apa
from evidence.models import Source, Theme
from frontend.pages.answers import Line, citing, doi_url, newest
from frontend.pages.around import local
from frontend.pages.certainty import Sure, weight
from questions import overview
from questions.overview import Counts


@dataclass(frozen=True)
class SourcePage:
    title: str
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
    return Home(themes(), newest(6), overview.counts())


def source(row: Source) -> SourcePage:
    link = doi_url(row)
    facts = [(_("Design"), row.design), (_("Who was studied"), row.population), (_("Country"), row.country)]
    return SourcePage(
        title=row.title,
        reference=apa(row.csl, "nl").replace(link, "").strip() if link else apa(row.csl, "nl"),
        doi_url=link,
        facts=[(label, value) for label, value in facts if value],
        finding=local(row, "finding"),
        sure=weight(row.strength),
        themes=[theme_line(one) for one in row.themes.all()],
        citing=citing(row),
        is_public=row.public,
    )
