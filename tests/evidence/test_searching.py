import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence import embedding, search
from evidence.models import Vector
from tests.evidence.conftest import refs

pytestmark = pytest.mark.django_db
Shelve = Callable[..., None]
Find = Callable[..., search.Results]
MODES = pytest.mark.parametrize("mode", ["hybrid", "words", "meaning"])


@pytest.fixture
def library(shelve: Shelve) -> None:
    shelve("huiswerk", "Helpt huiswerk?", "Huiswerk helpt vooral oudere leerlingen.", sectors=["vo"])
    shelve("pesten", "Wat werkt tegen pesten?", "Een aanpak voor de hele school.", sectors=["po"])
    shelve("intern", "Geheim huiswerk", "Nog niet openbaar huiswerk.", public=False, desk=1)
    embedding.embed_all()


@MODES
def test_the_best_text_comes_first(library: None, find: Find, mode: str) -> None:
    assert refs(find("heeft huiswerk zin", mode=mode))[0] == "huiswerk"


@MODES
def test_internal_text_is_never_found_by_the_public(library: None, find: Find, mode: str) -> None:
    assert "intern" not in refs(find("geheim huiswerk", mode=mode))
    assert refs(find("geheim huiswerk", mode=mode, public_only=False))[0] == "intern"


def test_internal_text_does_not_change_the_scores_the_public_sees(library: None, find: Find, shelve: Shelve) -> None:
    before = find("huiswerk").hits
    for number in range(20):
        shelve(f"geheim{number}", "Huiswerk huiswerk", "Huiswerk", public=False)
    embedding.embed_all()
    assert find("huiswerk").hits == before


@MODES
def test_a_vector_marked_public_by_mistake_stays_hidden(library: None, find: Find, mode: str) -> None:
    Vector.objects.update(public=True)
    assert "intern" not in refs(find("geheim huiswerk", mode=mode))


@MODES
def test_a_desk_sees_its_own_internal_text_and_not_that_of_others(library: None, find: Find, mode: str) -> None:
    assert "intern" in refs(find("huiswerk", mode=mode, public_only=False, desk=1))
    assert "intern" not in refs(find("huiswerk", mode=mode, public_only=False, desk=2))
    assert "huiswerk" in refs(find("huiswerk", mode=mode, public_only=False, desk=2))


@MODES
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"sector": "po"}, "a"),
        ({"theme": "taal"}, "a"),
        ({"strength": "strong"}, "a"),
        ({"language": "en"}, "a"),
        ({"year_from": 2015}, "a"),
        ({"collection": "eigen"}, "a"),
        ({"sector": "vo", "year_from": 1990}, "b"),
        ({"kinds": ["other"]}, "c"),
    ],
)
def test_filters_hold_in_every_leg(
    shelve: Shelve, find: Find, mode: str, filters: dict[str, Any], expected: str
) -> None:
    columns = {"sectors": ["po", "so"], "themes": ["taal"], "strength": "strong"}
    shelve("a", "Lezen", language="en", year=2020, collection="eigen", **columns)
    shelve("b", "Lezen", sectors=["vo"], year=2001)
    shelve("c", "Lezen", kind="other")
    embedding.embed_all()
    assert refs(find("lezen", mode=mode, **filters)) == [expected]


def test_words_are_found_before_the_vector_is_there(shelve: Shelve, find: Find) -> None:
    shelve("a", "Huiswerk", "Over huiswerk")
    embedding.embed_all()
    shelve("b", "Zittenblijven", "Over zittenblijven")
    results = find("zittenblijven")
    assert refs(results)[0] == "b"
    assert results.hits[0].cosine is None
    assert not results.degraded


def test_without_a_model_the_words_answer_and_it_is_said(library: None, find: Find, settings: Any) -> None:
    settings.EMBEDDING_MODEL = "none"
    results = find("huiswerk")
    assert refs(results) == ["huiswerk"]
    assert results.degraded
    assert not find("huiswerk", mode="words").degraded


def test_a_model_that_cannot_be_loaded_degrades_and_does_not_fail(
    library: None, find: Find, settings: Any, tmp_path: Any
) -> None:
    settings.EMBEDDING_MODEL = str(tmp_path)
    results = find("huiswerk")
    assert refs(results)[0] == "huiswerk"


@MODES
@pytest.mark.parametrize(
    "text", ["", "   ", "\0", "?!", "de het een", "\ud800", "a" * 50_000, "woord " * 20_000, "%_\\'\""]
)
def test_odd_input_gives_an_answer_and_never_an_error(library: None, find: Find, mode: str, text: str) -> None:
    assert isinstance(find(text, mode=mode), search.Results)


@pytest.mark.parametrize("text", ["", "   ", "\0"])
def test_blank_input_finds_nothing(library: None, find: Find, text: str) -> None:
    assert find(text).hits == []


def test_no_kinds_find_nothing(library: None, find: Find) -> None:
    assert find("huiswerk", kinds=[]).hits == []


@MODES
def test_an_empty_library_has_nothing_relevant(find: Find, mode: str) -> None:
    results = find("huiswerk", mode=mode)
    assert results.hits == []
    assert results.nothing_relevant


@MODES
def test_equal_texts_come_in_the_order_they_were_put(shelve: Shelve, find: Find, mode: str) -> None:
    for ref in ["c", "a", "b"]:
        shelve(ref, "Lezen", "Lezen is leuk.")
    embedding.embed_all()
    assert refs(find("lezen", mode=mode)) == ["c", "a", "b"]


def test_an_owner_is_found_once_by_its_best_passage(shelve: Shelve, find: Find) -> None:
    shelve("a", "Leren", "Iets over rekenen.", "Iets over zittenblijven.")
    embedding.embed_all()
    (hit,) = find("zittenblijven").hits
    assert (hit.ref, hit.part, hit.passage) == ("a", 1, "Iets over zittenblijven.")


def test_the_limit_is_kept(shelve: Shelve, find: Find) -> None:
    for number in range(30):
        shelve(str(number), "Lezen", f"Lezen {number}")
    embedding.embed_all()
    assert len(find("lezen", limit=7).hits) == 7
    assert len(find("lezen", limit=0).hits) == 1
    assert len(find("lezen", limit=30).hits) == 30


def test_every_leg_tells_its_time(library: None, find: Find) -> None:
    assert set(find("huiswerk").timings) == {"vector", "words", "meaning", "fuse"}


def test_a_search_takes_few_queries(library: None, find: Find) -> None:
    with CaptureQueriesContext(connection) as queries:
        find("huiswerk")
    assert len(queries) <= 5


@pytest.mark.django_db(transaction=True)
def test_searching_in_threads_gives_everybody_the_same(library: None, find: Find) -> None:
    found: list[list[str]] = []

    def look() -> None:
        for _ in range(10):
            found.append(refs(find("heeft huiswerk zin")))
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 40
    assert all(one == found[0] for one in found)
