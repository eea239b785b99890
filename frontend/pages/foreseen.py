"""The mail of an outcome before it goes: read first, and again when something was changed since.

The page of triage and that of a case both ask here.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from questions import foresight
from questions.foresight import Foreseen
from questions.models import Question
from questions.triage import OUTCOMES, REVISIONS


@dataclass(frozen=True)
class Seen:
    """The letters of step `name` with what was typed for it; `seal` tells whether that is still the same."""

    name: str
    words: Mapping[str, Any]
    letters: list[Foreseen]
    seal: str


def comes_first(name: str) -> bool:
    """Whether step `name` is an outcome that writes to who asked, so that its mail is read before it is taken."""
    return name in (*OUTCOMES, *REVISIONS) and foresight.writes(name)


def look(question: Question, name: str, words: Mapping[str, Any], *, by: Any) -> Seen:
    """The letters if `by` took the step now; nothing happens. Raises what the door raises."""
    return Seen(name, words, foresight.letters_of(question, name, by=by, data=words), seal(name, words))


def is_seen(name: str, words: Mapping[str, Any], given: str | None) -> bool:
    """Whether step `name` may be taken with `words`: nobody has to read its mail, or who sent `given` has."""
    return not comes_first(name) or given == seal(name, words)


def seal(name: str, words: Mapping[str, Any]) -> str:
    """Tells whether what is sent is what the letters on the page were made of."""
    plain = json.dumps([name, sorted((key, value) for key, value in words.items())], sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:24]
