from collections.abc import Callable
from typing import Any

import pytest

from evidence import embedding, floor
from evidence.ranking import Candidate, Ranked
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


def ranked(cosine: float | None, words: float = 0.0, others: int = 0) -> list[Ranked]:
    some = [Ranked(Candidate(0, ("thing", "0"), cosine, words), 1.0)]
    return some + [Ranked(Candidate(n, ("thing", str(n)), 0.7, 0.0), 0.7) for n in range(others)]


def test_no_hits_are_nothing_relevant() -> None:
    assert floor.nothing_relevant([], 10.0, DEFAULT, 0)


@pytest.mark.parametrize(
    ("cosine", "words", "searched", "nothing"),
    [
        (0.90, 0.0, 100_000, False),
        (0.75, 0.0, 1, True),
        (0.82, 0.0, 5, False),
        (0.82, 0.0, 5_000, True),
        (0.82, 6.0, 5_000, False),
    ],
)
def test_cosine_words_and_the_size_of_the_corpus_count_together(
    cosine: float, words: float, searched: int, nothing: bool
) -> None:
    found = floor.nothing_relevant(ranked(cosine, words, others=30), 10.0, DEFAULT, searched)
    assert found is nothing


def test_a_model_nobody_measured_has_no_floor() -> None:
    assert not floor.nothing_relevant(ranked(0.1), 10.0, "some/model/768/own/t1", 1_000)


def test_what_has_no_vector_yet_must_earn_it_by_its_words() -> None:
    assert floor.nothing_relevant(ranked(None, 0.1), 10.0, DEFAULT, 10)
    assert not floor.nothing_relevant(ranked(None, 6.0), 10.0, DEFAULT, 10)


def test_only_hits_above_the_floor_are_counted() -> None:
    assert len(floor.relevant(ranked(0.9, others=30), 10.0, DEFAULT, 31)) == 1


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
