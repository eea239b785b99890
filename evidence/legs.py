"""The two legs of a search, each one query: by words and by meaning. Visibility inside both."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import psycopg.sql
from numpy.typing import NDArray

from evidence import packing, ranking, statements, vector_index
from evidence.scope import Scope

FEWEST_BUCKETS, MOST_BUCKETS = 1 << 14, 1 << 17
TELLING = 8  # words of a query whose lists are read to their end: the rarest
OTHERS = 1_000  # entries that are read of every other list
NAMED = "named"
LITTLE = 15_000  # passages that are all compared, index or not
ROUNDS = (10, 100)  # how many times further the words leg looks when filters leave too few
DISTANCE = "(v.embedding::halfvec({size})) <=> %(vector)s::halfvec({size})"

Ids = NDArray[np.uint32]
Floats = NDArray[np.float32]
_NOBODY: Ids = np.zeros(0, np.uint32)
_NOTHING: Floats = np.zeros(0, np.float32)


@dataclass(frozen=True)
class WordHits:
    """What each term adds to BM25 of the passages listed for it, unsummed.

    `passages` and `added` run over the lists of all terms, one after the other; `having` says
    where those of each term begin and end.
    """

    passages: Ids = field(default_factory=lambda: _NOBODY)
    added: Floats = field(default_factory=lambda: _NOTHING)
    idfs: dict[str, float] = field(default_factory=dict)
    having: dict[str, list[slice]] = field(default_factory=dict)
    attainable: float = 0.0
    known: float = 0.0  # the part of the query's information in words that stand in sight
    searched: int = 0  # passages in sight, with or without a matching word

    def holding(self, terms: Sequence[str], at_most: int = 1_000) -> frozenset[int]:
        """Ids of the passages that are listed for any of these terms; none when they are more."""
        parts = [part for term in terms for part in self.having.get(term, ())]
        if sum(part.stop - part.start for part in parts) > at_most:
            return frozenset()
        return frozenset(passage for part in parts for passage in self.passages[part].tolist())

    def of(self, passages: ranking.Ints) -> ranking.Floats:
        """BM25 of the given passages, each named once; 0 for those that are not listed."""
        found = np.zeros(len(passages))
        if not len(self.passages) or not len(passages):
            return found
        near = np.zeros(FEWEST_BUCKETS, np.bool_)
        near[passages % FEWEST_BUCKETS] = True
        some = np.flatnonzero(near[_buckets(self.passages, FEWEST_BUCKETS)])
        order = np.argsort(passages)
        wanted, listed = passages[order], self.passages[some]
        at = np.searchsorted(wanted, listed).clip(max=len(wanted) - 1)
        same = wanted[at] == listed
        found[order] = np.bincount(at[same], self.added[some][same], len(wanted))
        return found

    def top(self, count: int) -> ranking.Ints:
        """Ids of the best `count` passages, best first; ties to the lower id.

        Sorting all ids to sum them up would be the dearest step of a search. Passages share
        buckets instead: the sum of a bucket is at least that of each passage in it, so buckets
        below the last of the best need no look.
        """
        buckets = min(MOST_BUCKETS, max(FEWEST_BUCKETS, 1 << len(self.passages).bit_length()))
        guessed = 4 * count  # buckets that are looked into at first
        if len(self.passages) <= guessed or 2 * guessed > buckets // 8:
            return _best(self.passages, self.added, count)[0]
        bucket = _buckets(self.passages, buckets)
        sums = np.bincount(bucket, self.added, buckets)
        # The maxima of eight at a time: a first guess that is eight times quicker to find.
        guess = np.partition(sums.reshape(8, -1).max(axis=0), -guessed)[-guessed]
        some = sums[bucket] >= guess
        ids, scores = _best(self.passages[some], self.added[some], count)
        last = float(scores[-1]) if len(ids) == count else 0.0
        if last < guess:
            some = sums[bucket] >= last * (1 - 1e-9)
            ids, _ = _best(self.passages[some], self.added[some], count)
        return ids


def _buckets(passages: Ids, buckets: int) -> Ids:
    """The bucket of each passage; `buckets` is a power of two."""
    return passages & np.uint32(buckets - 1)


def _best(passages: Ids, added: Floats, count: int) -> tuple[ranking.Ints, ranking.Floats]:
    """Ids and sums of the best `count`, by sorting."""
    ids, places = np.unique(passages, return_inverse=True)
    sums = np.bincount(places, added, len(ids)).astype(np.float64)
    best = np.lexsort((ids, -sums))[:count]
    return ids[best].astype(np.int64), sums[best]


class Aim(NamedTuple):
    """Where the meaning leg looks: the query's vector as vector_index.literal writes it ("": it
    does not look), the recipe, and which of its indexes there are."""

    vector: str = ""
    recipe: str = ""
    indexed_public: bool = False
    indexed_internal: bool = False


class Neighbour(NamedTuple):
    """A passage that a leg found; no cosine when it has no vector yet."""

    passage: int
    kind: str
    ref: str
    title: str
    cosine: float | None


def by_words(terms: Sequence[str], optional: Sequence[str], scope: Scope) -> WordHits:
    """BM25 of the passages with these words: all that are not packed, of the others those that
    the lists name. Frequencies are those of the shelves in sight, not of what a filter leaves.
    `optional` terms add to it where they stand, and nobody misses them where they do not.

    The rarest words tell most and have the shortest lists: the others are read less far, so
    that no query reads more than a quarter of a million entries.
    """
    condition, values = scope.condition()
    shelves = "s.kind = ANY(%(kinds)s)" + (" AND s.public" if scope.public_only else "")
    rows = _rows(
        f"""
            SELECT term, count, substr(ids, 1, 4 * reach), substr(impacts, 1, reach), NULL::bigint[], NULL::smallint[]
            FROM (
                SELECT l.*, CASE WHEN row_number() OVER (ORDER BY l.count) <= {TELLING} THEN {packing.LISTED} ELSE {OTHERS} END AS reach
                FROM evidence_wordlist l JOIN evidence_shelf s USING (kind, public, generation)
                WHERE l.term = ANY(%(terms)s) AND {shelves}
            ) l
            UNION ALL
            SELECT t.term, count(*), NULL, NULL, array_agg(p.id), array_agg(t.impact)
            FROM evidence_posting t JOIN evidence_passage p ON p.id = t.passage_id
            WHERE t.term = ANY(%(terms)s) AND {condition}
            GROUP BY t.term
            UNION ALL
            SELECT NULL, coalesce(sum(s.count), 0)::bigint + (
                SELECT count(*) FROM evidence_passage p WHERE NOT p.packed AND {condition}
            ), NULL, NULL, NULL, NULL
            FROM evidence_shelf s WHERE {shelves}
            """,
        {**values, "terms": [*terms, *optional]},
        scope,
    )
    return _gathered(terms, rows)


def _gathered(terms: Sequence[str], rows: Sequence[Any]) -> WordHits:
    """The rows of by_words as one; the row without a term tells how many passages there are."""
    total = next(count for term, count, *_ in rows if term is None)
    counts: Counter[str] = Counter()
    for term, count, *_ in rows:
        if term is not None:
            counts[term] += count
    # A word nobody uses counts as the rarest: what it asked for was not found.
    idfs = {term: ranking.inverse_frequency(total, counts[term]) for term in {**dict.fromkeys(terms), **counts}}
    asked = {term: idfs[term] for term in terms}
    sums = (ranking.attainable(asked.values()), ranking.known(asked, counts), total)
    passages: list[Ids] = []
    added: list[Floats] = []
    having: dict[str, list[slice]] = {}
    end = 0
    for term, _count, ids, impacts, fresh, fresh_impacts in rows:
        if term is None:
            continue
        packed = ids is not None
        passages.append(np.frombuffer(ids, "<u4") if packed else np.array(fresh, np.uint32))
        weights = np.frombuffer(impacts, np.uint8) if packed else np.array(fresh_impacts, np.uint8)
        added.append(weights * np.float32(idfs[term] * ranking.IMPACT_UNIT))
        having.setdefault(term, []).append(slice(end, end + len(weights)))
        end += len(weights)
    if not passages:
        return WordHits(_NOBODY, _NOTHING, idfs, {}, *sums)
    return WordHits(np.concatenate(passages), np.concatenate(added), idfs, having, *sums)


def candidates(hits: WordHits, aim: Aim, scope: Scope, count: int) -> list[Neighbour]:
    """The `count` best of either leg within the scope, each once and with its cosine; unordered.

    One statement, unless filters leave a leg too few: then it looks further.
    """
    sides = _sides(scope, aim)
    listed = hits.top(count).tolist()
    if scope.filtered and any(side.indexed for side in sides) and _is_little(scope):
        sides = [side._replace(indexed=False) for side in sides]
    parts = [_walk(side, exact=not side.indexed) for side in sides] + ([_named(aim)] if listed else [])
    rows = _ask(parts, aim, scope, count, listed) if parts else []
    for side in sides:
        if side.indexed and sum(row[0] == side.name for row in rows) < count:
            rows += _ask([_walk(side, exact=True)], aim, scope, count)
    found = sum(row[0] == NAMED for row in rows)
    for further in ROUNDS:  # lists know nothing of filters
        if found >= count or len(listed) < count:
            break
        listed = hits.top(further * count)[further * count // 10 :].tolist()
        more = _ask([_named(aim)], aim, scope, count, listed)
        rows += more
        found += len(more)
    return list({row[1]: Neighbour(*row[1:]) for row in rows}.values())


class _Side(NamedTuple):
    """A part of the corpus that is walked by itself: no index covers public and internal text."""

    name: str
    condition: str
    indexed: bool


def _sides(scope: Scope, aim: Aim) -> list[_Side]:
    if not aim.vector:
        return []
    public = _Side("public", "v.public AND p.public", aim.indexed_public)
    internal = _Side("internal", "NOT v.public AND NOT p.public", aim.indexed_internal)
    if scope.public_only:
        return [public]
    return [public, internal] if public.indexed or internal.indexed else [_Side("all", "TRUE", False)]


def _is_little(scope: Scope) -> bool:
    """Whether filters leave so little that comparing all of it is quicker, and never wrong.

    As the server's statistics have it: counting would take as long as searching.
    """
    condition, values = scope.condition()
    ((plan,),) = _rows(f"EXPLAIN (FORMAT JSON) SELECT FROM evidence_passage p WHERE {condition}", values, scope)
    return bool(plan[0]["Plan"]["Plan Rows"] <= LITTLE)


def _walk(side: _Side, *, exact: bool = False) -> str:
    """The nearest by cosine; of an expression that no index knows when it must be exact."""
    return f"""
        (SELECT '{side.name}', p.id, p.kind, p.ref, p.title, 1 - ({DISTANCE})
        FROM evidence_vector v JOIN evidence_passage p ON p.id = v.passage_id
        WHERE v.recipe = {{recipe}} AND v.embedding IS NOT NULL AND {side.condition} AND {{condition}}
        ORDER BY ({DISTANCE}){" + 0" if exact else ""} LIMIT {{count}})"""


def _named(aim: Aim) -> str:
    """The listed passages, as far as they are in scope; how near they are, where that is known."""
    if not aim.vector:
        return f"""
        (SELECT '{NAMED}', p.id, p.kind, p.ref, p.title, NULL::float8
        FROM evidence_passage p WHERE p.id = ANY(%(listed)s) AND {{condition}})"""
    return f"""
        (SELECT '{NAMED}', p.id, p.kind, p.ref, p.title, 1 - ({DISTANCE})
        FROM evidence_passage p LEFT JOIN evidence_vector v
            ON v.passage_id = p.id AND v.recipe = {{recipe}} AND v.embedding IS NOT NULL
        WHERE p.id = ANY(%(listed)s) AND {{condition}})"""


def _ask(parts: Sequence[str], aim: Aim, scope: Scope, count: int, listed: Sequence[int] = ()) -> list[tuple[Any, ...]]:
    condition, values = scope.condition()
    size = vector_index.dimensions(aim.recipe) if aim.vector else 0
    # As a literal: a plan that is kept cannot use an index of one recipe for a recipe it does not know.
    recipe = psycopg.sql.quote(aim.recipe).replace("%", "%%")
    query = " UNION ALL ".join(parts).replace("{condition}", condition).replace("{size}", str(size))
    values |= {"vector": aim.vector, "listed": list(listed)}
    return _rows(query.replace("{count}", str(count)).replace("{recipe}", recipe), values, scope)


def _rows(query: str, values: Mapping[str, Any], scope: Scope) -> list[tuple[Any, ...]]:
    """Filters are planned each time: what they leave asks for one way through the indexes or another."""
    return statements.rows(query, values, prepare=not scope.filtered)


def texts(passages: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """Title, body, locator and part of these passages, by id."""
    query = "SELECT id, title, body, locator, part FROM evidence_passage WHERE id = ANY(%(passages)s)"
    return {row[0]: row[1:] for row in statements.rows(query, {"passages": list(passages)})}
