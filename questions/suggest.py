"""Search hits, re-checked by their owners and shaped, for page and API alike."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from evidence import search
from evidence.library import authors_line
from evidence.models import Source
from evidence.strength import Strength
from questions.findable import ANSWER, QUESTION, SOURCE
from questions.models import Item, Question, Version
from questions.states import OPEN

PUBLIC = (ANSWER, SOURCE)
FEW = 3  # of a kind, what stands just below the floor may still help; a long tail of it does not


@dataclass(frozen=True)
class Found:
    """A hit that may be shown: what it is, where it stands and the passage that matches."""

    kind: str
    id: str
    number: int | None
    title: str
    url: str
    score: float
    passage: str
    locator: str = ""
    strength: str = ""
    detail: str = ""

    @property
    def strength_label(self) -> str:
        return str(Strength(self.strength).label) if self.strength else ""


@dataclass
class Suggestions:
    answers: list[Found] = field(default_factory=list)
    sources: list[Found] = field(default_factory=list)
    questions: list[Found] = field(default_factory=list)
    nothing_relevant: bool = False
    degraded: bool = False
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def all(self) -> list[Found]:
        """Everything in one list, the best first."""
        return sorted([*self.answers, *self.sources, *self.questions], key=lambda one: -one.score)


def suggest(text: str, *, user: Any = None, sector: str = "", limit: int = 5, besides: str = "") -> Suggestions:
    """What exists for `text`: answers and sources for everybody, open questions for staff only.

    `besides` is the id of a question that must not suggest itself.
    """
    staff = user is not None and user.has_perm("questions.view_question")
    kinds = (*PUBLIC, QUESTION) if staff else PUBLIC
    results = search.search(text, kinds=kinds, public_only=not staff, sector=sector, limit=limit * 4)
    return checked(results, user, limit, besides)


def find(
    text: str, *, kinds: Sequence[str] = PUBLIC, sector: str = "", theme: str = "", limit: int = 20, **filters: Any
) -> Suggestions:
    """Public search in published answers and public sources."""
    results = search.search(text, kinds=kinds, public_only=True, sector=sector, theme=theme, limit=limit, **filters)
    return checked(results, None, limit, "")


def checked(results: search.Results, user: Any, limit: int, besides: str) -> Suggestions:
    """Hits are candidates: each owner says what may be shown, whatever the index holds."""
    began = time.perf_counter()
    refs: dict[str, list[str]] = {}
    for hit in results.hits:
        refs.setdefault(hit.kind, []).append(hit.ref)
    shown: dict[tuple[str, str], Any] = {}
    shown |= {(ANSWER, str(version.item.number)): version for version in answers(refs.get(ANSWER, []))}
    shown |= {(SOURCE, str(source.pk)): source for source in sources(refs.get(SOURCE, []), user)}
    shown |= {(QUESTION, str(case.pk)): case for case in questions(refs.get(QUESTION, []), user, besides)}
    found = Suggestions(nothing_relevant=results.nothing_relevant, degraded=results.degraded)
    if not results.nothing_relevant:
        for hit in results.hits:
            owner = shown.get((hit.kind, hit.ref))
            shelf = getattr(found, f"{hit.kind}s")
            if owner is not None and len(shelf) < (limit if hit.relevant else FEW):
                shelf.append(SHAPES[hit.kind](hit, owner))
        found.nothing_relevant = not found.all
    found.timings = {**results.timings, "recheck": (time.perf_counter() - began) * 1000}
    return found


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
    return (
        Question.objects.visible_to(user)
        .filter(pk__in=ids, state__in=OPEN)
        .exclude(pk=besides or "00000000-0000-0000-0000-000000000000")
    )


def as_answer(hit: search.Hit, version: Version) -> Found:
    item: Item = version.item
    return Found(
        kind=ANSWER,
        id=str(version.pk),
        number=item.number,
        title=item.title,
        passage=hit.passage,
        score=hit.score,
        url=reverse("answer", args=[item.number, item.slug]),
        locator=hit.locator,
        strength=version.strength,
    )


def as_source(hit: search.Hit, source: Source) -> Found:
    return Found(
        kind=SOURCE,
        id=str(source.pk),
        number=None,
        title=source.title,
        passage=hit.passage,
        score=hit.score,
        url=reverse("source", args=[source.key]),
        locator=hit.locator,
        detail=", ".join(filter(None, [authors_line(source.csl), str(source.year or "")])),
    )


def as_question(hit: search.Hit, question: Question) -> Found:
    return Found(
        kind=QUESTION,
        id=str(question.pk),
        number=question.number,
        title=question.title,
        passage=hit.passage,
        url=reverse("case", args=[question.pk]),
        score=hit.score,
        detail=question.get_state_display(),
    )


SHAPES = {ANSWER: as_answer, SOURCE: as_source, QUESTION: as_question}
