"""How good a ranking is against judgements: nDCG, MRR and recall, as BEIR and TREC count them."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from math import log2

from evidence.judged import JudgedSet

MEASURES = ("nDCG@10", "MRR@10", "Recall@10", "Recall@100")

Judgements = Mapping[str, int]

# What a test can encode in half a minute: enough to see a ranking that got worse.
SAMPLE_QUERIES = 40
SAMPLE_DOCUMENTS = 150


def ndcg(found: Sequence[str], judged: Judgements, at: int) -> float:
    """Gain of the first `at` (score ÷ log2(rank + 1)) over that of the ideal order; 0 to 1."""
    gain = sum(judged.get(ref, 0) / log2(rank + 2) for rank, ref in enumerate(found[:at]))
    best = sorted((score for score in judged.values() if score > 0), reverse=True)[:at]
    ideal = sum(score / log2(rank + 2) for rank, score in enumerate(best))
    return gain / ideal if ideal else 0.0


def reciprocal_rank(found: Sequence[str], judged: Judgements, at: int) -> float:
    """1 ÷ the rank of the first relevant hit within the first `at`; 0 when there is none."""
    ranks = (rank for rank, ref in enumerate(found[:at], 1) if judged.get(ref, 0) > 0)
    first = next(ranks, None)
    return 1 / first if first else 0.0


def recall(found: Sequence[str], judged: Judgements, at: int) -> float:
    """The part of all relevant ones that stands within the first `at`; 0 to 1."""
    relevant = {ref for ref, score in judged.items() if score > 0}
    return len(relevant.intersection(found[:at])) / len(relevant) if relevant else 0.0


def measure(rankings: Mapping[str, Sequence[str]], judgements: Mapping[str, Judgements]) -> dict[str, float]:
    """Each of MEASURES, mean over every judged query; one without a ranking counts as 0."""
    judged = {query: of for query, of in judgements.items() if any(s > 0 for s in of.values())}
    rows = [
        (
            ndcg(found := rankings.get(query, ()), of, 10),
            reciprocal_rank(found, of, 10),
            recall(found, of, 10),
            recall(found, of, 100),
        )
        for query, of in judged.items()
    ]
    columns = zip(*rows, strict=True) if rows else ((0.0,) for _ in MEASURES)
    return {name: sum(column) / len(column) for name, column in zip(MEASURES, map(list, columns), strict=True)}


def sample(content: JudgedSet, queries: int = SAMPLE_QUERIES, documents: int = SAMPLE_DOCUMENTS) -> JudgedSet:
    """A small set of the same kind, always the same one: some queries, all that is judged relevant
    to them, and others up to `documents`. Chosen by the hash of ids, so in no order of the files."""
    asked = _some(content.judgements, queries)
    relevant = {ref for query in asked for ref, score in content.judgements[query].items() if score > 0}
    held = relevant & content.documents.keys()
    others = _some(content.documents.keys() - held, max(0, documents - len(held)))
    return JudgedSet(
        {ref: content.documents[ref] for ref in sorted(held | set(others))},
        {query: content.queries[query] for query in asked},
        {query: content.judgements[query] for query in asked},
    )


def _some(ids: Iterable[str], count: int) -> list[str]:
    return sorted(ids, key=lambda one: blake2b(one.encode(), digest_size=8).digest())[:count]
