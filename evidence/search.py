"""The read door of finding. Hits are candidates: their owner checks them again before showing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Literal

import numpy as np

from evidence import calibration, encoder, excerpt, floor, legs, ranking, vector_index, words
from evidence.plain import plain
from evidence.scope import Scope

LONGEST_QUERY = 10_000
MOST_HITS = 1_000
FACETS = ("kind", "sector", "theme", "strength")
FACET_CANDIDATES = 200

Mode = Literal["hybrid", "words", "meaning"]


@dataclass(frozen=True)
class Hit:
    """A found owner with its best passage, and why it was found."""

    kind: str
    ref: str
    score: float
    cosine: float | None
    words_score: float
    title: str
    passage: str
    locator: str
    part: int
    relevant: bool = True  # whether this hit itself stands above the floor


@dataclass(frozen=True)
class Results:
    hits: list[Hit] = field(default_factory=list)
    degraded: bool = False
    nothing_relevant: bool = False
    standing: float = float("nan")  # of the best hit, as floor.py counts it; NaN without a vector
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
    closeness: float = 0.0

    def above(self) -> tuple[set[int], float]:
        """The passages above the floor, and how high the highest stands."""
        cosines = np.array([np.nan if (c := one.candidate.cosine) is None else c for one in self.ranked], np.float64)
        scores = np.array([one.candidate.words for one in self.ranked], np.float64)
        asked = floor.Asked(self.words.attainable, self.words.known, self.closeness, self.words.searched)
        least = floor.of(self.recipe, calibration.base_of(self.recipe))
        above = floor.above(cosines, scores, asked, least)
        standings = floor.standings(cosines, scores, asked, least)
        best = float("nan") if np.isnan(standings).all() else float(np.nanmax(standings))
        return {one.candidate.passage for one, is_above in zip(self.ranked, above, strict=True) if is_above}, best


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
    collection: str = "",
    limit: int = 10,
    mode: Mode = "hybrid",
) -> Results:
    """The best `limit` owners for a text in Dutch or English; never an error for odd input.

    `degraded`: there was no model, only words were compared. `nothing_relevant`: the best hit
    is not better than what an unrelated question finds (see floor.py). `timings` in ms.
    """
    scope = Scope(kinds, public_only, desk, sector, theme, strength, language, year_from, collection)
    clock = _Clock()
    limit = max(1, min(limit, MOST_HITS))
    found = _find(_cleaned(text), scope, limit, mode, clock)
    best = ranking.best_per_owner(found.ranked)[:limit]
    above, standing = found.above()
    hits = _hits(best, found.words.idfs, above)
    clock.lap("fuse")
    return Results(hits, found.degraded, not above, standing, clock.laps)


def facets(
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
    collection: str = "",
    mode: Mode = "hybrid",
) -> dict[str, dict[str, int]]:
    """How many relevant owners there are per "kind", "sector", "theme" and "strength".

    Counted over the best FACET_CANDIDATES owners that are above the floor, not over everything:
    by meaning, every text resembles every question a little.
    """
    scope = Scope(kinds, public_only, desk, sector, theme, strength, language, year_from, collection)
    found = _find(_cleaned(text), scope, FACET_CANDIDATES, mode, _Clock())
    above, _standing = found.above()
    owners = ranking.best_per_owner(found.ranked)[:FACET_CANDIDATES]
    best = [one for one in owners if one.candidate.passage in above]
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for kind, sectors, themes, firm in legs.labels([one.candidate.passage for one in best]):
        counts["kind"][kind] += 1
        counts["strength"].update([firm] if firm else [])
        counts["sector"].update(set(sectors))
        counts["theme"].update(set(themes))
    return {name: dict(counter.most_common()) for name, counter in counts.items()}


def _cleaned(text: str) -> str:
    return plain(text[:LONGEST_QUERY]).strip()


def _find(text: str, scope: Scope, limit: int, mode: Mode, clock: _Clock) -> _Found:
    """Both legs, each candidate of one scored by the other as well, fused."""
    if not text or not scope.kinds:
        return _Found([], legs.WordHits(), False)
    # An owner may hold several of the best passages: look further than the hits asked for.
    count = max(60, 3 * limit)
    vector, recipe, indexed, closeness = "", "", False, 0.0
    if mode != "words":
        vector, recipe, indexed, closeness = _query_vector(text)
    clock.lap("vector")
    terms = words.query_terms(text) if mode != "meaning" else []
    by_words = legs.by_words(terms, scope)
    clock.lap("words")
    near: list[legs.Neighbour] = []
    if vector:
        near = legs.by_meaning(vector, recipe, scope, count, indexed)
    missing = set(by_words.top(count).tolist()) - {one.passage for one in near}
    near += legs.complete(sorted(missing), vector, recipe, scope)
    clock.lap("meaning")
    scores = by_words.of(np.array([one.passage for one in near], np.int64))
    candidates = [
        ranking.Candidate(one.passage, (one.kind, one.ref), one.cosine, float(score))
        for one, score in zip(near, scores, strict=True)
    ]
    ranked = ranking.fuse(candidates, by_words.attainable)
    return _Found(ranked, by_words, not vector and mode != "words", recipe, closeness)


def _query_vector(text: str) -> tuple[str, str, bool, float]:
    """The query's vector as pgvector reads it, its recipe, whether that is indexed, its closeness."""
    if not (current := encoder.recipe()):
        return "", "", False, 0.0
    recipe, indexed = legs.readable_recipe(current)
    if (vector := encoder.encode_query(text, recipe)) is not None:
        return vector_index.literal(vector), recipe, indexed, encoder.closeness(vector, text, recipe)
    # The older model is gone: what the current one has finished so far is better than nothing.
    vector = encoder.encode_query(text)
    if vector is None:
        return "", current, False, 0.0
    return vector_index.literal(vector), current, False, encoder.closeness(vector, text, current)


def _hits(best: Sequence[ranking.Ranked], weights: dict[str, float], above: set[int]) -> list[Hit]:
    texts = legs.texts([one.candidate.passage for one in best])
    hits: list[Hit] = []
    for one in best:
        found = one.candidate
        if found.passage not in texts:
            continue  # dropped a moment ago
        title, body, locator, part = texts[found.passage]
        kind, ref = found.owner
        passage = excerpt.best(body, weights) or title
        hits.append(
            Hit(kind, ref, one.score, found.cosine, found.words, title, passage, locator, part, found.passage in above)
        )
    return hits
