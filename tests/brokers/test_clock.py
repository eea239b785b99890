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
