from math import sqrt
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import ranking


class Candidate(NamedTuple):
    passage: int
    cosine: float | None
    words: float = 0.0
    ref: str = ""
    identifier: bool = False
    titled: bool = False
    phrase: bool = False


def fuse(candidates: list[Candidate], most: float) -> list[tuple[Candidate, float]]:
    """The candidates with their scores, best first."""
    cosines = np.array([np.nan if one.cosine is None else one.cosine for one in candidates], np.float64)
    words = np.array([one.words for one in candidates], np.float64)
    literal = [
        np.array([getattr(one, name) for one in candidates], np.bool_) for name in ("identifier", "titled", "phrase")
    ]
    scores = ranking.fused(cosines, words, most, *literal)
    order = ranking.order(scores, np.array([one.passage for one in candidates], np.int64))
    return [(candidates[place], float(scores[place])) for place in order]


def passages(ranked: list[tuple[Candidate, float]]) -> list[int]:
    return [one.passage for one, _ in ranked]


def test_an_impact_is_bm25_without_the_idf_to_the_byte() -> None:
    norms = [1.2 * (0.25 + 0.75 * length / ranking.PIVOT) for length in (10, 30)]
    found = ranking.impacts(np.array([1, 2]), np.array([10, 30])) * ranking.IMPACT_UNIT
    expected = [2.2 * 1 / (1 + norms[0]), 2.2 * 2 / (2 + norms[1])]
    assert np.allclose(found, expected, atol=ranking.IMPACT_UNIT)


@given(st.integers(1, 32_000), st.integers(0, 90_000))
def test_an_impact_fits_a_byte_and_is_never_nothing(count: int, length: int) -> None:
    (impact,) = ranking.impacts(np.array([count]), length).tolist()
    assert 1 <= impact <= 255


def test_a_term_weighs_more_when_it_stands_there_more_often_and_in_less_text() -> None:
    once, twice = ranking.impacts(np.array([1, 2]), 60)
    short, long = ranking.impacts(np.array([1, 1]), np.array([10, 200]))
    assert twice > once
    assert short > long


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_idf_is_never_negative(having: int, others: int) -> None:
    assert ranking.inverse_frequency(having + others, having) > 0


@given(st.lists(st.integers(1, 32_000), min_size=1, max_size=20), st.integers(0, 90_000))
def test_no_impact_is_above_what_is_attainable(counts: list[int], others: int) -> None:
    found = ranking.impacts(np.array(counts), sum(counts) + others)
    assert found.max() * ranking.IMPACT_UNIT <= ranking.attainable([1.0]) * (1 + 1e-12)


def test_what_is_known_of_a_query_is_the_share_of_its_information() -> None:
    assert ranking.known({"a": 1.0, "b": 3.0}, {"a": 4, "b": 0}) == 0.25
    assert ranking.known({}, {}) == 0.0


def test_coverage_stays_within_one_whatever_optional_terms_added() -> None:
    assert ranking.coverage(np.array([0.0, 5.0, 12.0]), 10.0).tolist() == [0.0, 0.5, 1.0]
    assert ranking.coverage(np.array([3.0]), 0.0).tolist() == [0.0]


def test_the_fusion_adds_the_words_by_how_much_of_the_query_they_cover() -> None:
    ranked = fuse([Candidate(1, 0.8, 0.0), Candidate(2, 0.7, 4.0)], 10.0)
    gained = ranking.WEIGHT * 0.4 * sqrt(0.4)
    assert [(one.passage, round(score, 6)) for one, score in ranked] == [(2, round(0.7 + gained, 6)), (1, 0.8)]


def test_a_few_common_words_do_not_outweigh_meaning() -> None:
    ranked = fuse([Candidate(1, 0.55, 0.0), Candidate(2, 0.5, 1.0)], 10.0)
    assert ranked[0][0].passage == 1


def test_nothing_to_fuse_is_nothing_found() -> None:
    assert fuse([], 10.0) == []


def test_ties_go_to_the_lower_id() -> None:
    ranked = fuse([Candidate(n, 0.5) for n in (9, 3, 7)], 0.0)
    assert passages(ranked) == [3, 7, 9]


def test_a_passage_without_a_vector_counts_as_the_least_similar() -> None:
    ranked = fuse([Candidate(1, 0.8), Candidate(2, 0.75), Candidate(3, None, 10.0)], 10.0)
    assert ranked[0][0].passage == 3
    assert ranked[0][1] == 0.75 + ranking.WEIGHT


def test_without_any_vector_the_words_decide() -> None:
    ranked = fuse([Candidate(1, None, 2.0), Candidate(2, None, 6.0), Candidate(3, None, 4.0)], 10.0)
    assert passages(ranked) == [2, 3, 1]


@pytest.mark.parametrize("asked", ["identifier", "titled", "phrase"])
def test_what_was_asked_for_literally_stands_above_everything_else(asked: str) -> None:
    ranked = fuse([Candidate(1, 1.0, 10.0), Candidate(2, -1.0, 0.0, **{asked: True})], 10.0)
    assert passages(ranked) == [2, 1]


def test_an_identifier_goes_before_a_title_and_a_title_before_a_phrase() -> None:
    literal = [
        Candidate(1, 0.9, titled=True, phrase=True),
        Candidate(2, 0.5, identifier=True),
        Candidate(3, 0.9, phrase=True),
        Candidate(4, 0.5, titled=True),
    ]
    assert passages(fuse(literal, 10.0)) == [2, 1, 4, 3]


def test_those_who_have_the_same_asked_for_are_ranked_as_ever() -> None:
    both = [Candidate(1, 0.4, phrase=True), Candidate(2, 0.6, phrase=True)]
    assert passages(fuse(both, 10.0)) == [2, 1]


def test_only_the_best_passage_of_an_owner_is_kept() -> None:
    assert ranking.first_of_each([1, 2, 0], [("thing", "a"), ("thing", "a"), ("thing", "b")]) == [1, 2]
