"""Words a text is found by that nobody reads: numbers, DOIs, names."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from evidence import library
from evidence.index import Part, put
from evidence.models import Passage, Posting, WordList

pytestmark = pytest.mark.django_db


def terms_of(**passage: Any) -> set[str]:
    return set(
        Posting.objects.filter(**{f"passage__{name}": value for name, value in passage.items()}).values_list(
            "term", flat=True
        )
    )


def test_keys_are_found_with_the_first_passage_of_their_part_and_not_shown() -> None:
    long = "\n\n".join(["Een alinea met woorden. " * 40] * 3)
    put("thing", "a", [Part("Titel", long, keys="R-23")], public=True, ring=False)
    passages = list(Passage.objects.order_by("part"))
    assert len(passages) > 1
    assert list(Posting.objects.filter(term="r23").values_list("passage__part", flat=True)) == [0]
    assert not any("23" in row.title + row.body for row in passages)


def test_other_keys_are_counted_anew_and_keep_the_text_as_it_is() -> None:
    put("thing", "a", [Part("Titel", "Tekst", keys="R-23")], public=True, ring=False)
    before = Passage.objects.get().text_hash
    put("thing", "a", [Part("Titel", "Tekst", keys="R-24")], public=True, ring=False)
    assert terms_of(ref="a") == {"titel", "tekst", "r24"}
    assert Passage.objects.get().text_hash == before


def test_keys_outlast_a_new_analysis() -> None:
    put("thing", "a", [Part("Titel", "Tekst", keys="R-23")], public=True, ring=False)
    Passage.objects.update(words_recipe="nl0")
    call_command("reindex_words", stdout=StringIO())
    assert set(WordList.objects.values_list("term", flat=True)) == {"titel", "tekst", "r23"}


def test_a_source_is_found_by_its_doi_and_by_who_made_it() -> None:
    csl = {
        "type": "article-journal",
        "title": "Retrieval practice",
        "DOI": "10.1007/S10648-021-09595-9",
        "author": [{"family": "Agarwal", "given": "Pooja K."}, {"family": "de Vries", "given": "Jan"}],
        "issued": {"date-parts": [[2021]]},
    }
    source = library.put_source(csl, ring=False)
    assert {"10.1007/s10648-021-09595-9", "agarwal", "vries", "2021"} <= terms_of(ref=str(source.pk))
    assert "Agarwal" not in Passage.objects.get().body
