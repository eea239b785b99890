import pytest

from evidence.evaluation import measure, ndcg, recall, reciprocal_rank


def test_a_perfect_ranking_scores_one() -> None:
    assert measure({"q": ["a", "b", "c"]}, {"q": {"a": 2, "b": 1}}) == {
        "nDCG@10": 1.0,
        "MRR@10": 1.0,
        "Recall@10": 1.0,
        "Recall@100": 1.0,
    }


def test_ndcg_discounts_by_the_logarithm_of_the_rank() -> None:
    assert ndcg(["x", "a"], {"a": 1}, 10) == pytest.approx(1 / 1.584962500721156)


def test_the_reciprocal_rank_looks_no_further_than_asked() -> None:
    assert reciprocal_rank(["x", "y", "a"], {"a": 1}, 10) == pytest.approx(1 / 3)
    assert reciprocal_rank(["x"] * 10 + ["a"], {"a": 1}, 10) == 0


def test_recall_counts_what_is_relevant_only() -> None:
    assert recall(["a", "z"], {"a": 1, "b": 1, "z": 0}, 10) == 0.5


def test_a_query_without_a_ranking_counts_as_zero() -> None:
    assert measure({"q": ["a"]}, {"q": {"a": 1}, "other": {"b": 1}})["MRR@10"] == 0.5


def test_a_query_without_relevant_documents_does_not_count() -> None:
    assert measure({"q": ["a"]}, {"q": {"a": 1}, "other": {"b": 0}})["MRR@10"] == 1.0


def test_nothing_judged_measures_zero() -> None:
    assert set(measure({}, {}).values()) == {0.0}
