"""An answer as it is read: texts, how sure it is, what it rests on, and its earlier versions."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from brokers.models import Desk
from brokers.sectors import Sector
from evidence import designs
from evidence.library import apa
from evidence.models import Source
from frontend import prose
from frontend.pages import people
from frontend.pages.around import local
from frontend.pages.certainty import Sure, sure, weight
from frontend.pages.searched import Searched, searched
from questions import reading
from questions.models import Item, Version
from questions.models.version import TEXTS
from questions.related import related
from questions.states import GapKind, Significance, VersionState

WAS_PUBLIC = (VersionState.PUBLISHED, VersionState.SUPERSEDED, VersionState.RETRACTED)


@dataclass
class Reference:
    """A source in the list: what it found and how, what is taken from it, and where the text cites it."""

    n: int
    text: str
    doi_url: str
    url: str
    finding: str
    finding_language: str
    facts: list[tuple[str, str]]
    sure: Sure | None
    claims: list[tuple[str, str]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Team:
    """What a team needs to talk an answer through."""

    questions: list[str]
    to_try: SafeString
    to_watch: SafeString


@dataclass(frozen=True)
class Text:
    """The text of one version."""

    language: str
    short: SafeString
    explanation: SafeString
    conclusion: SafeString
    gap: SafeString
    gap_kind: str
    sure: Sure | None
    references: list[Reference]
    asked_as: str
    consulted: list[tuple[str, str]]
    team: Team | None
    searched: Searched | None = None


@dataclass(frozen=True)
class Line:
    """One line in a list: an answer or a source."""

    title: str
    url: str
    detail: str = ""
    sure: Sure | None = None
    language: str = ""  # of title and detail, where it need not be that of the page


@dataclass(frozen=True)
class Edition:
    n: int
    date: datetime | None
    url: str
    shown: bool
    kind: str = ""  # of change, beside the version before it
    note: str = ""


@dataclass(frozen=True)
class Answer:
    number: int
    title: str
    url: str
    text: Text
    version: str
    n: int
    date: datetime | None
    sectors: list[str]
    themes: list[Line]
    editions: list[Edition]
    is_old: bool
    retracted_at: datetime | None
    retraction: str
    cite: str
    related: list[Line]
    related_sources: list[Line]
    written_by: str
    reviewed_by: str
    look_again_on: Any  # a day, or None
    replaces: list[tuple[int, str]]
    replaced_by: Line | None
    short_url: str
    report: str

    @property
    def canonical(self) -> str:
        """Where it is to be found: an answer that was replaced, at the one that replaces it."""
        return self.replaced_by.url if self.replaced_by else self.url

    @property
    def first_date(self) -> datetime | None:
        return min((one.date for one in self.editions if one.date), default=None)

    @property
    def mail(self) -> str:
        """The address of a new mail that passes this answer on."""
        return f"mailto:?{urlencode({'subject': self.title, 'body': self.short_url}, quote_via=quote)}"


def doi_url(source: Source) -> str:
    return f"https://doi.org/{source.doi}" if source.doi else ""


def references(citations: Iterable[tuple[Source, str, str]], language: str) -> tuple[list[Reference], dict[str, int]]:
    """The reference list of (source, claim, place) rows, each source once, and the number of each key."""
    made: dict[str, Reference] = {}
    for source, claim, place in citations:
        if source.key not in made:
            made[source.key] = reference(len(made) + 1, source, language)
        made[source.key].claims.append((claim, place))
    return list(made.values()), {key: reference.n for key, reference in made.items()}


def reference(n: int, source: Source, language: str) -> Reference:
    link = doi_url(source)
    line = apa(source.csl, language).replace(link, "").strip() if link else apa(source.csl, language)
    own = getattr(source, f"finding_{language}", "")
    return Reference(
        n=n,
        text=line,
        doi_url=link,
        url=reverse("source", args=[source.key]),
        finding=own or source.finding_nl or source.finding_en,
        finding_language=language if own else "nl" if source.finding_nl else "en",
        facts=study(source),
        sure=weight(source.strength),
    )


def study(source: Source) -> list[tuple[str, str]]:
    """How a study was done: label and value of what is known."""
    rows = [
        (_("Design"), designs.in_words(source.design)),
        (_("Who was studied"), source.population),
        (_("Country"), source.country),
    ]
    return [(label, value) for label, value in rows if value]


def text_from(
    values: Any, citations: Iterable[tuple[Source, str, str]], language: str, consulted: Iterable[tuple[str, str]] = ()
) -> Text:
    """The text of an answer from the values of its fields, saved or not."""
    listed, numbers = references(citations, language)
    kind = values.get("gap_kind") or ""
    seen: dict[int, int] = {}
    short, explanation, conclusion, gap = (
        prose.html(values.get(name) or "", numbers, seen)
        for name in ("short_answer", "explanation", "conclusion", "gap")
    )
    for one in listed:
        one.places += [prose.place_of(one.n, time + 1) for time in range(seen.get(one.n, 0))]
    return Text(
        language=language,
        short=short,
        explanation=explanation,
        conclusion=conclusion,
        gap=gap,
        gap_kind=str(GapKind(kind).label) if kind in GapKind.values else "",
        sure=sure(values.get("strength") or "", values.get("direction") or ""),
        references=listed,
        asked_as=values.get("asked_as") or "",
        consulted=list(consulted),
        team=team(values),
    )


def team(values: Any) -> Team | None:
    """The team sheet; None while nothing of it is written."""
    questions, to_try, to_watch = (
        (values.get(name) or "").strip() for name in ("team_questions", "team_try", "team_watch")
    )
    if not (questions or to_try or to_watch):
        return None
    return Team(questions.splitlines(), prose.html(to_try), prose.html(to_watch))


def text_of(version: Version) -> Text:
    rows = [(one.source, one.claim, one.locator) for one in version.citations.select_related("source")]
    experts = version.consulted.values_list("name", "role")
    text = text_from({name: getattr(version, name) for name in TEXTS}, rows, version.language, experts)
    return replace(text, searched=searched(version.searched))


def line_of(version: Version) -> Line:
    item = version.item
    url = reverse("answer", args=[item.number, item.slug])
    return Line(
        item.title, url, prose.plain(version.short_answer), sure(version.strength, version.direction), version.language
    )


def line_of_source(source: Source) -> Line:
    who = apa(source.csl, "nl").partition(" (")[0]
    # Without authors a reference begins with the title, which need not stand there twice.
    detail = "" if who.startswith(source.title) else who
    return Line(source.title, reverse("source", args=[source.key]), detail, language=source.language)


def edition(item: Item, n: int | None) -> tuple[Version, list[Version]] | None:
    """Version `n` of the item (else the one that is shown) and all that were ever public."""
    living = item.shown()
    if living is None:
        return None
    rows = list(item.versions.filter(state__in=WAS_PUBLIC, language=living.language).order_by("-n"))
    if n is None:
        return living, rows
    wanted = next((row for row in rows if row.n == n), None)
    return (wanted, rows) if wanted else None


def edition_of(row: Version, url: str, is_shown: bool) -> Edition:
    """One line of the list of versions, with what it changed. The first one changed nothing."""
    kind = str(Significance(row.significance).label) if row.n > 1 and row.significance else ""
    note = row.change_note if row.n > 1 else ""
    return Edition(row.n, row.published_at, f"{url}?version={row.n}", is_shown, kind, note)


def answer(living: Version, n: int | None) -> Answer | None:
    """The page of an answer; None when it never had a public version `n`."""
    item = living.item
    chosen = edition(item, n)
    if chosen is None:
        return None
    version, rows = chosen
    url = reverse("answer", args=[item.number, item.slug])
    cases = list(item.questions.prefetch_related("themes"))
    themes = {theme.slug: theme for case in cases for theme in case.themes.all()}
    text = text_of(version)
    near, uncited = related(item, {one.url.rpartition("/")[2] for one in text.references})
    return Answer(
        number=item.number,
        title=item.title,
        url=url,
        text=text,
        version=str(version.pk),
        n=version.n,
        date=version.published_at,
        sectors=sorted({str(Sector(case.sector).label) for case in cases}),
        themes=[Line(local(one, "label"), reverse("theme", args=[one.slug])) for one in themes.values()],
        editions=[edition_of(row, url, row == version) for row in rows],
        is_old=version != living,
        retracted_at=version.retracted_at,
        retraction=version.retraction,
        cite=how_to_cite(item, version, url),
        related=[line_of(one) for one in near],
        related_sources=[line_of_source(one) for one in uncited],
        written_by=people.writers(version),
        reviewed_by=people.reviewers(version),
        look_again_on=version.look_again_on,
        replaces=[
            (number, f"{reverse('answer-number', args=[number])}?version={last}")
            for number, last in reading.replaced(item)
        ],
        replaced_by=line_of_item(item.replaced_by) if item.replaced_by else None,
        short_url=settings.BASE_URL + reverse("answer-number", args=[item.number]),
        report=f"?version={version.n}&section=" if version != living else "?section=",
    )


def how_to_cite(item: Item, version: Version, url: str) -> str:
    year = version.published_at.year if version.published_at else ""
    title = item.title.rstrip(".")
    stop = "" if title.endswith(("?", "!")) else "."
    return _("%(desk)s (%(year)s). %(title)s Answer %(number)s, version %(n)s. %(url)s") % {
        "desk": Desk.default().name,
        "year": year,
        "title": title + stop,
        "number": item.number,
        "n": version.n,
        "url": settings.BASE_URL + url,
    }


def line_of_item(item: Item) -> Line:
    shown = item.shown()
    url = reverse("answer", args=[item.number, item.slug])
    return Line(item.title, url, language=shown.language if shown else "")


def newest(most: int = 6, **filters: str) -> list[Line]:
    return [line_of(version) for version in reading.published(**filters)[:most]]


def citing(source: Source) -> list[Line]:
    """The published answers that rest on `source`."""
    rows = Version.objects.published().filter(citations__source=source).select_related("item")
    return [line_of(version) for version in rows.distinct().order_by("-published_at")[:100]]
