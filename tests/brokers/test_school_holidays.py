"""School holidays are data with a source; an operator adds years, and hears of those that are missing."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import holidays
import pytest

from brokers import checks, clock, schools
from brokers.schools import ALL, Region
from tests.conftest import Travel

HEAD = "school_year,region,holiday,first,last\n"
Put = Callable[[str], Path]
THEIR_NAMES = {Region.NORTH: "Noord", Region.MIDDLE: "Midden", Region.SOUTH: "Zuid"}


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    clock.forget()
    yield
    clock.forget()


@pytest.fixture
def put(tmp_path: Path, settings: Any) -> Put:
    """A file of the operator."""

    def write(text: str) -> Path:
        path = tmp_path / "school-holidays.csv"
        path.write_text(text, encoding="utf-8")
        settings.SCHOOL_HOLIDAYS = str(path)
        clock.forget()
        return path

    return write


@pytest.mark.parametrize("region", Region)
def test_our_dates_are_those_of_the_regulation_as_a_kept_package_has_them(region: Region) -> None:
    theirs = holidays.country_holidays(
        "NL", subdiv=THEIR_NAMES[region], years=range(2025, 2031), categories="school", language="nl"
    )
    first, last = date(2025, 9, 1), date(2030, 9, 1)  # what is laid down: five school years
    assert schools.days_off(frozenset({region})) == {day for day in theirs if first <= day <= last}


def test_every_year_has_its_five_holidays_in_every_region() -> None:
    found = {(one.school_year, one.region, one.holiday) for one in schools.holidays()}
    assert len(found) == len(schools.holidays()) == 5 * 3 * 5


@pytest.mark.parametrize(
    ("place", "meant"),
    [
        ("noord", {Region.NORTH}),
        ("Regio Zuid", {Region.SOUTH}),
        (" Drenthe ", {Region.NORTH}),
        ("Noord-Brabant", {Region.MIDDLE, Region.SOUTH}),
        ("Gelderland", ALL),
        ("", ALL),
        ("Atlantis", ALL),
    ],
)
def test_a_place_stands_for_the_regions_it_may_lie_in(place: str, meant: set[Region]) -> None:
    assert schools.regions_of(place) == meant


def test_in_a_school_holiday_the_desk_works_and_schools_do_not() -> None:
    monday = date(2026, 10, 12)
    north, south = frozenset({Region.NORTH}), frozenset({Region.SOUTH})
    assert clock.is_working_day(monday)
    assert not clock.is_working_day(monday, north)
    assert clock.is_working_day(monday, south)
    assert not clock.is_working_day(monday, ALL), "when we cannot tell, any region counts"
    assert clock.after(date(2026, 10, 9), 1, north) == date(2026, 10, 19)
    assert clock.working_days(date(2026, 12, 18), date(2027, 1, 4), north) == 1


# --- The file of the operator ---------------------------------------------------------------------


def test_an_operator_adds_a_year_and_replaces_one_of_a_region(put: Put) -> None:
    put(f"# ours\n{HEAD}2030-2031,north,autumn,2030-10-12,2030-10-20\n\n2026-2027,north,autumn,2026-11-02,2026-11-06\n")
    north = frozenset({Region.NORTH})
    assert not clock.is_working_day(date(2030, 10, 14), north)
    assert not clock.is_working_day(date(2026, 11, 2), north)
    assert clock.is_working_day(date(2026, 10, 12), north), "our own dates of that year make place for theirs"
    assert not clock.is_working_day(date(2026, 10, 19), frozenset({Region.MIDDLE})), "other regions keep ours"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("year,region\n", "the first line"),
        (f"{HEAD}2030-2031,east,autumn,2030-10-12,2030-10-20\n", "line 2"),
        (f"{HEAD}# one\n2030-2031,north,autumn,12-10-2030,2030-10-20\n", "line 3"),
        (f"{HEAD}2030-2032,north,autumn,2030-10-12,2030-10-20\n", "2026-2027"),
        (f"{HEAD}x-y,north,autumn,2030-10-12,2030-10-20\n", "2026-2027"),
        (f"{HEAD}2030-2031,north,autumn,2030-10-20,2030-10-12\n", "do not lie"),
        (f"{HEAD}2030-2031,north,autumn,2031-10-12,2031-10-20\n", "do not lie"),
        (f"{HEAD}2030-2031,north,summer,2031-05-01,2031-08-20\n", "this long"),
        (f"{HEAD}2030-2031,north,summer\n", "line 2"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_told_with_the_place(text: str, said: str, put: Put) -> None:
    put(text)
    (found,) = checks.school_holidays()
    assert found.id == "brokers.E001"
    assert said in found.msg


def test_a_file_that_is_not_there_is_told(settings: Any) -> None:
    settings.SCHOOL_HOLIDAYS = "/nowhere/holidays.csv"
    assert [one.id for one in checks.school_holidays()] == ["brokers.E001"]


def test_a_coming_school_year_that_is_missing_is_told_in_time(put: Put, travel: Travel) -> None:
    travel(clock_at(date(2028, 12, 1)))
    assert checks.school_holidays() == []
    travel(clock_at(date(2029, 8, 1)))
    (found,) = checks.school_holidays()
    assert found.id == "brokers.W001"
    assert "2030-2031 (north)" in found.msg
    rows = [f"2030-2031,{region.value},autumn,2030-10-12,2030-10-20" for region in Region]
    put(HEAD + "\n".join(rows))
    assert checks.school_holidays() == []


def clock_at(day: date) -> Any:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
