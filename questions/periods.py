"""From which day to which: what somebody asks figures of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FIRST_YEAR = 2000
LONGEST = 20  # years
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


class Day(forms.DateField):
    """A day as addresses say it (2026-11-22), of the years that a desk may have lived in; or nothing."""

    def to_python(self, value: Any) -> date | None:
        text = str(value or "").strip()
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
            years = {"first": FIRST_YEAR, "last": latest}
            raise ValidationError(_("Choose a day in the years %(first)s to %(last)s.") % years)
        return found


def clean(form: Any) -> dict[str, Any]:
    """With `period`; what was left out is filled in, the last twelve months when nothing was said."""
    data = dict(form.cleaned_data)
    if form.errors:
        return data
    usual = choices()["twelve_months"]
    first, last = data["from"], data["to"]
    last = last or max(usual.last, first or usual.last)
    first = first or (usual.first if last == usual.last else month(months_of(last) - 11))
    if first > last:
        form.add_error("to", _("The last day is before the first."))
    elif last.year - first.year > LONGEST:
        form.add_error("to", _("Choose a period of at most %(years)s years.") % {"years": LONGEST})
    return {**data, "period": Period(first, last)}


FIELDS = {
    "from": Day(label=gettext_lazy("From"), required=False),
    "to": Day(label=gettext_lazy("Up to and including"), required=False),
}
# The names are those of the address; `from` could not be written in a class.
Between: Any = type("Between", (forms.Form,), {"__doc__": "From which day to which.", "clean": clean, **FIELDS})


def read(data: Mapping[str, str]) -> Period:
    """The period that `from` and `to` tell. Raises ValidationError with what is wrong, for the field it is about."""
    form = Between({name: data.get(name, "") for name in FIELDS})
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    period: Period = form.cleaned_data["period"]
    return period
