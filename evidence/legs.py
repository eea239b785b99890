"""The two legs of a search, each one query: by words and by meaning. Visibility inside both."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection, transaction

from evidence import ranking, recipes, vector_index
from evidence.scope import Scope

SCANNED = 100  # ef_search: how far the approximate index looks at least


@dataclass(frozen=True)
class WordHits:
    """BM25 of every passage that holds a term, with what the query could have attained."""

    passages: ranking.Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    scores: ranking.Floats = field(default_factory=lambda: np.zeros(0))
    idfs: dict[str, float] = field(default_factory=dict)
    attainable: float = 0.0
    searched: int = 0  # passages in scope, with or without a matching word

    def of(self, passages: ranking.Ints) -> ranking.Floats:
        """BM25 of the given passages; 0 for those that hold no term."""
        if not len(self.passages):
            return np.zeros(len(passages))
        places = np.searchsorted(self.passages, passages).clip(max=len(self.passages) - 1)
        return np.where(self.passages[places] == passages, self.scores[places], 0.0)

    def top(self, count: int) -> ranking.Ints:
        """Ids of the best `count` passages; ties to the lower id."""
        return self.passages[np.lexsort((self.passages, -self.scores))[:count]]


@dataclass(frozen=True)
class Neighbour:
    passage: int
    kind: str
    ref: str
    cosine: float | None


def by_words(terms: Sequence[str], scope: Scope) -> WordHits:
    """BM25 with document counts and lengths taken within the scope, over all of it."""
    condition, values = scope.condition()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT s.n, s.mean, m.* FROM (
                SELECT count(*) AS n, avg(length)::float8 AS mean
                FROM evidence_passage p WHERE {condition}
            ) s LEFT JOIN (
                SELECT t.term, array_agg(p.id), array_agg(t.count), array_agg(p.length)
                FROM evidence_posting t JOIN evidence_passage p ON p.id = t.passage_id
                WHERE t.term = ANY(%(terms)s) AND {condition}
                GROUP BY t.term
            ) m ON true
            """,
            {**values, "terms": list(terms)},
        )
        rows = cursor.fetchall()
    total, mean = rows[0][:2]
    matches = {
        term: ranking.Matches(*(np.array(column, np.int64) for column in columns))
        for _total, _mean, term, *columns in rows
        if term is not None
    }
    # A word nobody uses counts as the rarest: what it asked for was not found.
    idfs = {
        term: ranking.inverse_frequency(total, len(matches[term].passages) if term in matches else 0) for term in terms
    }
    passages, scores = ranking.bm25(matches, idfs, mean)
    return WordHits(passages, scores, idfs, ranking.attainable(idfs.values()), total)


def readable_recipe(current: str) -> tuple[str, bool]:
    """The recipe whose vectors answer now, and whether it has its approximate indexes."""
    reading = recipes.current_reading()
    return reading.recipe or current, reading.indexed_public and reading.indexed_internal


def by_meaning(vector: str, recipe: str, scope: Scope, count: int, indexed: bool) -> list[Neighbour]:
    """The `count` nearest passages by cosine, nearest first; ties to the lower id.

    `vector` is the query's, as vector_index.literal writes it.
    """
    if not indexed:
        return _nearest(vector, recipe, scope, count, "")
    # One walk for each of the two indexes: no index covers public and internal text together.
    sides = ["v.public"] if scope.public_only else ["v.public", "NOT v.public"]
    found: list[Neighbour] = []
    for side in sides:
        some = _walk(vector, recipe, scope, count, side)
        if len(some) < count:  # filters cut deeper than the walk went: look at everything
            some = _nearest(vector, recipe, scope, count, side, exact=True)
        found += some
    return sorted(found, key=lambda one: (-(one.cosine or 0.0), one.passage))[:count]


def _walk(vector: str, recipe: str, scope: Scope, count: int, side: str) -> list[Neighbour]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('hnsw.iterative_scan', 'strict_order', true), set_config('hnsw.ef_search', %s, true)",
            [str(min(1_000, max(SCANNED, count)))],
        )
        return _nearest(vector, recipe, scope, count, side)


def _nearest(vector: str, recipe: str, scope: Scope, count: int, side: str, *, exact: bool = False) -> list[Neighbour]:
    condition, values = scope.condition()
    size = vector_index.dimensions(recipe)
    distance = f"(v.embedding::halfvec({size})) <=> %(vector)s::halfvec({size})"
    if exact:  # an expression that no index knows
        distance = f"({distance}) + 0"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT p.id, p.kind, p.ref, 1 - ({distance}) AS cosine
            FROM evidence_vector v JOIN evidence_passage p ON p.id = v.passage_id
            WHERE v.recipe = %(recipe)s AND v.embedding IS NOT NULL
              {f"AND {side}" if side else ""} AND {condition}
            ORDER BY {distance} LIMIT %(count)s
            """,
            {**values, "vector": vector, "recipe": recipe, "count": count},
        )
        return [Neighbour(*row) for row in cursor.fetchall()]


def complete(passages: Sequence[int], vector: str, recipe: str, scope: Scope) -> list[Neighbour]:
    """Whose these passages are and how near, as far as they are in scope; unordered."""
    if not passages:
        return []
    condition, values = scope.condition()
    cosine, joined = "NULL", ""
    if vector:
        size = vector_index.dimensions(recipe)
        cosine = f"1 - (v.embedding::halfvec({size}) <=> %(vector)s::halfvec({size}))"
        joined = (
            "LEFT JOIN evidence_vector v ON v.passage_id = p.id AND v.recipe = %(recipe)s AND v.embedding IS NOT NULL"
        )
        values |= {"vector": vector, "recipe": recipe}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.id, p.kind, p.ref, {cosine} FROM evidence_passage p {joined}"
            f" WHERE p.id = ANY(%(ids)s) AND {condition}",
            {**values, "ids": list(passages)},
        )
        return [Neighbour(*row) for row in cursor.fetchall()]


def texts(passages: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """Title, body, locator and part of these passages, by id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, title, body, locator, part FROM evidence_passage WHERE id = ANY(%s)", [list(passages)]
        )
        return {row[0]: row[1:] for row in cursor.fetchall()}


def labels(passages: Sequence[int]) -> list[tuple[str, list[str], list[str], str]]:
    """Kind, sectors, themes and strength of these passages; unordered."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, sectors, themes, strength FROM evidence_passage WHERE id = ANY(%s)", [list(passages)]
        )
        return list(cursor.fetchall())
