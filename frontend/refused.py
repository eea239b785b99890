"""The desk's refusals as pages say them: a status, sentences, and what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from questions.refusals import NotNow, NotYou, Stale, TooMany


class Changed(Exception):
    """What somebody is about to judge is not the text that they saw; the message says so."""


REFUSALS = (NotNow, NotYou, Stale, Changed, TooMany, ValidationError)
STATUS: dict[type[Exception], int] = {
    NotNow: 409,
    NotYou: 403,
    Stale: 412,
    Changed: 412,
    TooMany: 429,
    ValidationError: 400,
}


@dataclass(frozen=True)
class Problem:
    """A line of the summary above a page, and the id of the field it is about ("" when there is none)."""

    sentence: str
    target: str


@dataclass(frozen=True)
class Refused:
    """Why something was not done. `action` names the form it came from, `typed` what stood in it.

    `labels` and `targets` say how a field is called and what its id is, where that is not `action`-name.
    """

    status: int
    sentences: list[str]
    action: str = ""
    typed: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[str, str] = field(default_factory=dict)
    retry_after: int = 0

    @property
    def problems(self) -> list[Problem]:
        """Every error of a field, said with the name of the field."""
        return [
            Problem(self.named(name, sentence), self.target(name))
            for name, found in self.errors.items()
            if name
            for sentence in found
        ]

    def named(self, name: str, sentence: str) -> str:
        label = self.labels.get(name, "")
        return sentence if label.casefold() in sentence.casefold() else f"{label}: {sentence}"

    def target(self, name: str) -> str:
        return self.targets.get(name, f"{self.action}-{name}" if name in self.labels else "")

    @property
    def words(self) -> list[tuple[str, str]]:
        """What was typed, by the names the page gave it."""
        return [(self.labels.get(name, name), str(value)) for name, value in self.typed.items() if value]


def refused(error: Exception, action: str = "", typed: Mapping[str, Any] | None = None, form: Any = None) -> Refused:
    kind = next(kind for kind in STATUS if isinstance(error, kind))
    return Refused(
        status=STATUS[kind],
        sentences=sentences(error),
        action=action,
        typed=typed or {},
        errors=by_field(error) if isinstance(error, ValidationError) else {},
        labels=labels_of(form) if form else {},
        retry_after=getattr(error, "retry_after", 0),
    )


def labels_of(form: Any) -> dict[str, str]:
    return {name: str(one.label) for name, one in form.base_fields.items() if one.label}


def sentences(error: Exception) -> list[str]:
    if isinstance(error, Stale):
        return [_("Somebody changed the text since you read it. Your text is kept: see both below.")]
    if isinstance(error, ValidationError):
        return by_field(error).get("", []) or [_("Something is not right yet. Look at the marked fields.")]
    return list(getattr(error, "missing", [])) or [str(error)]


def by_field(error: ValidationError) -> dict[str, list[str]]:
    """The sentences of each field; those of no field under the empty name."""
    if not hasattr(error, "error_dict"):
        return {"": list(error.messages)}
    found: dict[str, list[str]] = {}
    for name, messages in error.message_dict.items():
        found.setdefault("" if name in {"non_field_errors", "__all__"} else name, []).extend(messages)
    return found
