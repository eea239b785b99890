"""Home, themes, sources and search."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brokers.sectors import Sector
from evidence import words
from evidence.library import apa
from evidence.models import Source, Theme
from frontend import prose
from frontend.pages.answers import Line, Sure, citing, doi_url, line_of_source, newest, sure
from frontend.pages.around import local
from questions import reading
from questions.findable import ANSWER, SOURCE
from questions.suggest import PUBLIC, Found

MOST = 20
KINDS: dict[str, Any] = {ANSWER: gettext_lazy("Answer by this desk"), SOURCE: gettext_lazy("Research publication")}
WORD = re.compile(r"([^\W_]+(?:[-‐‑][^\W_]+)*)")


@dataclass(frozen=True)
class Piece:
    text: str
    hit: bool


@dataclass(frozen=True)
class Hit:
    kind: str
    title: str
    url: str
    detail: str
    pieces: list[Piece]
    locator: str
    sure: Sure | None
    number: int | None
    key: str


@dataclass(frozen=True)
class Choice:
    """One filter: its name, and how many hits it leaves."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Filter:
    name: str
    label: str
    choices: list[Choice]


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
        sure=sure(row.strength, ""),
        themes=[Line(local(one, "label"), reverse("theme", args=[one.slug])) for one in row.themes.all()],
        citing=citing(row),
        is_public=row.public,
    )


def pieces(passage: str, query: str) -> list[Piece]:
    """The passage in pieces, those marked that hold a word of the query."""
    wanted = set(words.query_terms(query))
    parts = WORD.split(passage)
    return [
        Piece(part, n % 2 == 1 and not wanted.isdisjoint(words.terms(part))) for n, part in enumerate(parts) if part
    ]


def hit(one: Found, query: str) -> Hit:
    return Hit(
        kind=str(KINDS.get(one.kind, _("Open question"))),
        title=one.title,
        url=one.url,
        detail=one.detail,
        pieces=pieces(prose.plain(one.passage), query),
        locator=one.locator,
        sure=sure(one.strength, ""),
        number=one.number,
        key=one.url.rstrip("/").rpartition("/")[2] if one.kind == SOURCE else "",
    )


def hits(found: Iterable[Found], query: str) -> list[Hit]:
    return [hit(one, query) for one in found]


def filters(query: str, chosen: Mapping[str, str]) -> list[Filter]:
    """What the hits can be narrowed to, with how many each leaves."""
    kinds = (chosen["kind"],) if chosen["kind"] else PUBLIC
    counts = reading.facets(query, kinds, {name: chosen[name] for name in ("sector", "theme")}) if query else {}
    labels: dict[str, tuple[str, dict[str, str]]] = {
        "kind": (_("Kind"), {kind: str(label) for kind, label in KINDS.items()}),
        "sector": (_("Sector"), {value: str(label) for value, label in Sector.choices}),
        "theme": (_("Theme"), {row.slug: local(row, "label") for row in Theme.objects.all()}),
    }
    return [
        Filter(
            name,
            label,
            [
                Choice(value, text, counts.get(name, {}).get(value, 0), chosen[name] == value)
                for value, text in options.items()
                if counts.get(name, {}).get(value) or chosen[name] == value or not query
            ],
        )
        for name, (label, options) in labels.items()
    ]
