import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evidence import ranking
from evidence.ranking import Candidate


def candidate(passage: int, cosine: float | None, words: float = 0.0, ref: str = "") -> Candidate:
    return Candidate(passage, ("thing", ref or str(passage)), cosine, words)


def test_an_impact_is_bm25_without_the_idf() -> None:
    norm = 1.2 * (0.25 + 0.75 * 30 / ranking.PIVOT)
    found = ranking.impacts(np.array([1, 2]), 30) * ranking.IMPACT_UNIT
    assert np.allclose(found, [2.2 * 1 / (1 + norm), 2.2 * 2 / (2 + norm)], atol=ranking.IMPACT_UNIT)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_idf_is_never_negative(having: int, others: int) -> None:
    assert ranking.inverse_frequency(having + others, having) > 0


@given(st.lists(st.integers(1, 32_000), min_size=1, max_size=20), st.integers(0, 90_000))
def test_every_word_counts_and_none_more_than_is_attainable(counts: list[int], others: int) -> None:
    found = ranking.impacts(np.array(counts), sum(counts) + others)
    assert found.min() > 0
    assert found.max() * ranking.IMPACT_UNIT <= ranking.attainable([1.0]) + 1e-9


def test_the_fusion_adds_a_share_of_the_words_to_the_cosine() -> None:
    ranked = ranking.fuse([candidate(1, 0.8, 0.0), candidate(2, 0.7, 5.0)], 10.0)
    assert [(one.candidate.passage, round(one.score, 3)) for one in ranked] == [(2, 0.85), (1, 0.8)]


def test_ties_go_to_the_lower_id() -> None:
    ranked = ranking.fuse([candidate(n, 0.5) for n in (9, 3, 7)], 0.0)
    assert [one.candidate.passage for one in ranked] == [3, 7, 9]


def test_a_passage_without_a_vector_counts_as_the_least_similar() -> None:
    ranked = ranking.fuse([candidate(1, 0.8), candidate(2, 0.75), candidate(3, None, 10.0)], 10.0)
    assert ranked[0].candidate.passage == 3
    assert ranked[0].score == 0.75 + ranking.WEIGHT


def test_only_the_best_passage_of_an_owner_is_kept() -> None:
    ranked = ranking.fuse([candidate(1, 0.5, ref="a"), candidate(2, 0.9, ref="a"), candidate(3, 0.7, ref="b")], 0.0)
    assert [one.candidate.passage for one in ranking.best_per_owner(ranked)] == [2, 3]
