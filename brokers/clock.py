"""Working days of the Netherlands: which they are, and counting with them. Pure functions.

The desk works through school holidays. Who asks often does not: with `schools`, days on which the
schools of any of these regions have a holiday do not count either.
"""

from datetime import date, timedelta
from functools import cache

import holidays
import numpy as np

from brokers import schools as school
from brokers.schools import Region

# Days outside these years count as if they had no holidays.
YEARS = range(2010, 2061)
Regions = frozenset[Region]
DESK: Regions = frozenset()


@cache
def _calendar(schools: Regions) -> np.busdaycalendar:
    """Monday to Friday without the national holidays and the holidays of these schools."""
    national = holidays.country_holidays("NL", years=YEARS)
    return np.busdaycalendar("1111100", [*national, *school.days_off(schools)])


def forget() -> None:
    """Read the school holidays anew."""
    for kept in (_calendar, school.days_off, school.holidays):
        kept.cache_clear()


def working_days(start: date, end: date, schools: Regions = DESK) -> int:
    """How many working days go by from `start` to `end`: that of `start` counts, that of `end` does not.

    So stretches that follow each other add up. Negative when `end` lies before `start`.
    """
    days = np.datetime64(start, "D"), np.datetime64(end, "D")
    return int(np.busday_count(*days, busdaycal=_calendar(schools)))


def after(start: date, days: int, schools: Regions = DESK) -> date:
    """The working day that is `days` working days after `start` (before it, when negative); with 0 never before it."""
    moved = np.busday_offset(np.datetime64(start, "D"), days, roll="forward", busdaycal=_calendar(schools))
    return date.fromisoformat(str(moved))


def is_working_day(day: date, schools: Regions = DESK) -> bool:
    return working_days(day, day + timedelta(days=1), schools) == 1
