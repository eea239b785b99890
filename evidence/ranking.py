"""How hits are scored and put in order: pure functions, no database.

Words: BM25 as in Robertson & Zaragoza (2009), with the idf that never turns negative (Lucene's)
and a fixed length in the place of the corpus' mean, so that what a term weighs in a passage
depends on that passage only and fits a byte. Fusion: cosine + WEIGHT × coverage^POWER, where
coverage is BM25 ÷ the most the query could attain: unlike fusion by ranks, the words leg earns
its say by how much of the query's information it really matched. Figures: ADR 0013.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

K1 = 1.2
B = 0.75
PIVOT = 60  # terms: a passage of this length is neither favoured nor held back
IMPACT_UNIT = (K1 + 1) / 255  # what 1 of an impact byte is worth

WEIGHT = 0.6
POWER = 1.5
# More than cosine and words can ever differ (2 + WEIGHT): who is lifted stands above all others.
TIER = 3.0


def impacts(counts: NDArray[np.integer], length: NDArray[np.integer] | int) -> Bytes:
    """What a term weighs in a passage for how often it stands there; in IMPACT_UNIT, 1 to 255.

    `counts` of terms, `length` in terms of the passage they stand in (one, or one for each).
    """
    times = np.asarray(counts, np.float64)
    norm = K1 * (1 - B + B * np.asarray(length, np.float64) / PIVOT)
    exact = times * (K1 + 1) / (times + norm)
    found: Bytes = np.clip(np.rint(exact / IMPACT_UNIT), 1, 255).astype(np.uint8)
    return found


def inverse_frequency(passages: int, having: int) -> float:
    """idf of a term that `having` of `passages` passages hold; above 0 for every input."""
    return log(1 + (passages - having + 0.5) / (having + 0.5))


def attainable(idfs: Iterable[float]) -> float:
    """The BM25 that no passage can exceed for terms with these idfs."""
    return (K1 + 1) * sum(idfs)


def known(idfs: Mapping[str, float], having: Mapping[str, int]) -> float:
    """The part of the query's information (idf) in words that stand somewhere; 0 to 1."""
    total = sum(idfs.values())
    return sum(idf for term, idf in idfs.items() if having.get(term)) / total if total else 0.0


def coverage(words: Floats, most: float) -> Floats:
    """BM25 as a part of the `most` attainable; 0 to 1, 0 when nothing could be attained."""
    share: Floats = np.clip(words / most, 0.0, 1.0) if most > 0 else np.zeros(len(words))
    return share


def fused(
    cosines: Floats,
    words: Floats,
    most: float,
    identifier: Bools | None = None,
    titled: Bools | None = None,
    phrase: Bools | None = None,
) -> Floats:
    """The score of each candidate; higher is better. NaN as cosine: no vector (yet).

    A passage without a vector counts as the least similar of the others: it can still win by
    its words, but nothing is made up about its meaning. What is asked for literally and found
    is lifted by whole tiers: an identifier above a title above a quoted phrase, both above one.
    """
    without = np.isnan(cosines)
    lowest = 0.0 if without.all() else float(np.nanmin(cosines))
    scores: Floats = np.where(without, lowest, cosines) + WEIGHT * coverage(words, most) ** POWER
    for worth, those in ((4, identifier), (2, titled), (1, phrase)):
        if those is not None:
            scores = scores + worth * TIER * those
    return scores


def order(scores: Floats, passages: Ints) -> Ints:
    """Places of the candidates, best first; ties go to the lower passage id."""
    return np.lexsort((passages, -scores))


def first_of_each(places: Iterable[int], owners: Sequence[tuple[str, str]]) -> list[int]:
    """The first (best) place of every owner, in the order given."""
    seen: dict[tuple[str, str], int] = {}
    for place in places:
        seen.setdefault(owners[place], place)
    return list(seen.values())
