from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from evidence import embedding, encoder, recipes, vector_index
from evidence.models import Passage, ReadRecipe, Vector
from tests.evidence.conftest import refs

pytestmark = pytest.mark.django_db
Shelve = Callable[..., None]
Find = Callable[..., Any]
OLD, NEW = "fake/384/plain/t1", "fake-next/384/plain/t1"


class Stopped(encoder.FakeModel):
    """A model in whose third call somebody presses Ctrl-C."""

    calls = 0

    def passages(self, texts: Any) -> encoder.Vectors:
        self.calls += 1
        if self.calls == 3:
            raise KeyboardInterrupt
        return super().passages(texts)


@pytest.fixture(autouse=True)
def look_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "KEEP_UP", 0.0)
    monkeypatch.setattr(embedding, "_quiet_until", 0.0)


@pytest.fixture
def filled(shelve: Shelve, settings: Any) -> int:
    """400 things with vectors of the old recipe; the new model is asked for from now on."""
    for number in range(400):
        shelve(str(number), f"Onderwerp nummer{number}", "Tekst")
    embedding.embed_all()
    settings.EMBEDDING_MODEL = "fake-next"
    return 400


def present() -> set[str]:
    return set(Vector.objects.values_list("recipe", flat=True))


def reembed() -> str:
    said = StringIO()
    call_command("reembed", stdout=said)
    return said.getvalue()


def test_the_first_recipe_is_read_at_once_complete_or_not(shelve: Shelve, find: Find) -> None:
    assert recipes.current_reading()[:3] == ("", False, False)
    for number in range(10):
        shelve(str(number), f"Onderwerp nummer{number}", "Tekst")
    embedding.embed_missing(limit=4)
    assert recipes.current_reading()[:3] == (OLD, False, False)
    assert refs(find("nummer2", mode="meaning"))[0] == "2"


