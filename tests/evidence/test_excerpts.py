from itertools import pairwise

import pytest

from evidence import excerpt, words
from evidence.excerpt import LONGEST, best, found_words, marks


def marked(text: str, query: str) -> list[str]:
    """The marked stretches of `text` for a query."""
    weights = dict.fromkeys(words.query_terms(query), 1.0)
    found = best(text, weights)
    return [found.text[start:end] for start, end in found.marks]


BODY = (
    "Dit is een inleiding zonder veel nieuws. Huiswerk helpt vooral oudere leerlingen. "
    "Voor jonge kinderen is het effect klein. " + "Daarna volgt nog veel meer tekst over iets anders. " * 8
)


def test_the_excerpt_begins_with_the_sentence_that_answers_best() -> None:
    assert best(BODY, {"huiswerk": 2.0, "leerl": 1.0}).text.startswith("Huiswerk helpt")


def test_the_excerpt_is_never_too_long() -> None:
    assert len(best(BODY, {"huiswerk": 2.0}).text) <= LONGEST
    assert len(best("woord " * 400, {}).text) <= LONGEST
    assert len(best("w" * 4_000, {}).text) <= LONGEST


def test_without_a_matching_word_it_is_the_beginning() -> None:
    assert best(BODY, {}).text.startswith("Dit is een inleiding")


def test_a_long_sentence_is_shown_around_the_word() -> None:
    text = "en " * 200 + "huiswerk " + "en " * 200
    found = best(text, {"huiswerk": 1.0})
    assert [found.text[start:end] for start, end in found.marks] == ["huiswerk"]
    assert found.text.startswith("… ")
    assert found.text.endswith(" …")


def test_nothing_gives_nothing() -> None:
    assert best("", {"a": 1.0}) == ("", ())
    assert best(" \n\n ", {}) == ("", ())


def test_a_paragraph_is_the_border_of_what_is_shown() -> None:
    assert best("Eerst dit.\n\nHuiswerk helpt. Ook dit\nnog.\n\nDaarna dat.", {"huiswerk": 1.0}).text == (
        "Huiswerk helpt. Ook dit nog."
    )


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("leerling", "Dit helpt basisschoolleerlingen vooruit.", ["basisschoolleerlingen"]),
        ("kinderen", "Elk kind leert anders.", ["kind"]),
        ("effecten", "Is dat effectief?", ["effectief"]),
        ("huiswerk", "“Huiswerk”, zei ze, (huiswerk) en HUISWERK!", ["Huiswerk", "huiswerk", "HUISWERK"]),
        ("prive", "Dat is privé.", ["privé"]),
        ("prive", "Dat is prive\u0301.", ["prive\u0301"]),
        ("docent", "De leraar/docent beslist.", ["docent"]),
        ("school", "Het schoolplein en de school.", ["schoolplein", "school"]),
        ("lezen", "\N{GRINNING FACE}\N{GRINNING FACE} Lezen doet goed.", ["Lezen"]),
        ("schoolleider", "De school-leider gaat voor.", ["school-leider"]),
        ("zonnepanelen", "Hier staat niets daarvan.", []),
        ("de het een", "De het een.", []),
        ("", "Een tekst.", []),
    ],
)
def test_words_that_match_are_marked(query: str, text: str, expected: list[str]) -> None:
    assert marked(text, query) == expected


def test_marks_never_overlap_and_stand_in_order() -> None:
    text = "school school, schoolleider (school) school-leider schoolleiders " * 3
    spans = marks(text, words.query_terms("school leider"))
    assert len(spans) == 18
    assert all(first[1] <= second[0] for first, second in pairwise(spans))


def test_the_words_found_are_named_once_and_in_order() -> None:
    assert found_words("Kinderen en een Kind. kinderen", ["kind"]) == ["kinderen", "kind"]


def test_words_that_cannot_hold_a_term_are_not_analysed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Analysing a word that was never seen costs more than the rest of an excerpt."""
    analysed: list[str] = []
    terms = words.terms
    monkeypatch.setattr(excerpt.words, "terms", lambda text: analysed.append(text) or terms(text))
    text = "Onderzoekers vonden merkwaardigerwijs bijzonderheden zqxhuiswerkzqx onvoorstelbaar. " * 3
    best(text, {"huiswerk": 1.0})
    assert analysed == ["zqxhuiswerkzqx"]
