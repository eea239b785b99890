import random
import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence import legs, packing, tasks, words
from evidence.index import Part, drop, put
from evidence.models import Passage, Posting, Shelf, Word, WordList
from evidence.search import search
from tests.threads import at_once

pytestmark = pytest.mark.django_db
Shelve = Callable[..., None]
SUBJECTS = ("lezen", "rekenen", "toets", "leraar", "motivatie", "spelling", "huiswerk", "klas", "taal", "spel")


@pytest.fixture
def library(shelve: Shelve) -> None:
    """Forty texts of a few words each, every third internal."""
    dice = random.Random(4)
    for number in range(40):
        body = " ".join(dice.choices(SUBJECTS, k=dice.randint(3, 12)))
        shelve(str(number), f"Titel {number}", body, public=number % 3 > 0, sectors=["po" if number % 2 else "vo"])


def found(text: str = "lezen met motivatie", **filters: object) -> list[tuple[str, float]]:
    hits = search(text, **{"kinds": ["thing"], "mode": "words", "limit": 40, **filters}).hits  # type: ignore[arg-type]
    return [(hit.ref, round(hit.words_score, 4)) for hit in hits]


@pytest.mark.parametrize("filters", [{}, {"public_only": False}])
def test_packing_changes_nothing_in_what_is_found(library: None, filters: dict[str, object]) -> None:
    before = found(**filters)
    assert before
    assert packing.pack(at_least=1) == 40
    assert not Posting.objects.exists()
    assert [ref for ref, _ in found(**filters)] == [ref for ref, _ in before]


@pytest.mark.parametrize("filters", [{"sector": "po"}, {"sector": "vo", "public_only": False}])
def test_filters_hold_in_packed_lists(library: None, filters: dict[str, object]) -> None:
    before = {ref for ref, _ in found(**filters)}
    packing.pack(at_least=1)
    assert {ref for ref, _ in found(**filters)} == before


def test_rebuilding_changes_nothing_in_what_is_found(library: None, shelve: Shelve) -> None:
    packing.pack(at_least=1)
    shelve("later", "Later", "lezen motivatie lezen")
    before = found()
    assert packing.rebuild() == 41
    assert found() == before
    assert set(WordList.objects.values_list("generation", flat=True)) == {2}


def test_what_is_put_after_packing_is_found_at_once_and_packed_the_next_time(library: None, shelve: Shelve) -> None:
    packing.pack(at_least=1)
    shelve("later", "Later", "huiswerk " * 9)
    assert found("huiswerk")[0][0] == "later"
    assert packing.pack(at_least=1) == 1
    assert found("huiswerk")[0][0] == "later"
    assert sum(Shelf.objects.values_list("count", flat=True)) == 41


def test_a_changed_text_is_not_found_by_its_packed_words(library: None, shelve: Shelve) -> None:
    shelve("a", "Kop", "zeldzaamheid")
    packing.pack(at_least=1)
    shelve("a", "Kop", "gewoonte")
    assert found("zeldzaamheid") == []
    assert [ref for ref, _ in found("gewoonte")] == ["a"]


def test_a_dropped_text_is_not_found_by_its_packed_words(library: None, shelve: Shelve) -> None:
    shelve("a", "Kop", "zeldzaamheid")
    packing.pack(at_least=1)
    drop("thing", "a")
    assert found("zeldzaamheid") == []


def test_a_packed_text_that_becomes_internal_is_hidden_and_comes_back(library: None, shelve: Shelve) -> None:
    for public in (True, False, True):
        shelve("a", "Kop", "zeldzaamheid", public=public)
        packing.pack(at_least=1)
        assert [ref for ref, _ in found("zeldzaamheid")] == (["a"] if public else [])
        assert [ref for ref, _ in found("zeldzaamheid", public_only=False)] == ["a"]


def test_a_few_new_texts_are_not_worth_packing(library: None) -> None:
    assert packing.pack() == 0
    assert not packing.is_wanted()


def test_lists_are_cut_at_the_heaviest(shelve: Shelve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "LISTED", 5)
    for number in range(12):
        shelve(str(number), "Kop", "lezen " * (number + 1) + "anders " * 12)
    packing.pack(at_least=1)
    (term,) = words.terms("lezen")
    one = WordList.objects.get(term=term)
    refs = [Passage.objects.get(pk=pk).ref for pk in np.frombuffer(one.ids, "<u4").tolist()]
    assert (one.count, set(refs)) == (12, {"11", "10", "9", "8", "7"})
    assert list(one.impacts) == sorted(one.impacts, reverse=True)


