"""What was found, why, and what it can be narrowed to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from brokers.sectors import Sector
from evidence.facets import Filters
from evidence.models import Collection, Theme
from evidence.strength import Strength
from frontend.pages.answers import Line, newest
from frontend.pages.around import local
from frontend.pages.certainty import Sure, sure, weight
from questions import following, inputs, overview
from questions.findable import ANSWER, SOURCE, WORKING
from questions.suggest import DEPTH, Found, Listing, find

MOST = 20
KINDS: dict[str, Any] = {ANSWER: gettext_lazy("Answer by this desk"), SOURCE: gettext_lazy("Research publication")}
WORKED_ON = gettext_lazy("We work on this now")


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
    because: str
    locator: str
    sure: Sure | None
    number: int | None
    key: str
    language: str  # of the title
    is_working: bool = False  # an open question in public, with a page to say "me too"

    @property
    def ref(self) -> str:
        """What it is known by when it was read: the number of an answer, the key of a source."""
        return str(self.number or self.key)


@dataclass(frozen=True)
class Choice:
    """One value of a filter, and how many hits it gives."""

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
class Set:
    """A filter that is set: where the same search stands without it, and how many hits it has there."""

    label: str
    value: str
    url: str
    count: int


class Empty:
    """Why a search shows nothing; each has another way on."""

    NO_LIBRARY = "library"  # there is nothing to find at all
    TOO_NARROW = "narrow"  # without filters there is something
    NO_MATCH = "match"


@dataclass(frozen=True)
class Search:
    """The search page. `notes` say which filters could not be used, `empty` why there are no hits;
    `as_typed` and `typed_url` are for words that were taken for typing errors, or would be."""

    query: str
    notes: list[str]
    filters: list[Filter]
    years: list[tuple[str, str, int | None]]
    set: list[Set]
    without: str
    sector: str
    as_typed: bool
    typed_url: str
    empty: str
    newest: list[Line]
    listing: Listing | None
    hits: list[Hit]
    start: int
    previous: str
    next: str
    feed: str
    follow: str  # the query of the page that follows it by mail; empty when it is too long for that

    @property
    def is_counted(self) -> bool:
        """Whether this is a search, and not a further page of one."""
        return self.listing is not None and self.start == 1


def pieces(one: Found) -> list[Piece]:
    """The passage in pieces; words that match side by side are one mark, not several."""
    found: list[Piece] = []
    at = 0
    for start, end in one.marks:
        between = one.passage[at:start]
        if found and not between.strip():
            found[-1] = Piece(f"{found[-1].text}{between}{one.passage[start:end]}", True)
        else:
            found += [Piece(between, False)] if between else []
            found.append(Piece(one.passage[start:end], True))
        at = end
    return found + ([Piece(one.passage[at:], False)] if at < len(one.passage) else [])


def because(one: Found) -> str:
    """The reason in a sentence, where no marked word shows it."""
    if one.marks:
        return ""
    if one.words:
        return _("Found by words in the title or further on: %(words)s.") % {"words": ", ".join(one.words[:5])}
    if one.meaning in ("same", "close"):
        return _("None of your words is in it. It is close to your question in meaning.")
    return "" if one.meaning == "none" else _("None of your words is in it. It was found by its meaning.")


def hit(one: Found) -> Hit:
    return Hit(
        kind=str(WORKED_ON if one.kind == WORKING else KINDS.get(one.kind, _("Open question"))),
        title=one.title,
        url=one.url,
        detail=one.detail,
        pieces=pieces(one),
        because=because(one),
        locator=one.locator,
        sure=weight(one.strength) if one.kind == SOURCE else sure(one.strength, one.direction),
        number=one.number,
        key=one.url.rstrip("/").rpartition("/")[2] if one.kind == SOURCE else "",
        language=one.language,
        is_working=one.kind == WORKING,
    )


def hits(found: Iterable[Found]) -> list[Hit]:
    return [hit(one) for one in found]


def search(query: str, data: Mapping[str, str]) -> Search:
    """What `data`, an address somebody may have typed by hand, asks for; never an error."""
    filters, notes = chosen(data)
    here = Asked(query, filters, as_typed="typed" in data)
    page = int(data["page"]) if data.get("page", "") in PAGES else 1
    listing = find(query, filters, limit=MOST, page=page, as_typed=here.as_typed) if query else None
    every = choices(filters, listing.facets if listing else {})
    total = listing.total if listing else 0
    return Search(
        query=query,
        notes=notes,
        filters=[one for one in every if one.choices],
        years=[("year_from", _("From year"), filters.year_from), ("year_to", _("Up to year"), filters.year_to)],
        set=list(those_set(here, every, listing)),
        without=here.address(filters=Filters()),
        sector=filters.sector,
        as_typed=here.as_typed,
        typed_url=replace(here, as_typed=True).address(),
        empty=why_empty(listing) if listing and not total else "",
        newest=[] if listing else newest(10, sector=filters.sector, theme=filters.theme),
        listing=listing,
        hits=hits(listing.found) if listing else [],
        start=(page - 1) * MOST + 1,
        previous=here.address(page=page - 1) if page > 1 else "",
        next=here.address(page=page + 1) if page * MOST < total else "",
        feed=here.address("search-feed"),
        follow=following.query(query, filters) if 0 < len(query) <= following.LONGEST_SEARCH else "",
    )


@dataclass(frozen=True)
class Asked:
    """A search as its address says it."""

    query: str
    filters: Filters
    as_typed: bool = False

    def address(self, name: str = "search", *, filters: Filters | None = None, **more: Any) -> str:
        given = asdict(self.filters if filters is None else filters)
        asked = {"q": self.query, **{key: value for key, value in given.items() if value}, **more}
        return f"{reverse(name)}?{urlencode(asked | ({'typed': 1} if self.as_typed else {}))}"


def those_set(here: Asked, every: Iterable[Filter], listing: Listing | None) -> Iterator[Set]:
    wider = listing.wider if listing else {}
    for one in every:
        for choice in one.choices:
            if choice.chosen:
                url = here.address(filters=here.filters.without(one.name))
                yield Set(one.label, choice.label, url, wider.get(one.name, 0))
    years = here.filters.year_from, here.filters.year_to
    if any(years):
        value = "–".join(str(year or "") for year in years)
        yield Set(_("Year"), value, here.address(filters=here.filters.without("year")), wider.get("year", 0))


def why_empty(listing: Listing) -> str:
    if listing.unfiltered:
        return Empty.TOO_NARROW
    return Empty.NO_LIBRARY if overview.counts().is_empty else Empty.NO_MATCH


PAGES = {str(n) for n in range(1, DEPTH // MOST + 1)}


def chosen(data: Mapping[str, str]) -> tuple[Filters, list[str]]:
    """The filters that can be used, and a sentence for each that cannot."""
    form = inputs.Narrow({name: data.get(name, "") for name in inputs.Narrow.base_fields})
    form.full_clean()
    filters = Filters(**{name: value for name, value in form.cleaned_data.items() if name not in form.errors})
    wrong = [name for name in form.fields if name in form.errors]
    for name, rows in (("theme", Theme.objects.all()), ("collection", Collection.objects.filter(public=True))):
        if (value := getattr(filters, name)) and not rows.filter(slug=value).exists():
            wrong.append(name)
            filters = filters.without(name)
    words = _("We could not use this filter: %(label)s. So we searched without it.")
    return filters, [words % {"label": form.fields[name].label} for name in wrong]


def choices(filters: Filters, counts: Mapping[str, Mapping[str, int]]) -> list[Filter]:
    """What the hits can be narrowed to, with how many each value gives; all of it before a search."""
    return [
        Filter(
            name,
            label,
            [
                Choice(value, text, count, value == getattr(filters, name))
                for value, text in options
                if (count := counts.get(name, {}).get(value, 0)) or value == getattr(filters, name) or not counts
            ],
        )
        for name, label, options in options_of(counts)
    ]


def options_of(counts: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    yield "kind", _("Kind"), [(kind, str(label)) for kind, label in KINDS.items()]
    yield "sector", _("Sector"), [(value, str(label)) for value, label in Sector.choices]
    yield "theme", _("Theme"), [(row.slug, local(row, "label")) for row in Theme.objects.all()]
    yield "strength", _("Strength of the research"), [(value, str(label)) for value, label in Strength.choices]
    codes = {"nl", "en", *counts.get("language", {})}
    yield "language", _("Language"), [(code, language_name(code)) for code in sorted(codes, reverse=True)]
    rows = Collection.objects.filter(public=True)
    yield "collection", _("Collection"), [(row.slug, row.name) for row in rows]


def language_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
