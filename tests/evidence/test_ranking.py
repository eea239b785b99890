import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evidence import ranking
from evidence.ranking import Candidate, Matches


def candidate(passage: int, cosine: float | None, words: float = 0.0, ref: str = "") -> Candidate:
    return Candidate(passage, ("thing", ref or str(passage)), cosine, words)


def matches(*rows: tuple[int, int, int]) -> Matches:
    return Matches(*(np.array(column, np.int64) for column in zip(*rows, strict=True)))


def test_bm25_is_what_the_formula_says() -> None:
    idf = ranking.inverse_frequency(10, 2)
    ids, scores = ranking.bm25({"toets": matches((7, 2, 30), (3, 1, 10))}, {"toets": idf}, 20.0)
    assert ids.tolist() == [3, 7]
    norms = [1.2 * (0.25 + 0.75 * 10 / 20), 1.2 * (0.25 + 0.75 * 30 / 20)]
    expected = [idf * 2.2 * 1 / (1 + norms[0]), idf * 2.2 * 2 / (2 + norms[1])]
    assert np.allclose(scores, expected)


def test_terms_of_one_passage_add_up() -> None:
    found = {"a": matches((1, 1, 5), (2, 1, 5)), "b": matches((2, 1, 5))}
    ids, scores = ranking.bm25(found, {"a": 1.0, "b": 1.0}, 5.0)
    assert ids.tolist() == [1, 2]
    assert np.isclose(scores[1], 2 * scores[0])


def test_no_matches_score_nothing() -> None:
    ids, scores = ranking.bm25({}, {}, 0.0)
    assert len(ids) == len(scores) == 0


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_idf_is_never_negative(having: int, others: int) -> None:
    assert ranking.inverse_frequency(having + others, having) > 0


@given(
    st.lists(st.tuples(st.integers(1, 32_000), st.integers(1, 90_000)), min_size=1, max_size=20), st.floats(0.01, 20)
)
def test_no_passage_scores_above_what_is_attainable(rows: list[tuple[int, int]], idf: float) -> None:
    found = {"a": matches(*((n, count, length) for n, (count, length) in enumerate(rows)))}
    _ids, scores = ranking.bm25(found, {"a": idf}, 50.0)
    assert scores.max() < ranking.attainable([idf])


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
