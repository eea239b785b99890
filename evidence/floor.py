"""When to say "nothing relevant": every constant of the floor, and how it was found.

A hit stands above the floor when
    cosine + COVERAGE × (BM25 ÷ attainable BM25) ≥ base + growth × log2(passages searched).
The floor grows with the corpus because the best of many unrelated passages comes closer than
the best of few.

Measured in November 2026 with the default model on five judged sets of 68 to 2,553 documents,
each asked with its own questions (to be kept: the 552 with a relevant document in the first
ten) and with those of the other domains (to be rejected: 2,438). At 95 % kept it rejects 80 %;
a cosine alone 69 %, without the growth 74 %. By set it keeps 83 to 100 % and rejects 63 to
93 %, and on samples of 1 to 2,000 passages the cosine alone keeps 93 to 98 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from evidence.ranking import Ranked

COVERAGE = 0.1
# What has no cosine must hold words worth this part of what was asked: that keeps 95 % of what
# words find rightly and rejects little. Words alone cannot tell more.
WORDS_FLOOR = 0.05


@dataclass(frozen=True)
class Floor:
    base: float
    growth: float


# By the name a recipe begins with. A model that was not measured has no floor: it is better to
# show too much than to hide what was found by the measure of another model.
FLOORS = {"multilingual-e5-small-q4": Floor(0.798, 0.006), "fake": Floor(0.05, 0.0)}


def nothing_relevant(ranked: Sequence[Ranked], attainable: float, recipe: str, searched: int) -> bool:
    """Whether even the best hit looks like what an unrelated question would find."""
    return not relevant(ranked, attainable, recipe, searched)


def relevant(ranked: Sequence[Ranked], attainable: float, recipe: str, searched: int) -> list[Ranked]:
    """The hits above the floor of `recipe` in a search of `searched` passages, as ordered."""
    floor = FLOORS.get(recipe.partition("/")[0])
    least = floor.base + floor.growth * log2(max(searched, 1)) if floor else float("-inf")
    return [one for one in ranked if _passes(one, attainable, least)]


def _passes(one: Ranked, attainable: float, least: float) -> bool:
    coverage = one.candidate.words / attainable if attainable else 0.0
    if (cosine := one.candidate.cosine) is None:
        return coverage >= WORDS_FLOOR
    return cosine + COVERAGE * coverage >= least
