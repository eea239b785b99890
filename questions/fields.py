"""What a field of a form may hold here: free text, and other things of the desk by the names people know."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
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
