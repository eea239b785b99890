import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from evidence import library
from evidence.models import Collection, Passage, Source, Theme
from evidence.search import search

pytestmark = pytest.mark.django_db

ARTICLE: dict[str, Any] = {
    "type": "article-journal",
    "title": "Retrieval Practice Consistently Benefits Student Learning",
    "author": [
        {"family": "Agarwal", "given": "Pooja K."},
        {"family": "Nunes", "given": "Ludmila D."},
        {"family": "Blunt", "given": "Janell R."},
    ],
    "issued": {"date-parts": [[2021]]},
    "container-title": "Educational Psychology Review",
    "volume": "33",
    "issue": 4,
    "page": "1409-1453",
    "DOI": "https://doi.org/10.1007/S10648-021-09595-9",
}
BOOK = {"type": "book", "title": "Wijze lessen", "author": [{"family": "Surma", "given": "Tim"}]}


def test_a_source_is_kept_with_its_facts_and_found_at_once() -> None:
    theme = Theme.objects.create(slug="leren", label_nl="Leren")
    source = library.put_source(ARTICLE, sectors=["po"], strength="strong", themes=[theme], finding_nl="Ophalen werkt.")
    assert (source.key, source.year, source.doi) == ("agarwal-2021", 2021, "10.1007/s10648-021-09595-9")
    (hit,) = search("ophalen", kinds=["source"], mode="words", sector="po", theme="leren").hits
    assert (hit.ref, hit.passage) == (str(source.pk), "Ophalen werkt.")


@pytest.mark.parametrize("words", ["Agarwal", "Educational Psychology", "onderbouw", "abstractwoord"])
def test_it_is_found_by_makers_journal_population_and_abstract(words: str) -> None:
    library.put_source({**ARTICLE, "abstract": "Een abstractwoord."}, population="de onderbouw")
    assert search(words, kinds=["source"], mode="words").hits


def test_a_known_doi_is_refused_with_the_key_that_has_it() -> None:
    library.put_source(ARTICLE)
    with pytest.raises(ValidationError, match="agarwal-2021"):
        library.put_source({**ARTICLE, "title": "Other", "DOI": "doi:10.1007/s10648-021-09595-9"})


def test_keys_are_made_from_name_and_year_and_never_twice() -> None:
    keys = [library.put_source({**BOOK, "title": f"Deel {n}"}).key for n in range(3)]
    assert keys == ["surma", "surma-2", "surma-3"]
    nameless = library.put_source({"type": "report", "title": "Één rapport!"})
    assert nameless.key == "een-rapport"
    assert library.put_source({"type": "report", "title": "日本"}).key == "source"


