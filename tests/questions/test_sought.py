"""What was looked for and not found: always counted, in words only when several places typed the same one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from questions import retention, sought, tallies
from questions.models import Sought

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def look(text: str, places: int = 1, first: int = 0, **more: Any) -> None:
    for n in range(first, first + places):
        sought.looked(text, **{"found": False, "narrowed": False, "network": f"192.0.{n}.7", **more})


def words() -> list[tuple[str, int]]:
    return sought.words(TODAY(), TODAY())


def stored() -> str:
    """All that the database holds of searches, as text."""
    with connection.cursor() as cursor:
        found = []
        for table in ("questions_sought", "questions_tally", "questions_quota"):
            cursor.execute(f"SELECT coalesce(string_agg(row::text, ' '), '') FROM {table} AS row")
            found.append(cursor.fetchone()[0])
    return " ".join(found)


def test_every_search_is_counted_and_those_that_found_nothing_as_well() -> None:
    look("schaken", found=True)
    look("schaken")
    look("schaken", narrowed=True)
    names = [sought.MADE, sought.EMPTY, sought.NARROWED]
    assert tallies.totals(names) == dict(zip(names, (3, 1, 1), strict=True))


def test_a_word_is_read_nowhere_until_five_places_typed_it() -> None:
    look("Schaken", sought.PLACES - 1)
    assert "schaken" not in stored().lower()
    assert words() == []
    look("schaken", 1, first=sought.PLACES)
    assert words() == [("schaken", 5)]


def test_one_place_that_searches_on_many_days_stays_one_place() -> None:
    for n in range(10):
        look("schaken")
        Sought.objects.filter(day=TODAY()).update(day=TODAY() - timedelta(days=n + 1))
    assert "schaken" not in stored()


def test_a_place_counts_once_a_day() -> None:
    for _n in range(3):
        look("schaken", sought.PLACES)
    assert words() == [("schaken", 5)]


def test_a_search_that_found_something_leaves_no_word() -> None:
    look("schaken", 9, found=True)
    look("schaken", 9, narrowed=True)
    assert Sought.objects.count() == 0


def test_who_asks_not_to_be_followed_leaves_a_count_and_no_word() -> None:
    look("schaken", words=False)
    assert Sought.objects.count() == 0
    assert tallies.totals([sought.EMPTY])[sought.EMPTY] == 1


@pytest.mark.parametrize(
    "text",
    [
        "Hoe leert Daan van den Berg beter lezen?",
        "daan lezen",
        "bel 06-12345678 over lezen",
        "burgerservicenummer 123456782 lezen",
        "juf.anna@school.example lezen",
        "leerling Sem kan niet rekenen",
        "een heel lang verhaal over wat er thuis gebeurde met een kind dat veel verdriet had op school en niet sliep",
        "2026 7 8",
        "de het een",
        "",
        "\U0001f600 \x00 ,",
    ],
)
def test_what_may_tell_who_somebody_is_leaves_no_word_from_however_many_places(text: str) -> None:
    look(text, 7)
    assert Sought.objects.count() == 0


def test_two_or_three_words_are_counted_together_in_any_order_and_writing() -> None:
    for n, text in enumerate(["Privé bijles", "bijles prive", "PRIVÉ, bijles!", "bijles privé", "prive bijles"]):
        look(text, first=n)
    assert words() == [("bijles", 5), ("bijles prive", 5), ("prive", 5)]


def test_no_two_words_can_be_brought_back_to_one_visitor() -> None:
    look("schaken dammen")
    rows = list(Sought.objects.values_list("digest", "place"))
    assert len(rows) == 3
    assert len({place for _digest, place in rows}) == 3


def test_one_place_cannot_fill_the_table() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    for one in letters:
        for other in letters[:3]:
            look(f"zz{one}{other}q")
    assert Sought.objects.count() == sought.AN_HOUR


def test_words_are_told_of_the_days_that_are_asked_for_and_only_where_enough_places_typed_them_then() -> None:
    look("schaken", 5)
    Sought.objects.update(day=TODAY() - timedelta(days=10))
    look("schaken", 2)
    assert words() == []
    assert sought.words(TODAY() - timedelta(days=10), TODAY()) == [("schaken", 7)]
    assert sought.words(TODAY() - timedelta(days=9), TODAY()) == []


def test_what_stays_a_hash_is_forgotten_soon_and_a_word_later() -> None:
    look("schaken", 5)
    look("dammen")
    Sought.objects.update(day=TODAY() - retention.SOUGHT + timedelta(days=1))
    assert retention.forget_sought() == 0
    Sought.objects.update(day=TODAY() - retention.SOUGHT)
    assert retention.forget_sought() == 1
    assert {row.word for row in Sought.objects.all()} == {"schaken"}
    Sought.objects.update(day=TODAY() - retention.SOUGHT_KNOWN)
    assert retention.forget_sought() == 5
