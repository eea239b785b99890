from typing import Any

import pytest

from evidence import facets, search
from evidence.facets import Filters, Labels
from tests.evidence.conftest import refs

pytestmark = pytest.mark.django_db

THINGS: list[dict[str, Any]] = [
    {"sectors": ["po", "vo"], "themes": ["taal"], "year": 2010, "strength": "strong", "collection": "own"},
    {"sectors": ["vo"], "themes": ["taal", "ouders"], "year": 2015, "language": "en"},
    {"sectors": [], "themes": [], "year": None, "strength": "limited"},
    {"sectors": ["mbo"], "year": 2020, "language": "en", "collection": "own"},
]


@pytest.fixture
def things(shelve: Any) -> None:
    for number, columns in enumerate(THINGS):
        shelve(f"t{number}", "Lezen", f"Lezen deel{number}", **columns)


def labels() -> dict[tuple[str, str], Labels]:
    return facets.labels(search.search("lezen", kinds=["thing"]).hits)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(sector="vo"),
        Filters(theme="taal"),
        Filters(sector="vo", theme="ouders"),
        Filters(strength="limited"),
        Filters(language="en"),
        Filters(language="nl", collection="own"),
        Filters(year_from=2015),
        Filters(year_to=2015),
        Filters(year_from=2011, year_to=2019),
        Filters(year_from=2030),
    ],
)
def test_a_filter_leaves_the_same_in_python_as_in_the_database(things: None, filters: Filters) -> None:
    found = search.search("lezen", kinds=["thing"], **filters.for_search())
    assert sorted(refs(found)) == sorted(ref for (_kind, ref), one in labels().items() if filters.fit(one))


def test_counts_come_most_first_and_years_newest_first(things: None) -> None:
    every = list(labels().values())
    assert list(facets.count(every, "sector").items()) == [("vo", 2), ("mbo", 1), ("po", 1)]
    assert list(facets.count(every, "year")) == ["2020", "2015", "2010"]
    assert facets.count(every, "strength") == {"limited": 1, "strong": 1}
    assert facets.count(every, "kind") == {"thing": 4}


def test_leaving_a_filter_out_leaves_the_others() -> None:
    filters = Filters(sector="po", year_from=2000, year_to=2010)
    assert filters.without("year") == Filters(sector="po")
    assert filters.without("sector") == Filters(year_from=2000, year_to=2010)
    assert not filters.without("year").without("sector")
