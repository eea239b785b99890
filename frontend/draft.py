"""A question on its way in: what was typed in earlier steps travels along in hidden fields."""

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from frontend import forms
from frontend.pages.around import language
from questions import inputs, intake, limits, privacy

QUICKEST = 2.0  # seconds from the first page to sending; nobody reads and types faster
SALT = "frontend.ask"


@dataclass(frozen=True)
class Draft:
    """`key` makes a double click one question; `stamp` tells when the first page was opened."""

    typed: dict[str, Any]
    key: str
    stamp: str
    website: str = ""

    @classmethod
    def begin(cls, **typed: str) -> "Draft":
        return cls(typed, str(uuid.uuid4()), signing.dumps(time.time(), salt=SALT))

    @classmethod
    def of(cls, data: QueryDict) -> "Draft":
        typed = forms.posted(inputs.Ask, data)
        typed |= {name: typed[name].strip() for name in intake.FREE_TEXT if name in typed}
        fresh = cls.begin()
        return cls(typed, data.get("key") or fresh.key, data.get("stamp") or fresh.stamp, data.get("website", ""))

    @property
    def text(self) -> str:
        return str(self.typed.get("text", ""))

    def is_too_long(self) -> bool:
        return any(len(self.typed.get(name, "")) > limits.QUESTION for name in intake.FREE_TEXT)

    def data(self) -> dict[str, Any]:
        """What the domain gets."""
        return {**self.typed, "language": language()}

    def hidden(self, besides: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
        """Names and values that a page of this draft carries along, but for those it shows itself."""
        yield "key", self.key
        yield "stamp", self.stamp
        for name, value in self.typed.items():
            if name in besides or name == "language":
                continue
            for one in value if isinstance(value, list) else [value]:
                yield name, one

    def scrubbed(self) -> "Draft":
        """Without the pieces that look like personal data."""
        clean = {name: privacy.scrub(self.typed[name]) for name in intake.FREE_TEXT if name in self.typed}
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
    found: list[str]


def rows(draft: Draft) -> list[Row]:
    fields = inputs.Ask(draft.data()).fields
    return [
        row_of(name, str(draft.typed.get(name, "")), fields[name])
        for name in ("text", "context", "tried", "sector", "role", "on_behalf_of", "name", "email")
    ]


def row_of(name: str, value: str, field: Any) -> Row:
    found = privacy.find_personal_data(value) if name in intake.FREE_TEXT else []
    shown = str(dict(field.choices).get(value, value)) if hasattr(field, "choices") else value
    return Row(name, str(field.label), pieces(shown, found), [one.label for one in found])


def pieces(text: str, findings: list[privacy.Finding]) -> list[Piece]:
    made, at = [], 0
    for one in findings:
        made += [Piece(text[at : one.start]), Piece(text[one.start : one.end], one.label)]
        at = one.end
    return [piece for piece in [*made, Piece(text[at:])] if piece.text]
