"""Working days: weekends and national holidays do not count."""

from datetime import date, timedelta

import pytest

from brokers import clock


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 21),  # a Saturday
        date(2026, 11, 22),
        date(2026, 4, 27),  # King's Day
        date(2026, 5, 25),  # Whit Monday
        date(2025, 5, 5),  # Liberation Day, a day off once in five years
        date(2027, 1, 1),
    ],
)
def test_nobody_works_at_weekends_and_on_holidays(day: date) -> None:
    assert clock.working_days(day, day + timedelta(days=1)) == 0


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2026, 5, 5), date(2026, 7, 20)])
def test_ordinary_days_and_school_holidays_are_working_days(day: date) -> None:
    assert clock.working_days(day, day + timedelta(days=1)) == 1


def test_working_days_leave_out_the_weekend_and_the_holidays_between() -> None:
    assert clock.working_days(date(2026, 11, 20), date(2026, 11, 23)) == 1
    assert clock.working_days(date(2026, 12, 24), date(2026, 12, 29)) == 2, "Christmas fell between"
    assert clock.working_days(date(2026, 11, 23), date(2026, 11, 23)) == 0


def test_stretches_that_follow_each_other_add_up() -> None:
    first, middle, last = date(2026, 3, 2), date(2026, 4, 4), date(2026, 6, 1)
    parts = clock.working_days(first, middle) + clock.working_days(middle, last)
    assert parts == clock.working_days(first, last)


def test_a_day_some_working_days_from_now_is_a_working_day() -> None:
    assert clock.after(date(2026, 11, 20), 1) == date(2026, 11, 23)
    assert clock.after(date(2026, 12, 24), 1) == date(2026, 12, 28)
    assert clock.after(date(2026, 11, 21), 0) == date(2026, 11, 23), "from a Saturday it is Monday"


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 12, 21), date(2027, 1, 4), 4 + 4),  # Friday 25 December; Saturday 26; Friday 1 January
        (date(2027, 12, 24), date(2028, 1, 3), 1 + 5),  # Christmas and New Year's Day in a weekend take no day
        (date(2026, 4, 24), date(2026, 4, 29), 2),  # King's Day on a Monday
        (date(2025, 4, 25), date(2025, 4, 29), 2),  # on a Sunday it moves to the Saturday before
        (date(2026, 3, 27), date(2026, 3, 31), 2),  # the night in which an hour is lost
        (date(2026, 10, 23), date(2026, 10, 27), 2),  # the night in which an hour comes twice
        (date(2028, 2, 28), date(2028, 3, 1), 2),  # a leap day
    ],
)
def test_known_stretches_have_the_days_that_a_calendar_on_the_wall_gives(start: date, end: date, days: int) -> None:
    assert clock.working_days(start, end) == days
    assert clock.after(start, days) == clock.after(end, 0)


def test_days_can_be_counted_back_as_well() -> None:
    assert clock.after(date(2026, 12, 28), -1) == date(2026, 12, 24)
    assert clock.after(date(2026, 11, 21), -1) == date(2026, 11, 20), "from a Saturday, Friday is the one before"
