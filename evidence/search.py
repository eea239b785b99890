"""The read door of finding. Hits are candidates: their owner checks them again before showing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter
from typing import Literal

import numpy as np

from evidence import encoder, excerpt, floor, legs, ranking, vector_index, words
from evidence.plain import plain
from evidence.scope import Scope

LONGEST_QUERY = 10_000
MOST_HITS = 1_000

Mode = Literal["hybrid", "words", "meaning"]


@dataclass(frozen=True)
class Hit:
    """A found owner with its best passage. Why it was found is worked out when asked for: most
    hits of a deep search are only counted."""

    kind: str
    ref: str
    score: float
    cosine: float | None
    words_score: float
    title: str
    body: str
    locator: str
    part: int
    relevant: bool = True  # whether this hit itself stands above the floor
    passage_id: int = 0
    weights: dict[str, float] = field(default_factory=dict, repr=False, compare=False)  # of the query's terms

    @cached_property
    def excerpt(self) -> excerpt.Excerpt:
        """The best sentences of the passage, with the matching words marked; else its title."""
        found = excerpt.best(self.body, self.weights)
        return found if found.text else excerpt.best(self.title, self.weights)

    @property
    def passage(self) -> str:
        return self.excerpt.text

    @cached_property
    def words(self) -> list[str]:
        """The words in title and passage that hold a word of the query, as they stand there."""
        return excerpt.found_words(f"{self.title}\n{self.body}", self.weights)


@dataclass(frozen=True)
class Results:
    hits: list[Hit] = field(default_factory=list)
    degraded: bool = False
    nothing_relevant: bool = False
    timings: dict[str, float] = field(default_factory=dict)


@dataclass
class _Clock:
    """Milliseconds a leg took."""

    laps: dict[str, float] = field(default_factory=dict)
    last: float = field(default_factory=perf_counter)

    def lap(self, name: str) -> None:
        now = perf_counter()
        self.laps[name] = (now - self.last) * 1_000
        self.last = now


@dataclass(frozen=True)
class _Found:
    """Everything both legs found, fused and in order."""

    ranked: list[ranking.Ranked]
    words: legs.WordHits
    degraded: bool
    recipe: str = ""


def search(
    text: str,
    *,
    kinds: Sequence[str],
    public_only: bool = True,
    desk: int | None = None,
    sector: str = "",
    theme: str = "",
    strength: str = "",
    language: str = "",
    year_from: int | None = None,
    year_to: int | None = None,
    collection: str = "",
    limit: int = 10,
    mode: Mode = "hybrid",
) -> Results:
    """The best `limit` owners for a text in Dutch or English; never an error for odd input.

    `degraded`: there was no model, only words were compared. `nothing_relevant`: the best hit
    is not better than what an unrelated question finds (see floor.py). `timings` in ms.
    """
    scope = Scope(kinds, public_only, desk, sector, theme, strength, language, year_from, collection, year_to)
    clock = _Clock()
    limit = max(1, min(limit, MOST_HITS))
    found = _find(_cleaned(text), scope, limit, mode, clock)
    best = ranking.best_per_owner(found.ranked)[:limit]
    above = floor.relevant(best, found.words.attainable, found.recipe, found.words.searched)
    hits = _hits(best, found.words.idfs, {one.candidate.owner for one in above})
    clock.lap("fuse")
    nothing = floor.nothing_relevant(found.ranked, found.words.attainable, found.recipe, found.words.searched)
    return Results(hits, found.degraded, nothing, clock.laps)


def _cleaned(text: str) -> str:
    return plain(text[:LONGEST_QUERY]).strip()


def _find(text: str, scope: Scope, limit: int, mode: Mode, clock: _Clock) -> _Found:
    """Both legs, each candidate of one scored by the other as well, fused."""
    if not text or not scope.kinds:
        return _Found([], legs.WordHits(), False)
    # An owner may hold several of the best passages: look further than the hits asked for.
    count = max(60, 3 * limit)
    vector, recipe, indexed = "", "", False
    if mode != "words":
        vector, recipe, indexed = _query_vector(text)
    clock.lap("vector")
    terms = words.query_terms(text) if mode != "meaning" else []
    by_words = legs.by_words(terms, scope)
    clock.lap("words")
    near = legs.candidates(by_words, vector, recipe, indexed, scope, count)
    clock.lap("meaning")
    scores = by_words.of(np.array([one.passage for one in near], np.int64))
    candidates = [
        ranking.Candidate(one.passage, (one.kind, one.ref), one.cosine, float(score))
        for one, score in zip(near, scores, strict=True)
    ]
    ranked = ranking.fuse(candidates, by_words.attainable)
    return _Found(ranked, by_words, not vector and mode != "words", recipe)


def _query_vector(text: str) -> tuple[str, str, bool]:
    """The query's vector as pgvector reads it, its recipe, and whether that one is indexed."""
    if not (current := encoder.recipe()):
        return "", "", False
    recipe, indexed = legs.readable_recipe(current)
    if (vector := encoder.encode_query(text, recipe)) is not None:
        return vector_index.literal(vector), recipe, indexed
    # The older model is gone: what the current one has finished so far is better than nothing.
    vector = encoder.encode_query(text)
    return "" if vector is None else vector_index.literal(vector), current, False


def _hits(best: Sequence[ranking.Ranked], weights: dict[str, float], above: Collection[tuple[str, str]]) -> list[Hit]:
    texts = legs.texts([one.candidate.passage for one in best])
    return [
        Hit(
            *one.candidate.owner,
            score=one.score,
            cosine=one.candidate.cosine,
            words_score=one.candidate.words,
            title=title,
            body=body,
            locator=locator,
            part=part,
            relevant=one.candidate.owner in above,
            passage_id=one.candidate.passage,
            weights=weights,
        )
        for one in best
        if one.candidate.passage in texts  # else dropped a moment ago
        for title, body, locator, part in [texts[one.candidate.passage]]
    ]