def test_lists_that_name_many_who_are_gone_are_made_anew(library: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "PACK_AT", 10)
    packing.pack(at_least=10)
    assert not packing.is_wanted()
    for number in range(20):
        drop("thing", str(number))
    assert packing.is_wanted()
    packing.renew()
    assert not packing.is_wanted()
    named = {pk for ids in WordList.objects.values_list("ids", flat=True) for pk in np.frombuffer(ids, "<u4").tolist()}
    assert named == set(Passage.objects.values_list("pk", flat=True))


def test_forgetting_a_kind_leaves_the_lists_of_others(library: None, shelve: Shelve) -> None:
    shelve("x", "Kop", "lezen", kind="other")
    packing.pack(at_least=1)
    packing.forget("other")
    assert set(WordList.objects.values_list("kind", flat=True)) == {"thing"}


def test_words_are_analysed_anew_for_what_was_packed(library: None) -> None:
    packing.pack(at_least=1)
    before = found()
    WordList.objects.all().delete()
    assert found() == []
    call_command("reindex_words", verbosity=0)
    assert found() == before


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_quick_sum_finds_what_the_slow_sum_finds(data: st.DataObject) -> None:
    seed = data.draw(st.integers(0, 10_000))
    dice = np.random.default_rng(seed)
    long = data.draw(st.sampled_from([1, 30, 80, 1_000, 20_000]))
    lists = [np.sort(dice.choice(15 * long, long, replace=False)).astype(np.uint32) for _ in range(4)]
    added = [dice.random(long).astype(np.float32) * weight for weight in (1, 3, 5, 9)]
    hits = legs.WordHits(np.concatenate(lists), np.concatenate(added))
    ids, places = np.unique(hits.passages, return_inverse=True)
    sums = np.bincount(places, hits.added)
    best = ids[np.lexsort((ids, -sums))[:60]]
    assert hits.top(60).tolist() == best.tolist()
    assert np.allclose(hits.of(best.astype(np.int64)), np.sort(sums)[::-1][:60])
    assert hits.of(np.array([400_000])).tolist() == [0.0]


@pytest.fixture
def cleaned() -> Iterator[None]:
    yield
    Posting.objects.all().delete()
    Passage.objects.all().delete()
    WordList.objects.all().delete()
    Shelf.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_two_who_pack_at_once_do_it_once(library: None, cleaned: None) -> None:
    before = found()
    at_once([lambda: packing.pack(at_least=1)] * 2)
    assert sum(Shelf.objects.values_list("count", flat=True)) == 40
    assert [ref for ref, _ in found()] == [ref for ref, _ in before]


@pytest.mark.django_db(transaction=True)
def test_packing_leaves_alone_what_is_being_changed(library: None, cleaned: None) -> None:
    changed, packed = threading.Event(), threading.Event()

    def pack() -> int:
        assert changed.wait(30)
        done = packing.pack(at_least=1)
        packed.set()
        return done

    def change() -> None:
        with transaction.atomic():
            put("thing", "1", [Part("Anders", "gewoonte")], public=True, ring=False)
            changed.set()
            assert packed.wait(30)

    assert at_once([pack, change]) == [39, None]
    assert [ref for ref, _ in found("gewoonte")] == ["1"]
    assert Passage.objects.filter(packed=False).count() == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM evidence_posting t JOIN evidence_passage p ON p.id = t.passage_id AND p.packed"
        )
        assert cursor.fetchone() == (0,)


def test_words_of_what_was_withdrawn_are_forgotten_by_the_night(library: None, shelve: Shelve) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        shelve("a", "Kop", "wilhelminapark")
    packing.pack(at_least=1)
    drop("thing", "a")
    tasks.forget()
    assert not WordList.objects.filter(term=words.terms("wilhelminapark")[0]).exists()
    assert not Word.objects.filter(word="wilhelminapark").exists()


@pytest.mark.django_db(transaction=True)
def test_withdrawing_and_packing_at_once_wait_for_nobody(library: None, cleaned: None) -> None:
    calls = [lambda: packing.pack(at_least=1)] + [lambda n=n: drop("thing", str(n)) for n in range(5)]
    results = at_once(calls)
    assert not [one for one in results if isinstance(one, Exception)]
    assert not Passage.objects.filter(ref__in=[str(n) for n in range(5)]).exists()
