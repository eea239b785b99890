"""Search hits, re-checked by their owners and shaped, for page and API alike."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse

from evidence import facets, nearness, search
from evidence.excerpt import Span
from evidence.facets import Filters, Labels
from evidence.library import authors_line
from evidence.models import Source
from evidence.strength import Strength
from questions.findable import ANSWER, QUESTION, SOURCE, WORKING
from questions.models import Item, Participation, Question, Version
from questions.states import OPEN, State

PUBLIC = (ANSWER, SOURCE)
FEW = 3  # of a kind, what stands just below the floor may still help; a long tail of it does not
LAST = 20  # hits at the end of a search, none of which is relevant: nothing relevant follows
DEPTH = 200  # hits that are counted and can be paged through
# Of people who ask the same now the public is told a number only from three on, and in steps: the
# reasons stand in docs/search.md. A question counts once a coordinator has accepted it.
STEPS = (3, 5, 10, 20, 50)
ACCEPTED = (State.TRIAGED, State.ASSIGNED)
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Found:
    """A hit that may be shown: what it is, where it stands and the passage that matches, and why."""

    kind: str
    id: str
    number: int | None
    title: str
    url: str
    score: float
    passage: str
    marks: tuple[Span, ...] = ()  # where the matching words stand in the passage, in code points
    words: tuple[str, ...] = ()  # those of title and passage, as they stand there
    meaning: nearness.Degree = "none"
    locator: str = ""
    strength: str = ""
    direction: str = ""
    detail: str = ""
    language: str = ""  # of the title

    @property
    def strength_label(self) -> str:
        return str(Strength(self.strength).label) if self.strength else ""


@dataclass
class Suggestions:
    answers: list[Found] = field(default_factory=list)
    sources: list[Found] = field(default_factory=list)
    questions: list[Found] = field(default_factory=list)
    working: list[Found] = field(default_factory=list)
    nothing_relevant: bool = False
    degraded: bool = False
    corrected: dict[str, str] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def all(self) -> list[Found]:
        """Everything in one list, the best first."""
        every = [*self.answers, *self.sources, *self.questions, *self.working]
        return sorted(every, key=lambda one: -one.score)

    @property
    def asked_now(self) -> list[Found]:
        """The open questions that ask the same in other words; for staff."""
        return [one for one in self.questions if one.meaning == "same"]


@dataclass(frozen=True)
class Listing:
    """A page of what a search found. `facets` counts all hits one can page through; `more` says
    that there are more than DEPTH of them, and that every count means "at least". `wider` says how many
    there are without each facet that is filtered on, `unfiltered` how many without any."""

    found: list[Found] = field(default_factory=list)
    total: int = 0
    more: bool = False
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    wider: dict[str, int] = field(default_factory=dict)
    unfiltered: int = 0
    degraded: bool = False
    corrected: dict[str, str] = field(default_factory=dict)

    @property
    def nothing_relevant(self) -> bool:
        return not self.total


def suggest(text: str, *, user: Any = None, sector: str = "", limit: int = 5, besides: str = "") -> Suggestions:
    """What exists for `text`: answers, sources and what is shown while it is worked on for everybody.

    Staff get all open questions in the place of those that are shown. `besides` is the id of a question that must not suggest itself.
    """
    staff = user is not None and user.has_perm("questions.view_question")
    kinds = (*PUBLIC, QUESTION if staff else WORKING)
    results = search.search(text, kinds=kinds, public_only=not staff, sector=sector, limit=limit * 4)
    began = time.perf_counter()
    shown = owners(results.hits, user, besides)
    found = Suggestions(degraded=results.degraded, corrected=results.corrected)
    for hit in worth_showing(results, shown, limit):
        getattr(found, LISTS[hit.kind]).append(SHAPES[hit.kind](hit, shown[hit.kind, hit.ref]))
    found.nothing_relevant = not found.all
    found.timings = {**results.timings, "recheck": (time.perf_counter() - began) * 1000}
    return found


def find(
    text: str, filters: Filters | None = None, *, limit: int = 20, page: int = 1, as_typed: bool = False
) -> Listing:
    """Public search in published answers and public sources, a page of it, with facets.

    Facets count what choosing a value gives, whatever else of that facet is chosen now. While
    everything relevant can be counted, filters choose from it; else the legs look again inside
    the filters, and counts are what was seen of them.
    """
    filters = filters or Filters()
    everything = deep(text, Filters(), as_typed)
    here = everything if everything.is_whole or not filters else deep(text, filters, as_typed)
    left = [one for one in here.rows if filters.fit(one.labels)]
    counts, wider = {}, dict[str, int]()
    for facet in facets.FACETS:
        others = filters.without(facet)
        beside = here if everything.is_whole or others == filters else deep(text, others, as_typed)
        labels = [one.labels for one in beside.rows if others.fit(one.labels)]
        counts[facet] = facets.count(labels, facet)
        wider |= {facet: len(labels)} if others != filters else {}
    hits = [one.hit for one in left[(page - 1) * limit : page * limit]]
    shown = owners(hits, None, "")
    return Listing(
        found=[SHAPES[hit.kind](hit, shown[hit.kind, hit.ref]) for hit in hits if (hit.kind, hit.ref) in shown],
        total=len(left),
        more=not everything.is_whole,
        facets=counts,
        wider=wider,
        unfiltered=len(everything.rows),
        degraded=here.degraded,
        corrected=here.corrected,
    )


def relevant(text: str, filters: Filters) -> list[search.Hit]:
    """What `find` lists for everybody and itself stands above the floor, the best first."""
    everything = deep(text, Filters())
    here = everything if everything.is_whole or not filters else deep(text, filters)
    return [one.hit for one in here.rows if one.hit.relevant and filters.fit(one.labels)]


@dataclass(frozen=True)
class Row:
    hit: search.Hit
    labels: Labels


@dataclass(frozen=True)
class Deep:
    """All hits of one search that may be shown, in order; `is_whole` when there are no more."""

    rows: list[Row]
    is_whole: bool
    degraded: bool
    corrected: dict[str, str]


def deep(text: str, filters: Filters, as_typed: bool = False) -> Deep:
    kinds = (filters.kind,) if filters.kind else PUBLIC
    about: dict[str, Any] = {"kinds": kinds, "public_only": True, "limit": DEPTH, "as_typed": as_typed}
    results = search.search(text, **about, **filters.for_search())
    labels = facets.labels(results.hits)
    shown = set(labels) & public(results.hits)
    rows = [Row(hit, labels[hit.kind, hit.ref]) for hit in worth_showing(results, shown, DEPTH)]
    # Either there is no more, or what would follow is as irrelevant as the last of these.
    all_seen = not results.cut and len(results.hits) < DEPTH
    is_whole = all_seen or not any(hit.relevant for hit in results.hits[-LAST:])
    return Deep(rows, is_whole, results.degraded, results.corrected)


def worth_showing(results: search.Results, shown: Iterable[tuple[str, str]], limit: int) -> list[search.Hit]:
    """Of each kind the first `limit` that may be shown; of those below the floor only a few."""
    if results.nothing_relevant:
        return []
    found: list[search.Hit] = []
    counted: dict[str, int] = {}
    for hit in results.hits:
        count = counted.get(hit.kind, 0)
        if (hit.kind, hit.ref) in shown and count < (limit if hit.relevant else FEW):
            found.append(hit)
            counted[hit.kind] = count + 1
    return found


def others_asking(text: str) -> int:
    """How many people ask the same in other words now, rounded down to one of STEPS; else 0.

    Of whom and of which questions nobody learns anything, so the caller needs no rights.
    """
    # By meaning only: what the words leg does, and how long, depends on words of private questions.
    results = search.search(text, kinds=(QUESTION,), public_only=False, limit=STEPS[-1], mode="meaning")
    same = [UUID(hit.ref) for hit in results.hits if meaning_of(hit) == "same"]
    # Also when there is none: how long this takes must tell nothing.
    parts = Participation.objects.filter(question__in=same or [NOBODY], question__state__in=ACCEPTED)
    parts = parts.exclude(asker=None).exclude(kind=Participation.Kind.WAITING)
    return told(parts.values("asker").distinct().count())


def told(people: int) -> int:
    """The number of people as the public may know it."""
    return max((step for step in STEPS if step <= people), default=0)


def meaning_of(hit: search.Hit) -> nearness.Degree:
    return nearness.degree(hit.cosine, hit.recipe)


def refs_of(hits: Sequence[search.Hit]) -> dict[str, list[str]]:
    refs: dict[str, list[str]] = {kind: [] for kind in LISTS}
    for hit in hits:
        refs[hit.kind].append(hit.ref)
    return refs


def owners(hits: Sequence[search.Hit], user: Any, besides: str) -> dict[tuple[str, str], Any]:
    """Hits are candidates: each owner says what may be shown, whatever the index holds."""
    refs = refs_of(hits)
    shown: dict[tuple[str, str], Any] = {}
    shown |= {(ANSWER, str(version.item.number)): version for version in answers(refs[ANSWER])}
    shown |= {(SOURCE, str(source.pk)): source for source in sources(refs[SOURCE], user)}
    shown |= {(QUESTION, str(case.pk)): case for case in questions(refs[QUESTION], user, besides)}
    shown |= {(WORKING, str(case.pk)): case for case in working(refs[WORKING])}
    return shown


def public(hits: Sequence[search.Hit]) -> set[tuple[str, str]]:
    """The same check for many hits and everybody, without reading their texts."""
    refs = refs_of(hits)
    numbers = answers(refs[ANSWER]).values_list("item__number", flat=True) if refs[ANSWER] else []
    ids = sources(refs[SOURCE], None).values_list("pk", flat=True) if refs[SOURCE] else []
    return {(ANSWER, str(number)) for number in numbers} | {(SOURCE, str(pk)) for pk in ids}


def answers(numbers: Sequence[str]) -> Any:
    if not numbers:
        return []
    wanted = [int(number) for number in numbers]
    return Version.objects.published().select_related("item").filter(item__number__in=wanted)


def sources(ids: Sequence[str], user: Any) -> Any:
    if not ids:
        return []
    found = Source.objects.filter(pk__in=ids)
    return found if user is not None and user.has_perm("evidence.view_source") else found.filter(public=True)


def questions(ids: Sequence[str], user: Any, besides: str) -> Any:
    if not ids:
        return []
    return Question.objects.visible_to(user).filter(pk__in=ids, state__in=OPEN).exclude(pk=besides or NOBODY)


def working(ids: Sequence[str]) -> Any:
    return Question.objects.shown().filter(pk__in=ids) if ids else []


def reason(hit: search.Hit) -> dict[str, Any]:
    """Why it was found, as every shape has it."""
    text, marks = hit.excerpt
    meaning, found = meaning_of(hit), tuple(hit.words)
    return {"passage": text, "marks": marks, "words": found, "meaning": meaning, "locator": hit.locator}


def as_answer(hit: search.Hit, version: Version) -> Found:
    item: Item = version.item
    return Found(
        kind=ANSWER,
        id=str(version.pk),
        number=item.number,
        title=item.title,
        **reason(hit),
        score=hit.score,
        url=reverse("answer", args=[item.number, item.slug]),
        strength=version.strength,
        direction=version.direction,
        language=version.language,
    )


def as_source(hit: search.Hit, source: Source) -> Found:
    return Found(
        kind=SOURCE,
        id=str(source.pk),
        number=None,
        title=source.title,
        **reason(hit),
        score=hit.score,
        url=reverse("source", args=[source.key]),
        detail=", ".join(filter(None, [authors_line(source.csl), str(source.year or "")])),
        language=source.language,
    )


def as_question(hit: search.Hit, question: Question) -> Found:
    return Found(
        kind=QUESTION,
        id=str(question.pk),
        number=question.number,
        title=question.title,
        **reason(hit),
        url=reverse("case", args=[question.pk]),
        score=hit.score,
        detail=question.get_state_display(),
        language=question.language,
    )


def as_working(hit: search.Hit, question: Question) -> Found:
    """Never `title`, which is the asker's own words as long as there are no others."""
    return Found(
        kind=WORKING,
        id=str(question.number),
        number=question.number,
        title=question.articulated,
        **reason(hit),
        url=reverse("working-on-one", args=[question.number]),
        score=hit.score,
        language=question.language,
    )


SHAPES = {ANSWER: as_answer, SOURCE: as_source, QUESTION: as_question, WORKING: as_working}
LISTS = {ANSWER: "answers", SOURCE: "sources", QUESTION: "questions", WORKING: "working"}
