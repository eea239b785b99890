"""The read door of finding. Hits are candidates: their owner checks them again before showing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter
from typing import Literal, NamedTuple

import numpy as np

from evidence import encoder, excerpt, floor, legs, literal, ranking, recipes, spelling, vector_index, words
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
    recipe: str = ""  # of the cosine
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
    cut: bool = False  # whether a leg may have had more to say
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


class _Meaning(NamedTuple):
    """Where the meaning leg looks, and what the floor asks of what it finds."""

    aim: legs.Aim = legs.Aim()
    closeness: float = 0.0
    floor: float | None = None


_WITHOUT = _Meaning()


@dataclass(frozen=True)
class _Found:
    """Everything both legs found, with arrays over it: cosine (NaN: no vector), words, score."""

    near: list[legs.Neighbour]
    cosines: ranking.Floats
    words: ranking.Floats
    scores: ranking.Floats
    hits: legs.WordHits
    meaning: _Meaning = _WITHOUT
    corrected: dict[str, str] = field(default_factory=dict)

    def best(self, limit: int) -> list[int]:
        """The places of the best passage of each of the best `limit` owners."""
        order = ranking.order(self.scores, np.array([one.passage for one in self.near], np.int64))
        return ranking.first_of_each(order.tolist(), [(one.kind, one.ref) for one in self.near])[:limit]

    def above(self) -> tuple[ranking.Bools, float]:
        """Which stand above the floor, and how high the highest stands."""
        asked = floor.Asked(self.hits.attainable, self.hits.known, self.meaning.closeness, self.hits.searched)
        least = floor.of(self.meaning.aim.recipe, self.meaning.floor)
        standings = floor.standings(self.cosines, self.words, asked, least)
        best = float("nan") if np.isnan(standings).all() else float(np.nanmax(standings))
        return floor.above(self.cosines, self.words, asked, least), best


_NOTHING = _Found([], np.zeros(0), np.zeros(0), np.zeros(0), legs.WordHits())


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
    as_typed: bool = False,
) -> Results:
    """The best `limit` owners for a text in Dutch or English; never an error for odd input.

    `as_typed`: words nobody here ever wrote are not taken for typing errors.

    `degraded`: there was no model, only words were compared. `nothing_relevant`: the best hit
    is not better than what an unrelated question finds (see floor.py). `timings` in ms.
    """
    scope = Scope(kinds, public_only, desk, sector, theme, strength, language, year_from, collection, year_to)
    clock = _Clock()
    limit = max(1, min(limit, MOST_HITS))
    found = _find(_cleaned(text), scope, limit, mode, clock, as_typed)
    above, standing = found.above()
    hits = _hits(found, found.best(limit), above)
    clock.lap("fuse")
    degraded = mode != "words" and not found.meaning.aim.vector and found is not _NOTHING
    cut = len(found.near) >= _reach(limit)
    return Results(hits, degraded, not above.any(), standing, found.corrected, cut, clock.laps)


def _cleaned(text: str) -> str:
    return plain(text[:LONGEST_QUERY]).strip()


def _find(text: str, scope: Scope, limit: int, mode: Mode, clock: _Clock, as_typed: bool) -> _Found:
    """Both legs, each candidate of one scored by the other as well, fused."""
    if not text or not scope.kinds:
        return _NOTHING
    meaning = _meaning(text) if mode != "words" else _WITHOUT
    clock.lap("vector")
    query = words.parse(text if mode != "meaning" else "")
    hits, corrected = _by_words(query, scope, as_typed)
    clock.lap("words")
    count = max(PHRASED if query.phrases else 0, _reach(limit))
    near = legs.candidates(hits, meaning.aim, scope, count)
    clock.lap("meaning")
    passages = np.array([one.passage for one in near], np.int64)
    cosines = np.array([np.nan if one.cosine is None else one.cosine for one in near], np.float64)
    by_words = hits.of(passages)
    scores = ranking.fused(cosines, by_words, hits.attainable, *literal.asked(text, query, hits, near))
    return _Found(near, cosines, by_words, scores, hits, meaning, corrected)


def _reach(limit: int) -> int:
    """Passages asked of each leg: an owner may hold several of the best."""
    return max(FEWEST, 3 * limit)


def _by_words(query: words.Query, scope: Scope, as_typed: bool = False) -> tuple[legs.WordHits, dict[str, str]]:
    """The words leg; words that stand nowhere in sight are taken for typing errors, if they may be."""
    hits = legs.by_words(query.terms, query.optional, scope)
    unknown = [word for word, terms in query.surfaces.items() if not any(hits.having.get(term) for term in terms)]
    known = spelling.corrections(unknown, scope.public_only) if unknown and not as_typed else {}
    if not known:
        return hits, {}
    corrected = {word: others[0] for word, others in known.items()}
    instead = {query.surfaces[word][0]: words.terms(other) for word, other in corrected.items()}
    dropped = {term for word in corrected for term in query.surfaces[word]}
    terms = dict.fromkeys(new for term in query.terms for new in instead.get(term, [] if term in dropped else [term]))
    mended = legs.by_words(tuple(terms), query.optional, scope)
    # The vocabulary may remember words of what was withdrawn: those are not to be told.
    there = {word: other for word, other in corrected.items() if mended.having.keys() & set(words.terms(other))}
    return (mended, there) if there else (hits, {})


def _meaning(text: str) -> _Meaning:
    if not encoder.is_wanted():
        return _WITHOUT
    reading = recipes.current_reading()
    if not (recipe := reading.recipe or encoder.recipe()):
        return _WITHOUT
    if (vector := encoder.encode_query(text, recipe)) is not None:
        aim = legs.Aim(vector_index.literal(vector), recipe, reading.indexed_public, reading.indexed_internal)
        return _Meaning(aim, encoder.closeness(vector, text, recipe), reading.floor)
    # The older model is gone: what the current one has finished so far is better than nothing.
    if not (current := encoder.recipe()) or (vector := encoder.encode_query(text)) is None:
        return _WITHOUT
    return _Meaning(legs.Aim(vector_index.literal(vector), current), encoder.closeness(vector, text, current))


def _hits(found: _Found, best: Sequence[int], above: ranking.Bools) -> list[Hit]:
    texts = legs.texts([found.near[place].passage for place in best])
    return [
        Hit(
            kind=one.kind,
            ref=one.ref,
            score=float(found.scores[place]),
            cosine=one.cosine,
            words_score=float(found.words[place]),
            title=title,
            body=body,
            locator=locator,
            part=part,
            relevant=bool(above[place]),
            passage_id=one.passage,
            recipe=found.meaning.aim.recipe,
            weights=found.hits.idfs,
        )
        for place in best
        for one in [found.near[place]]
        if one.passage in texts  # else dropped a moment ago
        for title, body, locator, part in [texts[one.passage]]
    ]
