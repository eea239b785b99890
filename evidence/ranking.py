"""How hits are scored and put in order: pure functions, no database.

BM25 as in Robertson & Zaragoza (2009), with the idf that never turns negative (Lucene's). The
fusion is cosine + WEIGHT × (BM25 ÷ the highest BM25 the query could attain): unlike fusion by
ranks, the words leg earns its say by how much of the query's information it really matched.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

K1 = 1.2
B = 0.75
WEIGHT = 0.3


@dataclass(frozen=True)
class Matches:
    """One query term's passages: their ids, how often it stands there, how long they are."""

    passages: Ints
    counts: Ints
    lengths: Ints


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


def term_scores(idf: float, matches: Matches, mean_length: float) -> Floats:
    """What one term adds to BM25 of each passage; always below idf × (K1 + 1)."""
    relative = matches.lengths / mean_length if mean_length else np.ones(len(matches.lengths))
    norm = K1 * (1 - B + B * relative)
    scores: Floats = idf * (K1 + 1) * matches.counts / (matches.counts + norm)
    return scores


def bm25(matches: Mapping[str, Matches], idfs: Mapping[str, float], mean_length: float) -> tuple[Ints, Floats]:
    """Ids of all matched passages, ascending, and their BM25 for the given idf of each term."""
    if not matches:
        return np.zeros(0, np.int64), np.zeros(0)
    all_ids = np.concatenate([found.passages for found in matches.values()])
    ids, places = np.unique(all_ids, return_inverse=True)
    added = [term_scores(idfs[term], found, mean_length) for term, found in matches.items()]
    scores: Floats = np.bincount(places, np.concatenate(added), len(ids)).astype(np.float64)
    return ids, scores


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
