"""Ready-made texts: written by coordinators and editors, filled in for a case in the language of its asker."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brokers.models import Desk
from evidence.models import Source
from questions import defaults, inputs, limits, permissions, personal, placeholders
from questions.models import Item, Question, ReadyText
from questions.refusals import NotNow, NotYou, Stale

# What can be put into a message; `readytexts.filled` takes it as `kinds`.
TO_SAY = (ReadyText.Kind.MESSAGE, ReadyText.Kind.REMINDER)
ROOM = forms.Textarea(attrs={"rows": 10})


class Words(forms.Form):
    """A ready-made text as it is written."""

    kind = forms.ChoiceField(label=gettext_lazy("For what"), choices=ReadyText.Kind.choices)
    name = forms.CharField(label=gettext_lazy("Name in the list"), max_length=100)
    text_nl = inputs.Long(
        label=gettext_lazy("Text in Dutch"),
        widget=ROOM,
        validators=[placeholders.check_known],
        max_length=limits.REASON,
    )
    text_en = inputs.Long(
        label=gettext_lazy("Text in English"),
        widget=ROOM,
        validators=[placeholders.check_known],
        max_length=limits.REASON,
    )


@dataclass(frozen=True)
class Filled:
    """A text filled in for one case; `left` are the fields that have to be filled in by hand."""

    pk: int
    kind: str
    name: str
    language: str
    text: str

    @property
    def left(self) -> list[str]:
        return placeholders.names(self.text)


# --- Keeping them ---------------------------------------------------------------------------------


def of_desk(desk: Desk) -> Any:
    return desk.ready_texts.select_related("changed_by")


def may_edit(by: Any) -> bool:
    return permissions.coordinates_or_edits(None, by)


def refuse_others(by: Any) -> None:
    if not may_edit(by):
        raise NotYou(_("This is for %(who)s.") % {"who": permissions.coordinates_or_edits.who})  # type: ignore[attr-defined]


def checked(data: Mapping[str, Any]) -> dict[str, Any]:
    """The cleaned words; a ValidationError names fields that do not exist, and personal data."""
    words = inputs.clean_form(Words, data)
    personal.refuse(words, ["name", "text_nl", "text_en"])
    return words


def save(desk: Desk, row: ReadyText | None, data: Mapping[str, Any], *, by: Any, expected: int) -> ReadyText:
    """Write a text, a new one when `row` is None, by somebody who had read it as it was after save `expected`.

    Raises NotYou, ValidationError, NotNow (the name is taken, or it is gone) or Stale; nothing changes then.
    """
    refuse_others(by)
    words = checked(data)
    with transaction.atomic():
        Desk.take_turns(desk.pk)
        same = desk.ready_texts.filter(kind=words["kind"], name=words["name"])
        if (same.exclude(pk=row.pk) if row else same).exists():
            raise NotNow(_("There is a text with this name already."))
        if row is None:
            return ReadyText.objects.create(desk=desk, changed_by=by, **words)
        current = desk.ready_texts.filter(pk=row.pk).first()
        if current is None:
            raise NotNow(_("This no longer exists."))
        if current.n != expected:
            raise Stale(None, current)
        for name, value in words.items():
            setattr(current, name, value)
        current.n, current.changed_by = current.n + 1, by
        current.save()
        return current


def drop(row: ReadyText, *, by: Any) -> None:
    """Take a text out of the list; letters that were made with it keep their words."""
    refuse_others(by)
    with transaction.atomic():
        Desk.take_turns(row.desk_id)
        ReadyText.objects.filter(pk=row.pk).delete()


def furnish(desk: Desk) -> int:
    """The texts that a desk begins with, when it has none. Returns how many were added."""
    if desk.is_external or desk.ready_texts.exists():
        return 0
    rows = [ReadyText(desk=desk, kind=kind, name=name, text_nl=nl, text_en=en) for kind, name, nl, en in defaults.TEXTS]
    return len(ReadyText.objects.bulk_create(rows))


# --- Using them -----------------------------------------------------------------------------------


def filled(question: Question, *, by: Any, kinds: Any = (), target: Item | Source | None = None) -> list[Filled]:
    """The texts of the case's desk, filled in; `target` is the answer or source that is named in them."""
    rows = ReadyText.objects.filter(desk=question.desk_id)
    values = values_of(question, by, target)
    return [
        Filled(row.pk, row.kind, row.name, question.language, placeholders.fill(row.text(question.language), values))
        for row in (rows.filter(kind__in=kinds) if kinds else rows)
    ]


def values_of(question: Question, by: Any, target: Item | Source | None) -> dict[str, str]:
    with translation.override(question.language):
        broker = question.assignee or by
        return {
            "greeting": _("Hello,"),
            "question": shown_words(question),
            "number": str(question.number or ""),
            "broker": broker.called,
            "desk": question.desk.name,
            "answer": target.title if target is not None else "",
            "link": address_of(target),
        }


def shown_words(question: Question) -> str:
    """The question in words that everybody who gets the letter may read."""
    if question.articulated:
        return str(question.articulated)
    parts = [part for part in question.participations.all() if not part.is_waiting]
    if all(part.decides for part in parts):
        return " ".join(question.text.split())
    return _("your question")


def address_of(target: Item | Source | None) -> str:
    if isinstance(target, Item):
        return settings.BASE_URL + reverse("answer-number", args=[target.number])
    return settings.BASE_URL + reverse("source", args=[target.key]) if target is not None else ""


def example(text: str, language: str) -> str:
    """`text` about a case that does not exist."""
    with translation.override(language):
        values = {
            "greeting": _("Hello,"),
            "question": _("Does reading aloud every day help seven-year-olds to read better?"),
            "number": "123",
            "broker": "Noor Voorbeeld",
            "desk": "Rotonde",
            "answer": _("What does reading aloud do for young readers?"),
            "link": f"{settings.BASE_URL}/example",
        }
    return placeholders.fill(text, values)