def test_a_given_key_is_kept_and_refused_when_taken() -> None:
    assert library.put_source(BOOK, key="mijn-boek").key == "mijn-boek"
    with pytest.raises(ValidationError, match="mijn-boek"):
        library.put_source(BOOK, key="mijn-boek")


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({}, "title"),
        ({"title": "x"}, "type"),
        ({"type": "poem", "title": "x"}, "type"),
        ({"type": "book", "title": "   "}, "title"),
        ({"type": "book", "title": "x" * 1_001}, "title"),
        ({"type": "book", "title": "x\0"}, "title"),
        ({"type": "book", "title": "\ud800"}, "title"),
        ({"type": "book", "title": ["x"]}, "title"),
        ({"type": [], "title": "x"}, "type"),
        ({"type": "book", "title": "x", "isbm": "1"}, "isbm"),
        ({"type": "book", "title": "x", "author": "Jan"}, "author"),
        ({"type": "book", "title": "x", "author": [{}]}, "author"),
        ({"type": "book", "title": "x", "author": [{"family": 3.5, "age": 3}]}, "author"),
        ({"type": "book", "title": "x", "issued": 2021}, "issued"),
        ({"type": "book", "title": "x", "issued": {"date-parts": []}}, "issued"),
        ({"type": "book", "title": "x", "issued": {"date-parts": [[]]}}, "issued"),
        ({"type": "book", "title": "x", "issued": {"date-parts": [[10**9]]}}, "issued"),
        ({"type": "book", "title": "x", "issued": {"date-parts": [[2021, 99]]}}, "issued"),
        ({"type": "book", "title": "x", "issued": {"date-parts": [[True]]}}, "issued"),
        ({"type": "book", "title": "x", "DOI": "11.1/x"}, "DOI"),
        ({"type": "book", "title": "x", "DOI": {"a": 1}}, "DOI"),
        ({"type": "book", "title": "x", "URL": "javascript:alert(1)"}, "URL"),
        ({"type": "book", "title": "x", "volume": float("nan")}, "volume"),
    ],
)
def test_a_malformed_item_is_refused_by_field(item: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        library.put_source(item)
    assert field in refused.value.message_dict
    assert not Source.objects.exists()


@pytest.mark.parametrize("item", [None, [], "x", 3, [{"type": "book", "title": "x"}]])
def test_what_is_no_item_at_all_is_refused(item: object) -> None:
    with pytest.raises(ValidationError):
        library.put_source(item)


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"strength": "huge"}, "strength"), ({"sectors": ["x" * 50]}, "sectors"), ({"key": "a b"}, "key")],
)
def test_wrong_facts_are_refused_by_field(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        library.put_source(BOOK, **facts)
    assert field in refused.value.message_dict


def test_a_source_that_is_not_public_or_in_a_closed_collection_is_hidden() -> None:
    closed = Collection.objects.create(slug="closed", name="Closed", public=False)
    library.put_source(BOOK, public=False)
    library.put_source({**BOOK, "title": "Wijze lessen 2"}, collection=closed)
    assert search("lessen", kinds=["source"]).hits == []
    assert len(search("lessen", kinds=["source"], public_only=False).hits) == 2


def test_reindexing_makes_everything_findable_again() -> None:
    library.put_source(BOOK)
    Passage.objects.all().delete()
    assert library.reindex() == 1
    assert search("lessen", kinds=["source"]).hits


@pytest.mark.parametrize(("lang", "pages"), [("nl", "1409-1453"), ("en", "1409–1453")])
def test_a_reference_reads_as_apa(lang: str, pages: str) -> None:
    item = library.put_source(ARTICLE).csl
    assert library.apa(item, lang) == (
        "Agarwal, P. K., Nunes, L. D., & Blunt, J. R. (2021). Retrieval Practice Consistently"
        f" Benefits Student Learning. Educational Psychology Review, 33(4), {pages}."
        " https://doi.org/10.1007/s10648-021-09595-9"
    )


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"title": "Zonder soort"},
        {"type": "nonsense", "title": "Iets"},
        {"type": "book", "title": "Iets", "issued": {"raw": "lang geleden"}},
        {"type": "book", "title": "Iets", "author": [{"literal": "Ministerie <van> OCW & co"}]},
    ],
)
def test_an_odd_item_still_gives_a_line(item: dict[str, Any]) -> None:
    assert item.get("title", "") in library.apa(item)


@pytest.mark.parametrize(
    ("families", "line"), [([], ""), (["A"], "A"), (["A", "B"], "A & B"), (["A", "B", "C"], "A et al.")]
)
def test_makers_in_a_line(families: list[str], line: str) -> None:
    assert library.authors_line({"author": [{"family": name} for name in families]}) == line


@pytest.mark.django_db(transaction=True)
def test_two_people_who_add_one_article_at_once_get_one_source_and_one_refusal() -> None:
    outcomes: list[str] = []

    def add() -> None:
        try:
            outcomes.append(library.put_source(ARTICLE, ring=False).key)
        except ValidationError:
            outcomes.append("refused")
        connection.close()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["agarwal-2021", "refused", "refused", "refused"]