def test_what_is_read_is_one_look_up_for_a_search(filled: int, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert embedding.reading() == OLD


def test_reembed_tells_what_answers_and_ends_with_the_switch(filled: int, find: Find) -> None:
    said = reembed()
    assert f"Until {NEW} is complete, {OLD} answers" in said
    assert "0 of 400 passages (0 %)" in said
    assert "400 of 400 passages (100 %)" in said
    assert "a second" in said
    assert f"{NEW} answers now" in said
    assert embedding.reading() == NEW
    assert present() == {NEW}
    assert refs(find("nummer39", mode="meaning"))[0] == "39"


def test_reembed_with_nothing_to_do_says_so(filled: int) -> None:
    reembed()
    assert reembed().startswith(f"Nothing to do: 400 passages have their vector of {NEW}")


def test_reembed_without_a_model_says_so(settings: Any) -> None:
    settings.EMBEDDING_MODEL = "none"
    assert "There is no language model" in reembed()


def test_reembed_of_a_model_that_does_not_load_is_an_error(settings: Any, tmp_path: Any) -> None:
    settings.EMBEDDING_MODEL = str(tmp_path)
    with pytest.raises(CommandError, match="cannot be loaded"):
        reembed()


def test_reembed_can_be_stopped_and_goes_on_where_it_was(filled: int, settings: Any, find: Find) -> None:
    settings.EMBEDDING_MODEL = "fake-stopped"
    encoder._shelf.models["fake-stopped"] = Stopped()
    try:
        with pytest.raises(CommandError, match="goes on from here"):
            reembed()
        new = encoder.recipe()
        made = 2 * embedding.BATCH
        assert Vector.objects.filter(recipe=new).exclude(embedding=None).count() == made
        assert not Vector.objects.filter(recipe=new, embedding=None).exists(), "nothing waits for a lease"
        assert embedding.reading() == OLD
        assert refs(find("nummer39", mode="meaning"))[0] == "39"
        said = reembed()
        assert f"{made} of 400 passages" in said
        assert f"{new} answers now" in said
        assert set(Vector.objects.values_list("attempts", flat=True)) == {1}
    finally:
        del encoder._shelf.models["fake-stopped"]


def test_what_is_put_meanwhile_gets_a_vector_of_both_first_of_the_one_that_answers(
    filled: int, shelve: Shelve, find: Find
) -> None:
    embedding.embed_missing(limit=8)
    shelve("39", "Iets heel anders", "verhuisbericht")
    shelve("new", "Nog iets nieuws", "fietsenstalling")
    assert embedding.embed_missing(limit=8) == 2, "the new text comes before the long work"
    changed = Passage.objects.filter(ref__in=["39", "new"])
    assert Vector.objects.filter(recipe=OLD, passage__in=changed).exclude(embedding=None).count() == 2
    assert refs(find("verhuisbericht", mode="meaning"))[0] == "39"
    assert refs(find("fietsenstalling", mode="meaning"))[0] == "new"
    embedding.embed_all()
    embedding.tidy()
    assert present() == {NEW}
    assert refs(find("fietsenstalling", mode="meaning"))[0] == "new"


def test_what_the_old_recipe_never_had_is_not_made_up_for(shelve: Shelve, settings: Any) -> None:
    for number in range(20):
        shelve(str(number), f"Titel {number}", "Tekst")
    embedding.embed_missing(limit=5)
    settings.EMBEDDING_MODEL = "fake-next"
    embedding.embed_all()
    assert Vector.objects.filter(recipe=OLD).count() == 5
    assert Vector.objects.filter(recipe=NEW).count() == 20


def test_a_process_with_the_old_setting_leaves_the_new_vectors_alone(filled: int, settings: Any) -> None:
    embedding.embed_missing(limit=8)
    settings.EMBEDDING_MODEL = "fake"
    assert not embedding.is_untidy()
    embedding.tidy()
    assert present() == {OLD, NEW}
    assert embedding.reading() == OLD


def test_the_vectors_of_a_change_that_was_called_off_go_after_a_day(filled: int, settings: Any) -> None:
    embedding.embed_missing(limit=8)
    settings.EMBEDDING_MODEL = "fake"
    ReadRecipe.objects.update(next_seen=timezone.now() - timedelta(days=2))
    assert embedding.is_untidy()
    embedding.tidy()
    assert present() == {OLD}
    assert not embedding.is_untidy()


def test_reembed_says_when_the_new_model_fails_on_too_much(filled: int, shelve: Shelve) -> None:
    for number in range(400):
        shelve(str(number), f"Onderwerp {encoder.FakeModel.POISON} nummer{number}", "Tekst")
    Vector.objects.filter(recipe=OLD).delete()
    recipes.begin(NEW)
    Vector.objects.bulk_create(
        Vector(passage=passage, recipe=NEW, public=True, attempts=5, dead_at=timezone.now())
        for passage in Passage.objects.all()
    )
    Vector.objects.bulk_create(
        Vector(passage=passage, recipe=OLD, public=True, embedding=[1.0] * 384) for passage in Passage.objects.all()
    )
    with pytest.raises(CommandError, match=f"{OLD} goes on answering"):
        reembed()
    assert embedding.reading() == OLD


def test_a_search_goes_on_when_the_old_model_is_gone(filled: int, find: Find, settings: Any, tmp_path: Any) -> None:
    gone = f"{tmp_path}/gone/384/own/t1"
    ReadRecipe.objects.update(recipe=gone)
    Vector.objects.filter(recipe=OLD).update(recipe=gone)
    found = find("nummer39")
    assert refs(found)[0] == "39", "words find it"
    embedding.embed_missing(limit=60)
    assert refs(find("nummer39", mode="meaning"))[0] == "39", "what the new one has answers"
    assert f"{gone} cannot be loaded any more" in reembed()
    assert embedding.reading() == NEW


@pytest.mark.django_db(transaction=True)
def test_the_switch_waits_for_the_index_of_the_new_recipe(
    shelve: Shelve, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "GRACE", 0.0)
    settings.VECTOR_INDEX_THRESHOLD = 30
    for number in range(40):
        shelve(str(number), f"Titel {number}", "Tekst", public=number % 2 == 0)
    embedding.embed_all()
    try:
        embedding.tidy()
        assert recipes.current_reading()[:3] == (OLD, True, True)
        settings.EMBEDDING_MODEL = "fake-next"
        embedding.embed_all()
        assert recipes.current_reading()[:3] == (OLD, True, True)
        embedding.tidy()
        assert recipes.current_reading()[:3] == (NEW, True, True)
        assert present() == {NEW}
        assert vector_index._present() == set(vector_index.names(NEW).values())
    finally:
        vector_index.forget_others("")
    assert recipes.current_reading()[:3] == (NEW, False, False)


def test_work_below_the_last_look_is_found_on_the_next_round(shelve: Shelve) -> None:
    for number in range(10):
        shelve(str(number), f"Titel {number}", "Tekst")
    embedding.embed_all()
    shelve("3", "Anders", "Tekst")
    assert embedding.embed_missing() == 1
    assert Vector.objects.exclude(embedding=None).count() == 10
