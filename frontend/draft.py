"""A question on its way in: what was typed in earlier steps travels along in hidden fields."""

import hashlib
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from brokers.sectors import Role, Sector
from frontend import forms
from frontend.pages.around import language
from questions import inputs, intake, limits, personal

# One thing a page, and the fields that belong to it.
PAGES: dict[str, tuple[str, ...]] = {
    "question": ("text",),
    "why": ("context", "tried"),
    "you": ("role", "sector", "behalf", "on_behalf_of", "email", "name"),
}
QUICKEST = 2.0  # seconds from the first page to sending; nobody reads and types faster
SALT = "frontend.ask"


@dataclass(frozen=True)
class Draft:
    """`key` makes a double click one question; `stamp` tells when the first page was opened."""

    typed: dict[str, Any]
    key: str
    stamp: str
    website: str = ""
    seen: frozenset[str] = frozenset()  # marks of what looks like personal data and was checked

    @classmethod
    def begin(cls, **typed: str) -> "Draft":
        return cls(typed, str(uuid.uuid4()), signing.dumps(time.time(), salt=SALT))

    @classmethod
    def of(cls, data: QueryDict) -> "Draft":
        typed = forms.posted(inputs.Ask, data)
        typed |= {name: typed[name].strip() for name in intake.FREE_TEXT if name in typed}
        fresh = cls.begin()
        seen = frozenset(data.getlist("seen")[:200])
        made = cls(typed, data.get("key") or fresh.key, data.get("stamp") or fresh.stamp, data.get("website", ""), seen)
        if not typed.pop("personal_data_checked", "") or made.is_too_long():
            return made
        # Who ticks that box has checked what that page showed, and nothing that comes later.
        fields = PAGES.get(data.get("at", ""), intake.FREE_TEXT)
        return replace(made, seen=seen | {mark(one) for name in fields for one in made.found(name)})

    @property
    def text(self) -> str:
        return str(self.typed.get("text", ""))

    def is_too_long(self) -> bool:
        return any(len(self.typed.get(name, "")) > limits.QUESTION for name in intake.FREE_TEXT)

    def data(self) -> dict[str, Any]:
        """What the domain gets."""
        checked = bool(self.seen) and not self.is_too_long() and not self.is_unseen()
        return {**self.typed, "personal_data_checked": checked, "language": language()}

    def found(self, name: str) -> list[str]:
        """The pieces of a field that look like personal data."""
        text = str(self.typed.get(name, "")) if name in intake.FREE_TEXT else ""
        return [text[one.start : one.end] for one in personal.find_personal_data(text)]

    def unseen(self, name: str) -> bool:
        """Whether something in this field looks like personal data that nobody has checked."""
        return not self.is_too_long() and any(mark(one) not in self.seen for one in self.found(name))

    def is_unseen(self) -> bool:
        return any(self.unseen(name) for name in intake.FREE_TEXT)

    def opened(self) -> set[str]:
        """What was opened on the way: numbers of answers and keys of sources."""
        return {*map(str, self.typed.get("read", [])), *map(str, self.typed.get("read_sources", []))}

    def hidden(self, besides: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
        """Names and values that a page of this draft carries along, but for those it shows itself."""
        yield "key", self.key
        yield "stamp", self.stamp
        yield from (("seen", one) for one in sorted(self.seen))
        for name, value in self.typed.items():
            if name in besides or name in ("language", "personal_data_checked"):
                continue
            for one in value if isinstance(value, list) else [value]:
                yield name, one

    def scrubbed(self) -> "Draft":
        """Without the pieces that look like personal data."""
        clean = {name: personal.scrub(self.typed[name]) for name in intake.FREE_TEXT if name in self.typed}
        return replace(self, typed={**self.typed, **clean})

    def again(self) -> "Draft":
        """The same words as a question of its own."""
        return replace(self, key=str(uuid.uuid4()))

    def doubt(self) -> str:
        """Why this looks like a machine, in a sentence for the person it may well be."""
        if self.website:
            return _(
                "One field has to stay empty, and your browser filled it in. "
                "We emptied it: please send your question once more."
            )
        if self.age() < QUICKEST:
            return _("That was very quick. Please read your question once more, and send it again.")
        return ""

    def age(self) -> float:
        try:
            began = float(signing.loads(self.stamp, salt=SALT))
        except (signing.BadSignature, TypeError, ValueError):
            return 0.0
        return time.time() - began

    def restamped(self) -> "Draft":
        """With a good stamp in the place of a broken one, and without what only a machine fills in."""
        stamp = self.stamp if self.age() > 0 else self.begin().stamp
        return replace(self, stamp=stamp, website="")

    def errors(self) -> dict[str, list[str]]:
        """What is wrong in the fields, personal data left aside."""
        try:
            inputs.clean_form(inputs.Ask, self.data())
        except ValidationError as error:
            return {name: [str(one) for one in found] for name, found in error.message_dict.items()}
        return {}


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `label` says what kind of personal data it looks like."""

    text: str
    label: str = ""


@dataclass(frozen=True)
class Row:
    """A field on the page where one checks what one typed."""

    name: str
    label: str
    pieces: list[Piece]
    found: list[personal.Finding]
    page: str


def mark(piece: str) -> str:
    """What stands for a piece that was checked, in the page."""
    return hashlib.sha256(" ".join(piece.lower().split()).encode()).hexdigest()[:16]


def prefilled(data: QueryDict) -> dict[str, str]:
    """What a link may fill in beforehand; a wrong value is passed over. Never anything that was typed."""
    allowed = {"sector": Sector.values, "role": Role.values}
    given = data.dict()
    return {name: str(given[name]) for name, values in allowed.items() if given.get(name) in values}


def rows(draft: Draft, only: Iterable[str] = ()) -> list[Row]:
    fields = inputs.Ask(draft.data()).fields
    shown = [(page, name) for page, names in PAGES.items() for name in names if not only or name in only]
    return [row_of(page, name, str(draft.typed.get(name, "")), fields[name]) for page, name in shown]


def row_of(page: str, name: str, value: str, field: Any) -> Row:
    found = personal.find_personal_data(value) if name in intake.FREE_TEXT else []
    shown = str(dict(field.choices).get(value, value)) if hasattr(field, "choices") else value
    return Row(name, str(field.label), pieces(shown, found), found, page)


def pieces(text: str, findings: list[personal.Finding]) -> list[Piece]:
    made, at = [], 0
    for one in findings:
        made += [Piece(text[at : one.start]), Piece(text[one.start : one.end], one.label)]
        at = one.end
    return [piece for piece in [*made, Piece(text[at:])] if piece.text]
