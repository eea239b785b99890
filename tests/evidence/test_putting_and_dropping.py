import threading
from collections.abc import Callable

import numpy as np
import pytest
from django.db import connection, transaction

from evidence import embedding, ranking, words
from evidence.index import Part, drop, put
from evidence.models import Passage, Posting, Vector

pytestmark = pytest.mark.django_db
Shelve = Callable[..., None]


def vectors() -> set[int]:
    return set(Vector.objects.exclude(embedding=None).values_list("id", flat=True))


def test_words_can_be_looked_up_as_soon_as_they_are_put(shelve: Shelve) -> None:
    shelve("a", "Toetsen", "Een toets en nog een toets.")
    posting = Posting.objects.get(term="toets")
    assert posting.impact == ranking.impacts(np.array([3]), 3)[0]


def test_putting_the_same_text_again_keeps_passage_and_vector(shelve: Shelve) -> None:
    shelve("a", "Titel", "Tekst")
    embedding.embed_all()
    before, passage = vectors(), Passage.objects.get().pk
    shelve("a", "Titel", "Tekst", sectors=["po"], year=2020)
    assert vectors() == before
    assert Passage.objects.get().pk == passage
    assert Passage.objects.get().sectors == ["po"]


@pytest.mark.parametrize(("title", "body"), [("Kop", "Tekst"), ("Titel", "Verhaal")])
def test_changed_text_loses_its_vector_and_its_old_words(shelve: Shelve, title: str, body: str) -> None:
    shelve("a", "Titel", "Tekst")
    embedding.embed_all()
    shelve("a", title, body)
    assert not Vector.objects.exists()
    found = set(Posting.objects.values_list("term", flat=True))
    assert found == {*words.terms(title), *words.terms(body)}


def test_hiding_a_text_hides_its_vector_too(shelve: Shelve) -> None:
    shelve("a", "Titel", "Tekst", public=True)
    embedding.embed_all()
    shelve("a", "Titel", "Tekst", public=False)
    assert list(Vector.objects.values_list("public", flat=True)) == [False]
    assert len(vectors()) == 1


def test_only_the_part_that_changed_is_encoded_again(shelve: Shelve) -> None:
    shelve("a", "Titel", "Een", "Twee", "Drie")
    embedding.embed_all()
    shelve("a", "Titel", "Een", "Anders", "Drie")
    assert embedding.embed_all() == 1


def test_parts_that_are_gone_cannot_be_found_any_more(shelve: Shelve) -> None:
    shelve("a", "Titel", "Een", "Twee", "Drie")
    shelve("a", "Titel", "Een")
    assert Passage.objects.count() == 1
    assert not Posting.objects.filter(term__in=["twee", "drie"]).exists()


def test_dropping_leaves_nothing_of_it_and_everything_of_others(shelve: Shelve) -> None:
    shelve("a", "Titel", "Een", "Twee")
    shelve("b", "Titel", "Drie")
    embedding.embed_all()
    drop("thing", "a")
    assert set(Passage.objects.values_list("ref", flat=True)) == {"b"}
    assert Vector.objects.count() == 1
    drop("thing", "never-there")


def test_a_long_text_becomes_several_passages_with_its_title(shelve: Shelve) -> None:
    shelve("a", "Titel", "Dit is een zin over leren. " * 200)
    assert Passage.objects.count() > 1
    assert set(Passage.objects.values_list("title", flat=True)) == {"Titel"}


def test_a_title_alone_can_be_found(shelve: Shelve) -> None:
    shelve("a", "Titel")
    assert Posting.objects.filter(term="titel").exists()


def test_nothing_to_put_removes_what_was_there(shelve: Shelve) -> None:
    shelve("a", "Titel", "Tekst")
    put("thing", "a", [], public=True)
    assert not Passage.objects.exists()


@pytest.mark.parametrize("odd", ["a\0b", "a\ud800b", "\0"])
def test_characters_that_cannot_be_kept_are_left_out(shelve: Shelve, odd: str) -> None:
    shelve("a", odd, odd)
    assert not any("\0" in passage.title + passage.body for passage in Passage.objects.all())


def test_a_rolled_back_change_changes_nothing(shelve: Shelve) -> None:
    shelve("a", "Titel", "Tekst")
    with transaction.atomic():
        put("thing", "a", [Part("Anders", "Anders")], public=True)
        transaction.set_rollback(True)
    assert Passage.objects.get().title == "Titel"


@pytest.mark.django_db(transaction=True)
def test_writers_of_one_text_take_turns() -> None:
    def write(number: int) -> None:
        bodies = [f"Tekst {number} deel {part}" for part in range(1 + number % 3)]
        put("thing", "a", [Part("Titel", body) for body in bodies], public=True, ring=False)
        connection.close()

    threads = [threading.Thread(target=write, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bodies = list(Passage.objects.order_by("part").values_list("body", flat=True))
    number = int(bodies[0].split()[1])
    assert bodies == [f"Tekst {number} deel {part}" for part in range(1 + number % 3)]
