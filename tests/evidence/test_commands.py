from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from evidence.models import Passage, Posting, Vector, WordList
from evidence.words import WORDS_RECIPE

pytestmark = pytest.mark.django_db


def test_embed_gives_every_passage_a_vector_and_says_how_many(shelve: Any) -> None:
    shelve("a", "Titel", "Tekst")
    out = StringIO()
    call_command("embed", stdout=out)
    assert Vector.objects.exclude(embedding=None).count() == 1
    assert "1 passages done, 0 waiting, 0 given up" in out.getvalue()


def test_embed_without_a_model_says_so(settings: Any) -> None:
    settings.EMBEDDING_MODEL = "none"
    out = StringIO()
    call_command("embed", stdout=out)
    assert "no language model" in out.getvalue()


def test_words_of_an_older_recipe_are_counted_anew(shelve: Any) -> None:
    shelve("a", "Titel", "Tekst")
    Passage.objects.update(words_recipe="nl0")
    Posting.objects.filter(term="titel").update(term="oud")
    call_command("reindex_words", stdout=StringIO())
    assert set(WordList.objects.values_list("term", flat=True)) == {"titel", "tekst"}
    assert Passage.objects.get().words_recipe == WORDS_RECIPE
