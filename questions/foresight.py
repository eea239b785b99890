"""The letters that a step would write, before anybody takes it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from questions import recipients, rendering, workflow
from questions.models import Letter, Question


@dataclass(frozen=True)
class Foreseen:
    """One letter as `people` of those who asked would get it."""

    kind: str
    people: int
    message: EmailMultiAlternatives


def writes(name: str) -> bool:
    """Whether somebody who asked gets a letter about step `name`."""
    return any(kind != "left" for kind, _recipients in recipients.WRITES.get(name, []))


def letters_of(question: Question, name: str, *, by: Any, data: Mapping[str, Any]) -> list[Foreseen]:
    """The letters to who asked if `by` took step `name` now: the step is taken, its letters are read, all is undone.

    Raises what the door raises. The links in them are not those of the askers.
    """
    with transaction.atomic():
        row = workflow.perform(question, name, by=by, data=data)
        event = row.events.filter(name=name).latest("id")
        rows = Letter.objects.filter(event=event, user=None)
        found = list(rows.select_related("event__question", "participation__asker", "participation__origin"))
        made = [(letter, rendering.foreseen(letter)) for letter in found]
        transaction.set_rollback(True)
    shown = [(letter.kind, message) for letter, message in made if message is not None]
    return [*grouped(shown)]


def grouped(letters: list[tuple[str, EmailMultiAlternatives]]) -> list[Foreseen]:
    """The same letter to several people is shown once."""
    counts = Counter((kind, str(one.subject), str(one.body)) for kind, one in letters)
    first = {(kind, str(one.subject), str(one.body)): one for kind, one in reversed(letters)}
    return [Foreseen(key[0], people, first[key]) for key, people in counts.items()]
