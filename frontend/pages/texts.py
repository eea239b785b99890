"""The ready-made texts and the criteria of a desk, as their keepers see them."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from brokers.models import Desk
from frontend.pages.around import local
from questions import criteria, readytexts
from questions.models import Criterion, ReadyText
from questions.placeholders import FIELDS


@dataclass(frozen=True)
class Group:
    label: str
    rows: list[ReadyText]


@dataclass(frozen=True)
class Texts:
    desk: Desk
    desks: list[Desk]
    groups: list[Group]
    may_edit: bool


@dataclass(frozen=True)
class Example:
    """A text as it would read, about a case that does not exist."""

    language: str
    text: str


@dataclass(frozen=True)
class Editing:
    desk: Desk
    row: ReadyText | None
    fields: list[tuple[str, str]]
    examples: list[Example]


@dataclass(frozen=True)
class Ruled:
    row: Criterion
    text: str
    other: str  # in the other language
    by: str


@dataclass(frozen=True)
class Criteria:
    desk: Desk
    desks: list[Desk]
    rows: list[Ruled]
    may_edit: bool


def ours() -> list[Desk]:
    """The desks of this system, the default one first."""
    return list(Desk.objects.filter(external_url="").order_by("-is_default", "name"))


def chosen(slug: str) -> Desk:
    """The desk with this slug; the default one when there is no such desk here."""
    desks = ours()
    return next((one for one in desks if one.slug == slug), desks[0])


def texts(desk: Desk, user: Any) -> Texts:
    rows = list(readytexts.of_desk(desk))
    kinds = [(str(label), [row for row in rows if row.kind == kind]) for kind, label in ReadyText.Kind.choices]
    made = [Group(label, found) for label, found in kinds if found]
    return Texts(desk, ours(), made, readytexts.may_edit(user))


def editing(desk: Desk, row: ReadyText | None, typed: dict[str, Any] | None) -> Editing:
    examples = [
        Example(code, readytexts.example(str(typed.get(f"text_{code}", "")), code))
        for code, _name in settings.LANGUAGES
        if typed
    ]
    fields = [(f"{{{name}}}", str(meaning)) for name, meaning in FIELDS.items()]
    return Editing(desk, row, fields, examples)


def words_of(row: ReadyText | None) -> dict[str, str]:
    names = ("kind", "name", "text_nl", "text_en")
    return {name: getattr(row, name) for name in names} if row is not None else {}


def of_desk(desk: Desk, user: Any) -> Criteria:
    rows = [
        Ruled(
            row=one,
            text=local(one, "text"),
            other=one.text_en if local(one, "text") == one.text_nl else one.text_nl,
            by=str(one.changed_by or ""),
        )
        for one in criteria.of_desk(desk)
    ]
    return Criteria(desk, ours(), rows, criteria.may_edit(user))
