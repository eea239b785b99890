"""School holidays as data: which days the schools of a region have off. Read once a process, never guessed."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

OURS = Path(__file__).resolve().parent / "data" / "school_holidays.csv"
COLUMNS = ["school_year", "region", "holiday", "first", "last"]
LONGEST = timedelta(days=70)


class Region(TextChoices):
    """The three parts of the country that have their school holidays in turn."""

    NORTH = "north", _("north")
    MIDDLE = "middle", _("middle")
    SOUTH = "south", _("south")


ALL = frozenset(Region)
NORTH, MIDDLE, SOUTH = (frozenset({one}) for one in Region)
# Some municipalities lie in another part than the rest of their province: then both are meant.
NAMES: dict[str, frozenset[Region]] = {
    **dict.fromkeys(("north", "noord"), NORTH),
    **dict.fromkeys(("middle", "midden"), MIDDLE),
    **dict.fromkeys(("south", "zuid"), SOUTH),
    **dict.fromkeys(("groningen", "friesland", "fryslân", "drenthe", "overijssel", "noord-holland"), NORTH),
    **dict.fromkeys(("flevoland", "utrecht"), NORTH | MIDDLE),
    "zuid-holland": MIDDLE,
    "gelderland": ALL,
    "noord-brabant": MIDDLE | SOUTH,
    **dict.fromkeys(("zeeland", "limburg"), SOUTH),
}


class Unreadable(Exception):
    """A file with school holidays that cannot be trusted; the text says where."""


@dataclass(frozen=True)
class Holiday:
    """From `first` to `last`, both included; `school_year` as 2026-2027."""

    school_year: str
    region: Region
    holiday: str
    first: date
    last: date

    @property
    def days(self) -> Iterable[date]:
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


def regions_of(place: str) -> frozenset[Region]:
    """The regions meant by the name of a region or province; all of them when we cannot tell."""
    return NAMES.get(place.strip().casefold().removeprefix("regio ").removeprefix("region "), ALL)


@cache
def holidays() -> tuple[Holiday, ...]:
    """Ours and those of the operator, which replace ours for each school year and region they name."""
    theirs = read(Path(settings.SCHOOL_HOLIDAYS)) if settings.SCHOOL_HOLIDAYS else []
    replaced = {(one.school_year, one.region) for one in theirs}
    return (*theirs, *(one for one in read(OURS) if (one.school_year, one.region) not in replaced))


@cache
def days_off(regions: frozenset[Region]) -> frozenset[date]:
    """Every day on which the schools of any of these regions have a holiday."""
    return frozenset(day for one in holidays() if one.region in regions for day in one.days)


def read(path: Path) -> list[Holiday]:
    """The rows of a file: CSV with COLUMNS, lines that begin with # left out. Raises Unreadable."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path.name}: cannot be read ({type(error).__name__}).") from None
    told = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    rows = list(csv.reader(line for _n, line in told))
    if not rows or rows[0] != COLUMNS:
        raise Unreadable(f"{path.name}: the first line must be {','.join(COLUMNS)}.")
    return [holiday(row, f"{path.name}, line {n}") for row, (n, _line) in zip(rows[1:], told[1:], strict=False)]


def holiday(row: list[str], where: str) -> Holiday:
    try:
        year, region, name, first, last = (one.strip() for one in row)
        made = Holiday(year, Region(region), name, date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        raise Unreadable(f"{where}: not {','.join(COLUMNS)} with a region and dates (2026-12-31).") from None
    begin = year.partition("-")[0]
    if year != f"{begin}-{int(begin) + 1 if begin.isdecimal() else ''}":
        raise Unreadable(f"{where}: a school year is written as 2026-2027.")
    if not date(int(begin), 8, 1) <= made.first <= made.last <= date(int(begin) + 1, 9, 30):
        raise Unreadable(f"{where}: these days do not lie in school year {year}.")
    if made.last - made.first > LONGEST:
        raise Unreadable(f"{where}: no school holiday lasts this long.")
    return made


def school_year(day: date) -> str:
    """The school year of `day`; it begins on the first of August."""
    begin = day.year if day.month >= 8 else day.year - 1
    return f"{begin}-{begin + 1}"


def missing(today: date) -> list[str]:
    """This school year and the coming one, as far as the holidays of a region are not known."""
    known = {(one.school_year, one.region) for one in holidays()}
    years = [school_year(today), school_year(today + timedelta(days=365))]
    return [f"{year} ({region.value})" for year in years for region in Region if (year, region) not in known]
