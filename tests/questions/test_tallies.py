"""Counting what people do, per day and without their names."""

from datetime import date

import pytest

from questions import tallies
from questions.models import Tally
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def test_each_time_counts_once_and_what_never_happened_is_none() -> None:
    tallies.add("ask.helped")
    tallies.add("ask.helped")
    assert tallies.totals(["ask.helped", "ask.sent"]) == {"ask.helped": 2, "ask.sent": 0}


def test_counting_can_begin_on_a_day() -> None:
    Tally.objects.create(name="ask.helped", day=date(2024, 1, 1), count=5)
    tallies.add("ask.helped")
    assert tallies.totals(["ask.helped"]) == {"ask.helped": 6}
    assert tallies.totals(["ask.helped"], since=date(2024, 1, 2)) == {"ask.helped": 1}


@pytest.mark.django_db(transaction=True)
def test_eight_people_at_once_are_eight() -> None:
    at_once([lambda: tallies.add("ask.helped")] * 8)
    assert tallies.totals(["ask.helped"]) == {"ask.helped": 8}
