"""How hits are scored and put in order: pure functions, no database.

BM25 as in Robertson & Zaragoza (2009), with the idf that never turns negative (Lucene's). The
fusion is cosine + WEIGHT × (BM25 ÷ the highest BM25 the query could attain): unlike fusion by
ranks, the words leg earns its say by how much of the query's information it really matched.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

K1 = 1.2
B = 0.75
PIVOT = 100
IMPACT_UNIT = (K1 + 1) / 255
WEIGHT = 0.3


@dataclass(frozen=True)
class Candidate:
    """A passage with what both legs say about it; no cosine when it has no vector yet."""

    passage: int
    owner: tuple[str, str]
    cosine: float | None
    words: float


@dataclass(frozen=True)
class Ranked:
    candidate: Candidate
    score: float


def inverse_frequency(passages: int, having: int) -> float:
    """idf of a term that `having` of `passages` passages hold; above 0 for every input."""
    return log(1 + (passages - having + 0.5) / (having + 0.5))


def impacts(counts: Ints, length: int) -> NDArray[np.uint8]:
    """What each term adds to BM25 of a passage of `length` terms, less its idf; 1 to 255.

    With a fixed PIVOT instead of the mean length it depends on nothing but the passage, so it
    can be kept. Times IMPACT_UNIT it is BM25's own figure, at most K1 + 1.
    """
    norm = K1 * (1 - B + B * length / PIVOT)
    found = (K1 + 1) * counts / (counts + norm) / IMPACT_UNIT
    return np.asarray(np.clip(np.rint(found), 1, 255), np.uint8)


def attainable(idfs: Iterable[float]) -> float:
    """The BM25 that no passage can exceed for terms with these idfs."""
    return (K1 + 1) * sum(idfs)


def fuse(candidates: Iterable[Candidate], most_words: float) -> list[Ranked]:
    """Candidates by fused score, best first; ties go to the lower passage id.

    A passage without a vector counts as the least similar of the others: it can still win by
    its words, but nothing is made up about its meaning.
    """
    listed = list(candidates)
    lowest = min((one.cosine for one in listed if one.cosine is not None), default=0.0)
    ranked = [
        Ranked(
            one,
            (lowest if one.cosine is None else one.cosine)
            + (WEIGHT * one.words / most_words if most_words > 0 else 0.0),
        )
        for one in listed
    ]
    return sorted(ranked, key=lambda one: (-one.score, one.candidate.passage))


def best_per_owner(ranked: Iterable[Ranked]) -> list[Ranked]:
    """The first (best) passage of every owner, in the order given."""
    seen: dict[tuple[str, str], Ranked] = {}
    for one in ranked:
        seen.setdefault(one.candidate.owner, one)
    return list(seen.values())
