"""What a search should have found, computed aside: nearest vectors by numpy, BM25 by counting."""

from array import array
from collections.abc import Iterable, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from evidence import ranking, words
from tests.benchmarks.finding.corpus import Row

STEP = 50_000
CLOSE = 1e-5  # equal to the last place is as good: half floats and summing order differ by less


class Nearest:
    """Cosines of every query with every vector, kept as the best `count` of the allowed ones."""

    def __init__(self, vectors: NDArray[np.float16], queries: NDArray[np.float32], count: int = 10) -> None:
        self.vectors, self.count = vectors, count
        self.queries = queries.astype(np.float16).astype(np.float32)  # as pgvector is given them
        self.queries /= np.linalg.norm(self.queries, axis=1, keepdims=True)

    def top(self, allowed: NDArray[np.bool_] | None = None) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Numbers and cosines (queries × count, best first) among the vectors that `allowed` marks."""
        best = np.full((len(self.queries), self.count), -2.0, np.float32)
        numbers = np.full(best.shape, -1, np.int64)
        for start in range(0, len(self.vectors), STEP):
            places = np.arange(start, min(start + STEP, len(self.vectors)))
            if allowed is not None:
                places = places[allowed[places]]
            scores = np.hstack([best, self.cosines(places)])
            candidates = np.hstack([numbers, np.tile(places, (len(best), 1))])
            kept = np.argpartition(-scores, self.count - 1, axis=1)[:, : self.count]
            best = np.take_along_axis(scores, kept, 1)
            numbers = np.take_along_axis(candidates, kept, 1)
        order = np.argsort(-best, axis=1, kind="stable")
        return np.take_along_axis(numbers, order, 1), np.take_along_axis(best, order, 1)

    def cosines(self, places: NDArray[np.int64]) -> NDArray[np.float32]:
        """Queries × places."""
        block = self.vectors[places].astype(np.float32)
        block /= np.linalg.norm(block, axis=1, keepdims=True)
        return self.queries @ block.T

    def recall(self, query: int, found: Sequence[int], best: NDArray[np.float32]) -> float:
        """The part of the exact best that `found` (distinct numbers) equals, ties counted as found."""
        there = best[query][best[query] > -2]
        if not len(there):
            return 1.0
        block = self.vectors[np.array(sorted(set(found)), np.int64)].astype(np.float32)
        block /= np.linalg.norm(block, axis=1, keepdims=True)
        hits = int((block @ self.queries[query] >= there[-1] - CLOSE).sum()) if len(found) else 0
        return min(1.0, hits / len(there))


class Bm25:
    """Exact BM25 of a few queries, counted while the corpus goes by; same terms and constants as the product."""

    def __init__(self, queries: Sequence[str]) -> None:
        self.terms = [words.query_terms(text) for text in queries]
        self.postings = {term: (array("q"), array("q")) for terms in self.terms for term in terms}
        self.lengths = array("q")

    def add(self, rows: Iterable[Row]) -> None:
        """Counts these passages; they must come in the order of their numbers."""
        for row in rows:
            terms = words.terms(f"{row.text.title}\n{row.text.body}")
            self.lengths.append(len(terms))
            for term in {term for term in terms if term in self.postings}:
                self.postings[term][0].append(row.number)
                self.postings[term][1].append(terms.count(term))

    def scores(self, query: int) -> NDArray[np.float64]:
        """BM25 of every passage for this query."""
        lengths = np.array(self.lengths, np.float64)
        norm = ranking.K1 * (1 - ranking.B + ranking.B * lengths / ranking.PIVOT)
        scores = np.zeros(len(lengths))
        for term in self.terms[query]:
            numbers, counts = (np.array(column) for column in self.postings[term])
            idf = log(1 + (len(lengths) - len(numbers) + 0.5) / (len(numbers) + 0.5))
            scores[numbers] += idf * (ranking.K1 + 1) * counts / (counts + norm[numbers])
        return scores

    def recall(self, query: int, found: Sequence[int], count: int = 10) -> float | None:
        """The part of the exact best `count` that was found, ties counted; None when no passage has a term."""
        scores = self.scores(query)
        best = np.sort(scores)[::-1][:count]
        best = best[best > 0]
        if not len(best):
            return None
        hits = sum(1 for number in set(found) if scores[number] >= best[-1] - 1e-9)
        return min(1.0, hits / len(best))
