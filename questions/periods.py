"""From which day to which: what somebody asks figures of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

FIRST_YEAR = 2000
LONGEST = 20  # years
NAMES = ("from", "to")
MONTHS = 36  # up to so many months are told one by one, more as years
SCHOOL_YEAR = 8  # the month in which it begins


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both counted."""

    first: date
    last: date

    @property
    def begin(self) -> datetime:
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return midnight(self.last + timedelta(days=1))

    @property
    def is_long(self) -> bool:
        """Whether it is told by years, since by months it would be too long to read."""
        return months_of(self.last) - months_of(self.first) >= MONTHS

    @property
    def steps(self) -> list[date]:
        """The first day of each month in it, of each year when it is long; of the first it may be only a part."""
        if self.is_long:
            return [date(year, 1, 1) for year in range(self.first.year, self.last.year + 1)]
        return [month(n) for n in range(months_of(self.first), months_of(self.last) + 1)]


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def months_of(day: date) -> int:
    """How many months have gone by since the year 0."""
    return day.year * 12 + day.month - 1


def month(n: int) -> date:
    """The first day of month `n` of `months_of`."""
    return date(n // 12, n % 12 + 1, 1)


def whole(begin: date, months: int) -> Period:
    """As many whole months, from the one that `begin` lies in."""
    n = months_of(begin)
    return Period(month(n), month(n + months) - timedelta(days=1))


def choices(today: date | None = None) -> dict[str, Period]:
    """Periods that are often asked for, by name; all of whole months, so the last days may be still to come."""
    today = today or timezone.localdate()
    n = months_of(today)
    school = month(n - (today.month - SCHOOL_YEAR) % 12)
    return {
        "month": whole(today, 1),
        "quarter": whole(month(n - n % 3), 3),
        "school_year": whole(school, 12),
        "school_year_before": whole(month(months_of(school) - 12), 12),
        "twelve_months": whole(month(n - 11), 12),
    }


def read(data: Mapping[str, str]) -> Period:
    """The period that `from` and `to` (2026-11-22) tell; what is left out is filled in, the last twelve months by default.

    Raises ValidationError with what is wrong for `from` or `to`.
    """
    usual = choices()["twelve_months"]
    given: dict[str, date | None] = {}
    errors = {}
    for name in NAMES:
        try:
            given[name] = day(data.get(name, "").strip())
        except ValidationError as error:
            errors[name] = error
    if errors:
        raise ValidationError(errors)
    first, last = given["from"], given["to"]
    last = last or max(usual.last, first or usual.last)
    first = first or (usual.first if last == usual.last else month(months_of(last) - 11))
    return checked(first, last)


def checked(first: date, last: date) -> Period:
    if first > last:
        raise ValidationError({"to": [_("The last day is before the first.")]})
    if last.year - first.year > LONGEST:
        raise ValidationError({"to": [_("Choose a period of at most %(years)s years.") % {"years": LONGEST}]})
    return Period(first, last)


def day(text: str) -> date | None:
    """A day as it is written in an address, or None for nothing."""
    if not text:
        return None
    latest = timezone.localdate().year + 1
    try:
        found = parse_date(text) if len(text) == len("2026-11-22") and text.isascii() else None
    except ValueError:
        found = None
    if found is None:
        raise ValidationError(_("Write a day that exists as year-month-day, such as 2026-11-22."))
    if not FIRST_YEAR <= found.year <= latest:
        raise ValidationError(_("Choose a day from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": latest})
    return found
