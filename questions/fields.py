"""What a field of a form may hold here: free text, moments, and other things of the desk by the names people know."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from evidence.models import Source
from questions import limits
from questions.models import Item, Question
from questions.states import VersionState


class Long(forms.CharField):
    """Free text of several lines."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": limits.REASON, **options})


class QuestionField(forms.CharField):
    """Another question, by its number or its id."""

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value))
        if not text:
            return None
        found = Question.objects.confirmed().filter(**by_number_or_id(text)).first()
        if found is None:
            raise ValidationError(_("There is no question %(text)s."), params={"text": text})
        return found


class AnswerField(forms.IntegerField):
    """A published answer, by its number."""

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        if number is None:
            return None
        item = published_answer(number)
        if item is None:
            raise ValidationError(_("There is no published answer %(number)s."), params={"number": number})
        return item


def published_answer(number: int) -> Item | None:
    """The answer with this number that everybody can read."""
    return Item.objects.filter(number=number, versions__state=VersionState.PUBLISHED).first()


class SourceField(forms.CharField):
    """A source of the library, by its id or its key."""

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value))
        if not text:
            return None
        found = find_source(text)
        if found is None:
            raise ValidationError(_("There is no source %(text)s."), params={"text": text})
        return found


def find_source(text: str) -> Source | None:
    """The source with this id or key."""
    if "\x00" in text:
        return None
    return Source.objects.filter(**({"pk": as_uuid(text)} if as_uuid(text) else {"key": text})).first()


def as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def by_number_or_id(text: str) -> dict[str, Any]:
    if text.isdecimal() and len(text) < 10:
        return {"number": int(text)}
    return {"pk": as_uuid(text) or uuid.UUID(int=0)}


class NumbersField(forms.Field):
    """Published answers, by their numbers; numbers that are none are passed over."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[Item]:
        numbers = {int(part) for part in value or [] if str(part).isdecimal() and len(str(part)) < 10}
        return list(Item.objects.filter(number__in=numbers, versions__state=VersionState.PUBLISHED).distinct()[:50])


class SourcesField(forms.Field):
    """Public sources, by their keys; keys that are none are passed over."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[Source]:
        keys = {str(part) for part in value or [] if "\x00" not in str(part)}
        return list(Source.objects.filter(public=True, key__in=sorted(keys)[:50]))


LISTS = (NumbersField, SourcesField)


class Year(forms.RegexField):
    """A year of four plain digits, or nothing."""

    def __init__(self, **options: Any) -> None:
        wrong = {"invalid": _("A year has four digits, such as 2015.")}
        super().__init__(r"^[0-9]{4}$", required=False, error_messages=wrong, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return int(text) if text else None


def check_year(found: date | None) -> None:
    """ValidationError for a year that is a slip of the pen."""
    if found and not 2000 <= found.year <= 2200:
        raise ValidationError(_("This date is not between 2000 and 2200."))


class Day(forms.DateField):
    def to_python(self, value: Any) -> date | None:
        found: date | None = super().to_python(value)
        check_year(found)
        return found


class Moment(forms.DateTimeField):
    """A time in UTC: zones and years that Python reads and PostgreSQL does not, or the reverse, stay out."""

    def to_python(self, value: Any) -> datetime | None:
        try:
            found = super().to_python(value)
            moment = found and found.astimezone(UTC)
        except OverflowError:
            moment = datetime.max
        check_year(moment)
        return moment


class LocalMoment(Moment):
    """A time as it is on the clock of the desk. Times that the clock skips or shows twice are refused in plain words."""

    def __init__(self, label: Any, **options: Any) -> None:
        zone = lazy(lambda: settings.TIME_ZONE.rpartition("/")[2].replace("_", " "), str)()
        super().__init__(label=format_lazy(_("{label} (time in {zone})"), label=label, zone=zone), **options)

    def to_python(self, value: Any) -> datetime | None:
        naive = parse_naive(value)
        if naive is not None:
            here = timezone.get_current_timezone()
            early, late = (naive.replace(tzinfo=here, fold=fold) for fold in (0, 1))
            if early.astimezone(UTC).astimezone(here).replace(tzinfo=None) != naive:
                raise ValidationError(_("This time does not exist: the clock goes forward over it that night."))
            if early.utcoffset() != late.utcoffset():
                raise ValidationError(_("This time comes twice that night. Choose another one."))
        return super().to_python(value)


def parse_naive(value: Any) -> datetime | None:
    """A time without a zone, as a browser sends it."""
    try:
        found = datetime.fromisoformat(str(value).strip())
    except ValueError:
        return None
    return found if found.tzinfo is None and 2000 <= found.year <= 2200 else None


class DeskField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A desk, by its slug."""

    def label_from_instance(self, obj: Any) -> str:
        outside = _("%(desk)s (outside this system: the asker gets the address)")
        return str(outside) % {"desk": obj.name} if obj.is_external else str(obj.name)
