"""The count beside a filter is what choosing it gives, for whatever content and question."""

import random
from typing import Any

import pytest

from evidence import facets, index
from evidence.facets import Filters
from evidence.models import Source
from questions import suggest
from questions.suggest import find
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.words_only]
WORDS = [
    "lezen",
    "rekenen",
    "spelling",
    "huiswerk",
    "motivatie",
    "ouders",
    "toetsen",
    "groep",
    "school",
    "taal",
    "leerling",
    "feedback",
]
SECTORS, THEMES = ["po", "vo", "mbo"], ["taal", "ouders", "toetsen"]


def shelve(dice: random.Random, count: int) -> None:
    """Made-up sources with made-up labels; some are not public, of some only the index says so."""
    for number in range(count):
        row = Source.objects.create(
            key=f"s{number}", title=" ".join(dice.choices(WORDS, k=4)), public=dice.random() < 0.9
        )
        index.put(
            "source",
            str(row.pk),
            [
                index.Part(row.title, " ".join(dice.choices(WORDS, k=dice.randint(3, 30))))
                for _n in range(dice.randint(1, 2))
            ],
            public=row.public or dice.random() < 0.5,
            sectors=dice.sample(SECTORS, dice.randint(0, 2)),
            themes=dice.sample(THEMES, dice.randint(0, 2)),
            year=dice.choice([None, 1999, 2010, 2020]),
            strength=dice.choice(["", "strong", "limited"]),
            language=dice.choice(["nl", "en"]),
            collection=dice.choice(["", "own", "other"]),
            ring=False,
        )


def choosing(filters: Filters, facet: str, value: str) -> Filters:
    given = {"year_from": int(value), "year_to": int(value)} if facet == "year" else {facet: value}
    return Filters(**{**filters.without(facet).__dict__, **given})


@pytest.mark.parametrize("seed", range(4))
def test_every_count_is_what_choosing_it_gives(seed: int) -> None:
    dice = random.Random(seed)
    shelve(dice, 40)
    factories.published(text="Helpt lezen bij spelling in groep 6?")
    start = Filters(
        sector=dice.choice(["", *SECTORS]), language=dice.choice(["", "nl"]), year_from=dice.choice([None, 2000])
    )
    for filters in (Filters(), start):
        text = " ".join(dice.choices(WORDS, k=3))
        listing = find(text, filters)
        assert not listing.more
        assert set(listing.facets) == set(facets.FACETS)
        for facet, counts in listing.facets.items():
            for value, count in counts.items():
                assert find(text, choosing(filters, facet, value)).total == count, (facet, value)


def test_a_chosen_value_does_not_make_the_others_of_its_facet_vanish() -> None:
    shelve(random.Random(7), 30)
    before = find("lezen").facets["sector"]
    after = find("lezen", Filters(sector="po"))
    assert after.facets["sector"] == before
    assert after.facets["kind"] == {"source": after.total}


def test_all_that_is_counted_can_be_paged_through_and_is_public() -> None:
    shelve(random.Random(3), 40)
    listing = find("lezen spelling", limit=7)
    pages = [find("lezen spelling", limit=7, page=page).found for page in range(1, listing.total // 7 + 2)]
    ids = [one.id for page in pages for one in page]
    assert len(ids) == len(set(ids)) == listing.total
    assert Source.objects.filter(pk__in=ids, public=True).count() == listing.total


def test_beyond_the_depth_counts_say_at_least_and_filters_look_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggest, "DEPTH", 10)
    for number in range(30):
        row: Any = factories.source(title=f"Lezen deel{number}")
        sectors = ["vo"] if number < 4 else ["po"]
        index.put("source", str(row.pk), [index.Part("Lezen", "lezen")], public=True, sectors=sectors, ring=False)
    listing = find("lezen")
    assert listing.more
    assert listing.total == 10
    narrowed = find("lezen", Filters(sector="vo"))
    assert narrowed.more
    assert narrowed.total == 4
    assert narrowed.facets["sector"].get("po", 0) > 0
