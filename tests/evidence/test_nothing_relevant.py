from collections.abc import Callable
from math import log, sqrt
from typing import Any

import numpy as np
import pytest

from evidence import embedding, floor
from evidence.floor import Asked, Floor
from evidence.search import Results
from tests.evidence.conftest import refs

DEFAULT = "multilingual-e5-small-q4/384/query:passage/t1"
Find = Callable[..., Results]

LIBRARY = {
    "pesten": ("Aanpak van pestgedrag", "Een schoolbrede aanpak vermindert pesten in de klas."),
    "huiswerk": ("Effect van huiswerk", "Thuis oefenen helpt oudere leerlingen meer dan jongere."),
    "lezen": ("Leesplezier", "Zelf boeken kiezen en voorlezen maken kinderen tot lezers."),
    "klein": ("Kleinere klassen", "Een kleinere klas heeft hooguit een klein effect op rekenen."),
    "toets": ("Retrieval practice", "Testing yourself helps to remember what you have learnt."),
}


FLOOR = Floor(0.2, growth=0.01, background=0.7)


def standing(
    cosine: float, words: float = 0.0, known: float = 0.5, closeness: float = 0.3, searched: int = 100
) -> float:
    asked = Asked(10.0, known, closeness, searched)
    return float(floor.standings(np.array([cosine]), np.array([words]), asked, FLOOR)[0])


def above(cosine: float, words: float = 0.0) -> bool:
    return bool(floor.above(np.array([cosine]), np.array([words]), Asked(10.0, 0.0, 0.3, 1), FLOOR)[0])


def test_the_standing_is_what_the_formula_says() -> None:
    expected = 0.6 + floor.COVERAGE * 0.5 + floor.KNOWN * 0.5 - 0.01 * sqrt(2 * log(1_024)) - 0.7 * 0.3
    assert standing(0.6, words=2.5, known=0.25, searched=1_024) == pytest.approx(expected)


def test_a_nearer_passage_with_more_of_the_words_stands_higher() -> None:
    assert standing(0.5) > standing(0.4)
    assert standing(0.5, words=4.0) > standing(0.5, words=1.0)


def test_words_that_are_at_home_here_make_a_hit_stand_higher() -> None:
    assert standing(0.5, known=1.0) > standing(0.5, known=0.0)


def test_a_query_that_is_near_to_anything_must_come_nearer() -> None:
    assert standing(0.5, closeness=0.5) < standing(0.5, closeness=0.2)


def test_the_best_of_many_passages_must_come_nearer_than_the_best_of_few() -> None:
    assert standing(0.5, searched=1_000_000) < standing(0.5, searched=10)


def test_each_hit_is_held_against_the_floor_by_itself() -> None:
    cosines = np.array([0.9, 0.41, 0.40, np.nan, np.nan])
    words = np.array([0.0, 0.0, 0.0, 0.6, 0.4])
    found = floor.above(cosines, words, Asked(10.0, 0.0, 0.3, 1), Floor(0.2 - 1e-9, 0.01, 0.7))
    assert found.tolist() == [True, True, False, True, False]


def test_an_empty_search_has_no_hit_above_the_floor() -> None:
    assert floor.above(np.zeros(0), np.zeros(0), Asked(0.0, 0.0, 0.0, 0), floor.of(DEFAULT)).tolist() == []


def test_a_model_nobody_measured_has_no_floor() -> None:
    shown = floor.above(
        np.array([-1.0]), np.array([0.0]), Asked(10.0, 0.0, 0.9, 10**6), floor.of("some/model/768/own/t1")
    )
    assert shown.tolist() == [True]


def test_a_calibrated_floor_goes_before_the_measured_one() -> None:
    assert floor.of(DEFAULT).base == floor.FLOORS["multilingual-e5-small-q4"].base
    assert floor.of(DEFAULT, 0.1).base == 0.1
    assert floor.of("some/model/768/own/t1", 0.3) == Floor(0.3)


def test_what_has_no_vector_yet_must_earn_it_by_its_words() -> None:
    assert not above(float("nan"), 0.1)
    assert above(float("nan"), 6.0)


@pytest.mark.django_db
@pytest.mark.encoder
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Wat doe je tegen treiteren op school?", "pesten"),
        ("Hebben leerlingen iets aan opdrachten voor thuis?", "huiswerk"),
        ("Hoe krijg ik mijn groep aan het lezen?", "lezen"),
        ("Does class size matter?", "klein"),
        ("Helpt het om leerstof uit het geheugen op te halen?", "toets"),
    ],
)
def test_a_related_question_finds_its_answer_in_other_words_and_another_language(
    shelve: Any, find: Find, question: str, expected: str
) -> None:
    for ref, (title, body) in LIBRARY.items():
        shelve(ref, title, body)
    embedding.embed_all()
    results = find(question)
    assert refs(results)[0] == expected
    assert not results.nothing_relevant


@pytest.mark.django_db
@pytest.mark.encoder
@pytest.mark.parametrize(
    "question", ["Hoe bak ik een appeltaart?", "Wie wint de Tour de France?", "Wanneer komt de vuilniswagen?"]
)
def test_an_unrelated_question_is_told_that_there_is_nothing(shelve: Any, find: Find, question: str) -> None:
    for ref, (title, body) in LIBRARY.items():
        shelve(ref, title, body)
    embedding.embed_all()
    assert find(question).nothing_relevant
