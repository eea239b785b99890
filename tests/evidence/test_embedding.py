import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from evidence import embedding, encoder
from evidence.encoder import FakeModel
from evidence.index import Part, put
from evidence.models import Passage, Vector
from tests.evidence.conftest import refs

pytestmark = pytest.mark.django_db
Shelve = Callable[..., None]


def make_everything_due() -> None:
    long_ago = timezone.now() - timedelta(days=1)
    Vector.objects.filter(embedding=None).update(next_attempt_at=long_ago)


def test_every_passage_gets_a_vector_of_the_current_recipe(shelve: Shelve) -> None:
    for number in range(70):
        shelve(str(number), f"Titel {number}", "Tekst")
    assert embedding.embed_missing(limit=32) == 32
    assert embedding.embed_all() == 38
    assert embedding.embed_all() == 0
    assert Vector.objects.filter(recipe=encoder.recipe()).exclude(embedding=None).count() == 70
    state = embedding.state()
    assert (state["total"], state["waiting"], state["dead"]) == (70, 0, 0)


def test_a_poison_passage_is_given_up_visibly_and_the_others_finish(shelve: Shelve) -> None:
    for number in range(20):
        shelve(str(number), f"Titel {number}", "Tekst")
    shelve("poison", "Titel", f"Kwaad {FakeModel.POISON}")
    for _ in range(embedding.ATTEMPTS):
        embedding.embed_all()
        make_everything_due()
    assert embedding.embed_all() == 0
    dead = Vector.objects.exclude(dead_at=None).get()
    assert dead.passage.ref == "poison"
    assert dead.attempts == embedding.ATTEMPTS
    assert "cannot be encoded" in dead.last_error
    state = embedding.state()
    assert (state["waiting"], state["dead"]) == (0, 1)


def test_who_was_killed_while_encoding_left_a_counted_attempt(shelve: Shelve) -> None:
    for number in range(3):
        shelve(str(number), f"Titel {number}", "Tekst")
    embedding._take(encoder.recipe(), 32, "", fresh=True)  # … and here the power goes
    assert set(Vector.objects.values_list("attempts", flat=True)) == {1}
    assert embedding.embed_all() == 0, "the lease still runs"
    make_everything_due()
    assert embedding.embed_missing() == 1, "what failed before is taken alone"
    assert embedding.embed_all() == 2


def test_a_passage_that_kills_its_worker_every_time_is_given_up(shelve: Shelve) -> None:
    shelve("a", "Titel", "Tekst")
    recipe = encoder.recipe()
    embedding._take(recipe, 32, "", fresh=True)
    for _ in range(embedding.ATTEMPTS - 1):
        make_everything_due()
        assert len(embedding._take(recipe, 1, "", fresh=False)) == 1
    make_everything_due()
    assert embedding.embed_all() == 0
    assert embedding.state()["dead"] == 1


def test_what_was_given_up_can_be_revived(shelve: Shelve) -> None:
    shelve("a", "Titel", "Tekst")
    passage = Passage.objects.get()
    now = timezone.now()
    Vector.objects.create(passage=passage, recipe=encoder.recipe(), public=True, dead_at=now)
    assert embedding.embed_all() == 0
    assert embedding.revive() == 1
    assert embedding.embed_all() == 1


def test_a_vector_of_text_that_changed_meanwhile_is_not_written(shelve: Shelve) -> None:
    shelve("a", "Titel", "Oud")
    recipe = encoder.recipe()
    taken = embedding._take(recipe, 32, "", fresh=True)
    shelve("a", "Titel", "Nieuw")
    again = embedding._take(recipe, 32, "", fresh=True)
    vectors = encoder.encode_passages([task.text for task in taken])
    assert vectors is not None
    embedding._keep(recipe, taken, vectors)
    assert Vector.objects.get().embedding is None
    embedding._encode(recipe, again)
    assert Vector.objects.get().embedding is not None


def test_visibility_that_changed_meanwhile_is_written_with_the_vector(shelve: Shelve) -> None:
    shelve("a", "Titel", "Tekst", public=True)
    taken = embedding._take(encoder.recipe(), 32, "", fresh=True)
    shelve("a", "Titel", "Tekst", public=False)
    embedding._encode(encoder.recipe(), taken)
    assert Vector.objects.get().public is False


def test_without_a_model_nothing_is_counted_or_lost(shelve: Shelve, settings: Any) -> None:
    shelve("a", "Titel", "Tekst")
    settings.EMBEDDING_MODEL = "none"
    assert embedding.embed_all() == 0
    embedding.tidy()
    settings.EMBEDDING_MODEL = "fake"
    assert embedding.embed_all() == 1


def test_the_old_recipe_answers_until_the_new_one_is_complete(
    shelve: Shelve, find: Callable[..., Any], settings: Any
) -> None:
    for number in range(40):
        shelve(str(number), f"Onderwerp nummer{number}", "Tekst")
    embedding.embed_all()
    settings.EMBEDDING_MODEL = "fake-next"
    embedding.embed_missing(limit=8)
    embedding.tidy()
    assert set(Vector.objects.values_list("recipe", flat=True)) == {"fake/384/plain/t1", "fake-next/384/plain/t1"}
    assert refs(find("nummer39", mode="meaning"))[0] == "39"
    embedding.embed_all()
    embedding.tidy()
    assert set(Vector.objects.values_list("recipe", flat=True)) == {"fake-next/384/plain/t1"}
    assert refs(find("nummer39", mode="meaning"))[0] == "39"


def test_a_model_that_fails_on_everything_does_not_take_the_old_vectors_with_it(shelve: Shelve, settings: Any) -> None:
    shelve("a", "Titel", "Tekst")
    embedding.embed_all()
    settings.EMBEDDING_MODEL = "fake-broken"
    Vector.objects.create(
        passage=Passage.objects.get(), recipe=encoder.recipe(), public=True, attempts=5, dead_at=timezone.now()
    )
    embedding.tidy()
    assert Vector.objects.filter(recipe="fake/384/plain/t1").exists()


@pytest.mark.django_db(transaction=True)
def test_parallel_workers_share_the_work_and_never_do_it_twice() -> None:
    for number in range(120):
        put("thing", str(number), [Part(f"T{number}", "Tekst")], public=True, ring=False)
    done: list[int] = []

    def work() -> None:
        while taken := embedding.embed_missing(limit=7):
            done.append(taken)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    embedding.embed_all()
    assert Vector.objects.exclude(embedding=None).count() == 120
    assert set(Vector.objects.values_list("attempts", flat=True)) == {1}
