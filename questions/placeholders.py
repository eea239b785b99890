"""The fields of a ready-made text, such as {number}: which there are, filling them in, finding what is left."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# What each stands for, in words for who writes the texts.
FIELDS: dict[str, Any] = {
    "greeting": _("a friendly first word, without a name: what is written here stays when somebody is erased"),
    "question": _("the sharpened question; before there is one the question as it was asked"),
    "number": _("the number of the question"),
    "broker": _("who works on the question, or who writes this"),
    "desk": _("the name of the desk"),
    "answer": _("the title of the answer or source that you name"),
    "link": _("the public address of that answer or source"),
    "…": _("a place for your own words: whoever uses the text has to write something there"),
}
FIELD = re.compile(r"\{\s*([A-Za-z_]{1,40}|…)\s*\}")


def names(text: str) -> list[str]:
    """The fields that stand in `text`, each once, in their order."""
    return list(dict.fromkeys(FIELD.findall(text)))


def unknown(text: str) -> list[str]:
    return [name for name in names(text) if name not in FIELDS]


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with every field of which there is a value; the others stay, so that everybody sees them."""
    return FIELD.sub(lambda match: values.get(match[1]) or match[0], text)


def listed(fields: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in fields)


def check_known(text: str) -> None:
    """Raises a ValidationError that names the fields nobody could fill in."""
    if wrong := unknown(text):
        raise ValidationError(
            _("This field does not exist: %(fields)s. You can use: %(known)s."),
            params={"fields": listed(wrong), "known": listed(list(FIELDS))},
            code="unknown_field",
        )


def check_filled(text: str) -> None:
    """Raises a ValidationError when a field is left that the asker would read as {field}."""
    if left := names(text):
        raise ValidationError(
            _("Fill this in, or take it out: %(fields)s."), params={"fields": listed(left)}, code="open_field"
        )
