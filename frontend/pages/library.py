"""Home, themes and sources."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from evidence.library import apa
from evidence.models import Source, Theme
from frontend.pages.answers import Line, citing, doi_url, line_of_source, newest
from frontend.pages.around import local
from frontend.pages.certainty import Sure, weight
from questions import reading


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


def themes() -> list[Line]:
    return [
        Line(local(one, "label"), reverse("theme", args=[one.slug]), local(one, "scope")) for one in Theme.objects.all()
    ]


def home() -> dict[str, Any]:
    return {"themes": themes(), "answers": newest(6)}


def theme(row: Theme, user: Any) -> dict[str, Any]:
    return {
        "title": local(row, "label"),
        "scope": local(row, "scope"),
        "slug": row.slug,
        "answers": newest(50, theme=row.slug),
        "sources": [line_of_source(one) for one in reading.sources(user, theme=row.slug)[:100]],
    }


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
        themes=[Line(local(one, "label"), reverse("theme", args=[one.slug])) for one in row.themes.all()],
        citing=citing(row),
        is_public=row.public,
    )
