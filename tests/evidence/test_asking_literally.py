"""A number, a title, a phrase, a maker's name or one rare word puts the obvious hit first."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import TestCase

from evidence import embedding, packing
from evidence.index import Part, put
from evidence.search import LONGEST_QUERY
from tests.evidence.conftest import Find, refs

pytestmark = pytest.mark.django_db
Shelve = Callable[..., None]
ABOUT_HOMEWORK = "Huiswerk in de bovenbouw helpt leerlingen soms, en soms ook niet. "


@pytest.fixture(params=["postings", "packed"])
def library(request: pytest.FixtureRequest, shelve: Shelve) -> None:
    """Many texts about homework, and a few that only their name tells apart."""
    for number in range(30):
        shelve(f"huiswerk-{number}", f"Huiswerk, deel {number + 40}", ABOUT_HOMEWORK * (1 + number % 4))
    shelve("sectoren", "Huiswerk en motivatie van leerlingen in het vmbo", "Een overzicht van onderzoek.")
    shelve("apart", "Wat kinderen thuis doen", "Leerlingen doen soms ook in de bovenbouw veel.")
    shelve("zin", "Een zin", "Elders staat: soms helpt ook huiswerk in de bovenbouw niet.")
    shelve("zeldzaam", "Rouw", "Over verlies en hoe je als mentor nabij blijft.")
    put("thing", "nummer", [Part("Een antwoord", ABOUT_HOMEWORK, keys="R-23")], public=True, ring=False)
    put("thing", "ander", [Part("Een ander", "R 24 is een nummer. " * 3, keys="R-24")], public=True, ring=False)
    keys = "10.1234/abc.def Agarwal de Vries"
    put("thing", "artikel", [Part("Homework", "A study of homework.", keys=keys)], public=True, ring=False)
    embedding.embed_all()
    if request.param == "packed":
        packing.pack(at_least=1)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("R-23", "nummer"),
        ("KR 23", "nummer"),
        ("r23 huiswerk", "nummer"),
        ("huiswerk kr-23?", "nummer"),
        ("10.1234/ABC.DEF", "artikel"),
        ("https://doi.org/10.1234/abc.def", "artikel"),
        ("Agarwal", "artikel"),
        ("Huiswerk en motivatie van leerlingen in het vmbo", "sectoren"),
        ("huiswerk en motivatie van leerlingen in het VMBO.", "sectoren"),
        ('"soms helpt ook huiswerk"', "zin"),
        ("„soms helpt ook huiswerk” in de bovenbouw", "zin"),
        ("rouw", "zeldzaam"),
    ],
)
@pytest.mark.parametrize("mode", [pytest.param("words", marks=pytest.mark.words_only), "hybrid"])
def test_what_is_named_comes_first(library: None, find: Find, asked: str, first: str, mode: str) -> None:
    assert refs(find(asked, mode=mode))[0] == first


@pytest.mark.encoder
@pytest.mark.parametrize("asked", ["huiswerk Agarwal", "Agarwal over huiswerk"])
def test_a_makers_name_beside_the_subject_finds_the_work(library: None, find: Find, asked: str) -> None:
    assert refs(find(asked))[0] == "artikel"


def test_a_year_is_no_name_of_anything(library: None, shelve: Shelve, find: Find) -> None:
    shelve("jaar", "Jaarverslag", "In 2019 gebeurde er veel anders.")
    embedding.embed_all()
    assert refs(find("huiswerk in de bovenbouw 2019"))[0] != "jaar"


def test_a_common_word_alone_lifts_nobody_above_the_best(library: None, find: Find) -> None:
    scores = [hit.score for hit in find("huiswerk").hits]
    assert max(scores) < 3


@pytest.mark.words_only
@pytest.mark.parametrize("typed", ["huiswekr", "huisswerk", "huswerk", "huidwerk"])
def test_one_wrong_letter_still_finds_and_is_told(shelve: Shelve, find: Find, typed: str) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        shelve("a", "Huiswerk", "Over huiswerk in de klas.")
        shelve("b", "Rekenen", "Over sommen in de klas.")
    results = find(f"{typed} helpt", mode="words")
    assert refs(results)[0] == "a"
    assert results.corrected == {typed: "huiswerk"}


@pytest.mark.words_only
def test_a_visitor_is_not_corrected_to_a_word_of_internal_text(shelve: Shelve, find: Find) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        shelve("a", "Geheim", "Over Wilhelmina.", public=False)
    assert find("wilhelmnia", mode="words").corrected == {}
    assert find("wilhelmnia", mode="words", public_only=False).corrected == {"wilhelmnia": "wilhelmina"}


@pytest.mark.words_only
def test_what_is_written_apart_finds_what_is_written_as_one(shelve: Shelve, find: Find) -> None:
    shelve("een", "Leerproblemen", "Over kinderen met leerproblemen.")
    shelve("ander", "Leren", "Over leren, en problemen die niets met elkaar te maken hebben.")
    assert refs(find("leer problemen", mode="words"))[0] == "een"


HOSTILE = ['"', '"" "" ""', "„", "«a b", '"a b" "c d" ' * 300, "r-" * 2_000, "10.1/" + "x" * 5_000, "a" * LONGEST_QUERY]


@pytest.mark.parametrize("text", HOSTILE)
def test_odd_quotes_and_endless_names_are_just_text(library: None, find: Find, text: str) -> None:
    results: Any = find(text)
    assert len(results.hits) <= 10
