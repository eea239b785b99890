"""How well the search works, for people who never heard of nDCG."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from evidence import figures
from evidence.figures import Figures, SetFigures

# What the recorded sets ask, in words; a set that is not named here goes by its own name.
TESTS: dict[str, Any] = {
    "learning-goals": _("A detailed learning goal has to find the core goal it belongs to"),
    "topics": _("A school subject with a topic has to find its learning goals"),
    "public-faq-nl": _("A question of the public has to find its answer"),
    "public-faq-nl-en": _("A Dutch question has to find its English answer"),
    "sentences-nl-en": _("A Dutch sentence has to find its English translation"),
}
WAYS: dict[str, Any] = {"words": _("by words"), "meaning": _("by meaning"), "hybrid": _("by both, as this site does")}


@dataclass(frozen=True)
class Bar:
    way: str
    score: int


@dataclass(frozen=True)
class Test:
    name: str
    documents: int
    queries: int
    bars: list[Bar]
    missed: int | None
    misled: int | None


@dataclass(frozen=True)
class Numbers:
    """Scores from 0 to 100; `missed` and `misled`: how many of 100, None when not measured."""

    tests: list[Test]
    means: list[Bar]
    missed: int | None
    misled: int | None
    related: int
    unrelated: int
    on: date
    recipe: str
    words_recipe: str


def page() -> Numbers | None:
    """What was recorded last; None when nothing was."""
    found = figures.read()
    return shaped(found) if found else None


def shaped(found: Figures) -> Numbers:
    return Numbers(
        tests=[test(one) for one in found.sets],
        means=[Bar(str(label), round(100 * found.mean(way))) for way, label in WAYS.items()],
        missed=wrong(found.kept),
        misled=wrong(found.rejected),
        related=found.kept[1],
        unrelated=found.rejected[1],
        on=date.fromisoformat(found.date),
        recipe=found.recipe,
        words_recipe=found.words_recipe,
    )


def test(one: SetFigures) -> Test:
    return Test(
        name=str(TESTS.get(one.name, one.name)),
        documents=one.documents,
        queries=one.queries,
        bars=[Bar(str(label), round(100 * one.of(way))) for way, label in WAYS.items()],
        missed=wrong(one.kept),
        misled=wrong(one.rejected),
    )


def wrong(right: tuple[int, int]) -> int | None:
    """How many of 100 went wrong."""
    return round(100 * (right[1] - right[0]) / right[1]) if right[1] else None
