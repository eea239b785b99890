"""An answer as it is read: texts, how sure it is, what it rests on, and its earlier versions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brokers.models import Desk
from brokers.sectors import Sector
from evidence.library import apa
from evidence.models import Source
from evidence.strength import Strength
from frontend import prose
from frontend.pages.around import local
from questions import reading
from questions.models import Item, Version
from questions.states import Direction, GapKind, VersionState
from questions.suggest import Found, suggest

WAS_PUBLIC = (VersionState.PUBLISHED, VersionState.SUPERSEDED, VersionState.RETRACTED)

# How sure: name of the box, its sign and its words. What we do not know must look like nothing else.
SURE: dict[str, tuple[str, str, Any]] = {
    Strength.STRONG: ("strong", "●●●", gettext_lazy("Strong evidence: many good studies agree.")),
    Strength.MODERATE: ("moderate", "●●○", gettext_lazy("Moderate evidence: several studies point the same way.")),
    Strength.LIMITED: ("limited", "●○○", gettext_lazy("Limited evidence: there are few or weak studies.")),
    Strength.INSUFFICIENT: ("unknown", "?", gettext_lazy("We do not know: there is too little research.")),
}
FOUND: dict[str, Any] = {
    Direction.POSITIVE: gettext_lazy("What research found: it helps."),
    Direction.NEGATIVE: gettext_lazy("What research found: it does harm."),
    Direction.NONE: gettext_lazy("What research found: studies looked for an effect and found none."),
    Direction.MIXED: gettext_lazy("What research found: it depends; studies differ."),
    Direction.UNCLEAR: gettext_lazy("What research found: the direction is unknown."),
}


@dataclass(frozen=True)
class Sure:
    """How sure an answer is, in words nobody can misread."""

    box: str
    sign: str
    sentence: str
    found: str
    caution: str


@dataclass
class Reference:
    n: int
    text: str
    doi_url: str
    url: str
    claims: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Text:
    """The text of one version."""

    language: str
    short: SafeString
    explanation: SafeString
    gap: SafeString
    gap_kind: str
    sure: Sure | None
    references: list[Reference]


@dataclass(frozen=True)
class Line:
    """One line in a list: an answer or a source."""

    title: str
    url: str
    detail: str = ""
    sure: Sure | None = None


@dataclass(frozen=True)
class Edition:
    n: int
    date: datetime | None
    url: str
    shown: bool


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


def sure(strength: str, direction: str) -> Sure | None:
    if strength not in SURE:
        return None
    box, sign, sentence = SURE[strength]
    unknown = strength == Strength.INSUFFICIENT
    caution = _("This is not the same as “it does not work”: nobody has looked well enough yet.") if unknown else ""
    return Sure(box, sign, str(sentence), "" if unknown else str(FOUND.get(direction, "")), caution)


def doi_url(source: Source) -> str:
    return f"https://doi.org/{source.doi}" if source.doi else ""


def references(citations: Iterable[tuple[Source, str, str]], language: str) -> tuple[list[Reference], dict[str, int]]:
    """The reference list of (source, claim, place) rows, each source once, and the number of each key."""
    made: dict[str, Reference] = {}
    for source, claim, place in citations:
        if source.key not in made:
            link = doi_url(source)
            line = apa(source.csl, language).replace(link, "").strip() if link else apa(source.csl, language)
            made[source.key] = Reference(len(made) + 1, line, link, reverse("source", args=[source.key]))
        made[source.key].claims.append((claim, place))
    return list(made.values()), {key: reference.n for key, reference in made.items()}


def text_from(values: Any, citations: Iterable[tuple[Source, str, str]], language: str) -> Text:
    """The text of an answer from the values of its fields, saved or not."""
    listed, numbers = references(citations, language)
    kind = values.get("gap_kind") or ""
    return Text(
        language=language,
        short=prose.html(values.get("short_answer") or "", numbers),
        explanation=prose.html(values.get("explanation") or "", numbers),
        gap=prose.html(values.get("gap") or "", numbers),
        gap_kind=str(GapKind(kind).label) if kind in GapKind.values else "",
        sure=sure(values.get("strength") or "", values.get("direction") or ""),
        references=listed,
    )


def text_of(version: Version) -> Text:
    rows = [(one.source, one.claim, one.locator) for one in version.citations.select_related("source")]
    names = ("short_answer", "explanation", "gap", "gap_kind", "strength", "direction")
    return text_from({name: getattr(version, name) for name in names}, rows, version.language)


def line_of(version: Version) -> Line:
    item = version.item
    url = reverse("answer", args=[item.number, item.slug])
    return Line(item.title, url, prose.plain(version.short_answer), sure(version.strength, version.direction))


def line_of_source(source: Source) -> Line:
    who = apa(source.csl, "nl").partition(" (")[0]
    # Without authors a reference begins with the title, which need not stand there twice.
    return Line(source.title, reverse("source", args=[source.key]), "" if who.startswith(source.title) else who)


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
    return Answer(
        number=item.number,
        title=item.title,
        url=url,
        text=text_of(version),
        version=str(version.pk),
        n=version.n,
        date=version.published_at,
        sectors=sorted({str(Sector(case.sector).label) for case in cases}),
        themes=[Line(local(one, "label"), reverse("theme", args=[one.slug])) for one in themes.values()],
        editions=[Edition(row.n, row.published_at, f"{url}?version={row.n}", row == version) for row in rows],
        is_old=version != living,
        retracted_at=version.retracted_at,
        retraction=version.retraction,
        cite=how_to_cite(item, version, url),
        related=related(item),
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


def related(item: Item, most: int = 4) -> list[Line]:
    found = suggest(item.title, limit=most + 1)
    return [as_line(one) for one in found.answers if one.number != item.number][:most]


def as_line(one: Found) -> Line:
    return Line(one.title, one.url, prose.plain(one.passage), sure(one.strength, ""))


def newest(most: int = 6, **filters: str) -> list[Line]:
    return [line_of(version) for version in reading.published(**filters)[:most]]


def citing(source: Source) -> list[Line]:
    """The published answers that rest on `source`."""
    rows = Version.objects.published().filter(citations__source=source).select_related("item")
    return [line_of(version) for version in rows.distinct().order_by("-published_at")[:100]]
