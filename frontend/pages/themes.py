"""The page of a theme: what the desk says of it, what is known, what is not, who knows more, and how fresh it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from evidence.models import Theme
from frontend import prose
from frontend.pages.answers import Line, line_of, line_of_source
from frontend.pages.around import local
from frontend.pages.guide import Person
from frontend.pages.library import theme_line
from questions import introductions, overview, reading
from questions.models import Introduction, Version

MOST = 20
LISTS = ("answers", "gaps", "sources")


@dataclass(frozen=True)
class Listed:
    """One page of a list, and the addresses of the pages beside it."""

    lines: list[Line]
    total: int
    previous: str
    next: str


@dataclass(frozen=True)
class ThemePage:
    title: str
    scope: str
    slug: str
    url: str
    introduction: SafeString
    introduced: datetime | None
    answers: Listed
    gaps: Listed
    sources: Listed
    newest: datetime | None
    old: int
    feed: str


def turned(data: Mapping[str, str]) -> dict[str, int]:
    """Which page of each list an address asks for; the first where it says nothing that can be used."""
    asked = {name: data.get(name, "") for name in LISTS}
    return {name: int(text) for name, text in asked.items() if text.isascii() and text.isdecimal() and len(text) < 5}


def theme(row: Theme, pages: Mapping[str, int]) -> ThemePage:
    """The page; `pages` as `turned` gives them."""
    slug, said = row.slug, introductions.current(row)
    text, age = local(said, "text") if said else "", overview.age(theme=slug)
    here = {name: n for name, n in pages.items() if n > 1}

    def listed(name: str, rows: Any, shape: Callable[[Any], Line]) -> Listed:
        total = rows.count()
        last = max(1, -(-total // MOST))
        n = min(max(1, pages.get(name, 1)), last)

        def turn(to: int) -> str:
            asked = {**here, name: to}
            return f"{reverse('theme', args=[slug])}?{urlencode(asked)}#{name}"

        lines = [shape(one) for one in rows[(n - 1) * MOST : n * MOST]]
        return Listed(lines, total, turn(n - 1) if n > 1 else "", turn(n + 1) if n < last else "")

    return ThemePage(
        title=local(row, "label"),
        scope=local(row, "scope"),
        slug=slug,
        url=reverse("theme", args=[slug]) + (f"?{urlencode(here)}" if here else ""),
        introduction=prose.html(text),
        introduced=said.at if said and text else None,
        answers=listed("answers", reading.published(theme=slug), line_of),
        gaps=listed("gaps", overview.gaps(theme=slug), line_of_gap),
        sources=listed("sources", overview.sources(theme=slug), line_of_source),
        newest=age.newest,
        old=age.old,
        feed=f"{reverse('search-feed')}?{urlencode({'theme': slug})}",
    )


def people(slug: str) -> list[Person]:
    """Not kept with the page: who no longer wants to be named is gone at once."""
    return [Person(one.user.name, one.expertise, []) for one in overview.people(theme=slug)]


def line_of_gap(version: Version) -> Line:
    """What is not known, under the question it belongs to."""
    line = line_of(version)
    return replace(line, detail=prose.plain(version.gap) or line.detail)


def listed() -> list[tuple[Line, int]]:
    """All themes, with how many answers each has."""
    return [(theme_line(row), count) for row, count in overview.themes()]


@dataclass(frozen=True)
class Edition:
    n: int
    by: str
    at: datetime
    nl: SafeString
    en: SafeString


@dataclass(frozen=True)
class Editing:
    """The page where editors write an introduction. `expected` is the edition they have before them."""

    title: str
    slug: str
    expected: int
    may_write: bool
    texts: dict[str, str]
    editions: list[Edition]


def edited() -> list[tuple[str, str, int, datetime | None]]:
    """Slug and name of all themes, the number of their introduction (0: none) and when it was written."""
    rows = introductions.newest()
    return [(row.slug, local(row, "label"), row.introduction or 0, row.introduced) for row in rows]


def editing(row: Theme, user: Any) -> Editing:
    found = list(introductions.editions(row)[:50])
    return Editing(
        title=local(row, "label"),
        slug=row.slug,
        expected=found[0].n if found else 0,
        may_write=introductions.may_write(user),
        texts={"text_nl": found[0].text_nl, "text_en": found[0].text_en} if found else {},
        editions=[edition(one) for one in found],
    )


def edition(one: Introduction) -> Edition:
    return Edition(
        one.n, str(one.by or _("somebody who left")), one.at, prose.html(one.text_nl), prose.html(one.text_en)
    )
