"""The read door of finding. Hits are candidates: their owner checks them again before showing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter
from typing import Literal, NamedTuple

import numpy as np

from evidence import calibration, encoder, excerpt, floor, legs, literal, ranking, spelling, vector_index, words
from evidence.plain import plain
from evidence.scope import Scope

LONGEST_QUERY = 10_000
MOST_HITS = 1_000
FEWEST = 60  # passages that each leg contributes at least
PHRASED = 300  # the same when words have to stand side by side: many hold them apart

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
    """`corrected`: words nobody here ever wrote, and what was looked for instead of each."""

    hits: list[Hit] = field(default_factory=list)
    degraded: bool = False
    nothing_relevant: bool = False
    standing: float = float("nan")  # of the best hit, as floor.py counts it; NaN without a vector
    corrected: dict[str, str] = field(default_factory=dict)
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


class _Vector(NamedTuple):
    """The query's vector as pgvector reads it ("" without a model), and what goes with it."""

    literal: str = ""
    recipe: str = ""
    indexed: bool = False
    closeness: float = 0.0


_WITHOUT = _Vector()


@dataclass(frozen=True)
class _Found:
    """Everything both legs found, fused and in order."""

    ranked: list[ranking.Ranked]
    words: legs.WordHits
    vector: _Vector = _WITHOUT
    degraded: bool = False
    corrected: dict[str, str] = field(default_factory=dict)

    def above(self) -> tuple[set[int], float]:
        """The passages above the floor, and how high the highest stands."""
        cosines = np.array([np.nan if (c := one.candidate.cosine) is None else c for one in self.ranked], np.float64)
        scores = np.array([one.candidate.words for one in self.ranked], np.float64)
        asked = floor.Asked(self.words.attainable, self.words.known, self.vector.closeness, self.words.searched)
        least = floor.of(self.vector.recipe, calibration.base_of(self.vector.recipe))
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
    above, standing = found.above()
    hits = _hits(best, found.words.idfs, above)
    clock.lap("fuse")
    return Results(hits, found.degraded, not above, standing, found.corrected, clock.laps)


def _cleaned(text: str) -> str:
    return plain(text[:LONGEST_QUERY]).strip()


def _find(text: str, scope: Scope, limit: int, mode: Mode, clock: _Clock) -> _Found:
    """Both legs, each candidate of one scored by the other as well, fused."""
    if not text or not scope.kinds:
        return _Found([], legs.WordHits())
    vector = _vector(text) if mode != "words" else _WITHOUT
    clock.lap("vector")
    query = words.parse(text if mode != "meaning" else "")
    hits, corrected = _by_words(query, scope)
    clock.lap("words")
    # An owner may hold several of the best passages: look further than the hits asked for.
    count = max(PHRASED if query.phrases else FEWEST, 3 * limit)
    near = legs.candidates(hits, vector.literal, vector.recipe, vector.indexed, scope, count)
    clock.lap("meaning")
    asked = literal.asked(text, query, hits, near)
    scores = hits.of(np.array([one.passage for one in near], np.int64))
    candidates = [
        ranking.Candidate(one.passage, (one.kind, one.ref), one.cosine, float(score), *asked.of(one.passage))
        for one, score in zip(near, scores, strict=True)
    ]
    ranked = ranking.fuse(candidates, hits.attainable)
    return _Found(ranked, hits, vector, not vector.literal and mode != "words", corrected)


def _by_words(query: words.Query, scope: Scope) -> tuple[legs.WordHits, dict[str, str]]:
    """The words leg; words that stand nowhere in sight are taken for typing errors, if they may be."""
    hits = legs.by_words(query.terms, query.optional, scope)
    unknown = [word for word, terms in query.surfaces.items() if not any(hits.having.get(term) for term in terms)]
    known = spelling.corrections(unknown, scope.public_only) if unknown else {}
    if not known:
        return hits, {}
    corrected = {word: others[0] for word, others in known.items()}
    instead = {query.surfaces[word][0]: words.terms(other) for word, other in corrected.items()}
    dropped = {term for word in corrected for term in query.surfaces[word]}
    terms = dict.fromkeys(new for term in query.terms for new in instead.get(term, [] if term in dropped else [term]))
    return legs.by_words(tuple(terms), query.optional, scope), corrected


def _vector(text: str) -> _Vector:
    if not (current := encoder.recipe()):
        return _WITHOUT
    recipe, indexed = legs.readable_recipe(current)
    if (vector := encoder.encode_query(text, recipe)) is None:
        # The older model is gone: what the current one has finished so far is better than nothing.
        recipe, indexed = current, False
        if (vector := encoder.encode_query(text)) is None:
            return _WITHOUT
    return _Vector(vector_index.literal(vector), recipe, indexed, encoder.closeness(vector, text, recipe))


def _hits(best: Sequence[ranking.Ranked], weights: dict[str, float], above: Collection[int]) -> list[Hit]:
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
            relevant=one.candidate.passage in above,
            passage_id=one.candidate.passage,
            weights=weights,
        )
        for one in best
        if one.candidate.passage in texts  # else dropped a moment ago
        for title, body, locator, part in [texts[one.candidate.passage]]
    ]
