"""Working days of the Netherlands: which they are, and counting with them. Pure functions."""

from datetime import date
from functools import cache

import holidays
import numpy as np

# Days outside these years count as if they had no holidays.
YEARS = range(2010, 2061)


@cache
def _calendar() -> np.busdaycalendar:
    """Monday to Friday without the national holidays; school holidays are for schools."""
    return np.busdaycalendar("1111100", list(holidays.country_holidays("NL", years=YEARS)))


def working_days(start: date, end: date) -> int:
    """How many working days go by from `start` to `end`: that of `start` counts, that of `end` does not.

    So stretches that follow each other add up. Negative when `end` lies before `start`.
    """
    return int(np.busday_count(np.datetime64(start, "D"), np.datetime64(end, "D"), busdaycal=_calendar()))


def after(start: date, days: int) -> date:
    """The working day that is `days` working days after `start` (before it, when negative); with 0 never before it."""
    moved = np.busday_offset(np.datetime64(start, "D"), days, roll="forward", busdaycal=_calendar())
    return date.fromisoformat(str(moved))
