"""When to say "nothing relevant": every constant of the floor, and how it was found.

A hit's standing is
    cosine + COVERAGE × √coverage + KNOWN × √known − growth × √(2 ln passages) − background × closeness
and it stands above the floor when that reaches the base of the recipe. Coverage is the part of
the attainable BM25, known the part of the query's information in words that stand anywhere in
what was searched, closeness how near the query comes to everyday texts about anything at all
(background.py). So a hit must be nearer than just anything is; the best of many unrelated
passages comes closer than the best of few, as √(2 ln n) does of n normal draws; and words that match or are at home here speak for it.

Measured in November 2026 with the default model on five judged sets of 68 to 2,553 documents;
the figures and what each signal adds stand in ADR 0013.
"""

from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from evidence.ranking import Bools, Floats, coverage

COVERAGE = 0.08
KNOWN = 0.03
# What has no cosine must hold words worth this part of what was asked: that keeps 95 % of what
# words find rightly and rejects little. Words alone cannot tell more.
WORDS_FLOOR = 0.05


@dataclass(frozen=True)
class Floor:
    base: float
    growth: float = 0.05
    background: float = 0.7


@dataclass(frozen=True)
class Asked:
    """What a search knows of its query besides the hits."""

    attainable: float  # the BM25 that the query could attain
    known: float  # 0 to 1, as ranking.known tells
    closeness: float  # to everyday texts, as encoder.closeness tells
    searched: int  # passages in scope


# By the name a recipe begins with.
FLOORS = {"multilingual-e5-small-q4": Floor(0.100), "fake": Floor(0.05, growth=0.0, background=0.0)}


def measured(recipe: str) -> Floor | None:
    """The floor that judged sets gave for the model of this recipe, if any was measured."""
    return FLOORS.get(recipe.partition("/")[0])


def of(recipe: str, calibrated: float | None = None) -> Floor:
    """The floor of a recipe: as calibrated here, else as measured, else none at all.

    A model that was not measured shows everything until it is calibrated: that is better than
    hiding what was found by the measure of another model.
    """
    floor = measured(recipe) or Floor(float("-inf"))
    return floor if calibrated is None else Floor(calibrated, floor.growth, floor.background)


def standings(cosines: Floats, words: Floats, asked: Asked, floor: Floor) -> Floats:
    """The standing of each hit, to be held against `floor.base`; NaN where there is no cosine."""
    crowd = floor.growth * sqrt(2 * log(max(asked.searched, 1)))
    query = KNOWN * sqrt(asked.known) - crowd - floor.background * asked.closeness
    found: Floats = cosines + COVERAGE * np.sqrt(coverage(words, asked.attainable)) + query
    return found


def above(cosines: Floats, words: Floats, asked: Asked, floor: Floor) -> Bools:
    """Which hits stand above the floor. NaN as cosine (no vector): by words alone."""
    by_words = coverage(words, asked.attainable) >= WORDS_FLOOR
    by_meaning = standings(cosines, words, asked, floor) >= floor.base
    found: Bools = np.where(np.isnan(cosines), by_words, by_meaning)
    return found
