"""Keeping people out of what is stored: find and scrub personal data, export and erase an asker."""

import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from questions import findable
from questions.models import Asker, Event, Message, Question
from questions.states import OPEN

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Dutch numbers (0 or +31, then nine digits) and international ones, with the usual separators.
PHONE = re.compile(r"(?<![\w+])(?:(?:\+|00)\d{1,3}[\s.()-]*(?:\d[\s.()-]*){8,11}|0(?:[\s.()-]*\d){9})(?!\d)")
NINE = re.compile(r"(?<![\d.,])\d{3}[ .]?\d{3}[ .]?\d{3}(?![\d])|(?<![\d.,])\d{4}[ .]?\d{2}[ .]?\d{3}(?!\d)")


@dataclass(frozen=True)
class Finding:
    """A piece of personal data: its kind and its place in the text, in characters from 0."""

    kind: str
    start: int
    end: int

    @property
    def label(self) -> str:
        return str(LABELS[self.kind])


LABELS = {"email": _("an e-mail address"), "phone": _("a phone number"), "bsn": _("a citizen number (BSN)")}


def find_personal_data(text: str) -> list[Finding]:
    """E-mail addresses, phone numbers and citizen numbers in `text`, in order, never overlapping."""
    found = [Finding("email", *match.span()) for match in EMAIL.finditer(text)]
    found += [Finding("bsn", *match.span()) for match in NINE.finditer(text) if is_bsn(match.group())]
    found += [Finding("phone", match.start(), match.start() + len(match.group().rstrip(" .()-")))
              for match in PHONE.finditer(text)]
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return kept


def is_bsn(text: str) -> bool:
    """Whether the nine digits pass the check of the Dutch citizen number (weights 9..2 and -1, modulo 11)."""
    digits = [int(sign) for sign in text if sign.isdecimal()]
    total = sum(weight * digit for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True))
    return any(digits) and total % 11 == 0


def scrub(text: str) -> str:
    """`text` with every finding replaced by dots."""
    for finding in reversed(find_personal_data(text)):
        text = f"{text[:finding.start]}[…]{text[finding.end:]}"
    return text


def export(asker: Asker) -> dict[str, Any]:
    """All that the desk holds of `asker`, as plain data."""
    parts = asker.participations.select_related("question")
    return {
        "email": asker.email,
        "name": asker.name,
        "language": asker.language,
        "since": asker.created_at.isoformat(),
        "questions": [
            {
                "number": part.question.number,
                "kind": part.kind,
                "state": part.question.state,
                "text": part.question.text,
                "context": part.question.context,
                "tried": part.question.tried,
                "on_behalf_of": part.question.on_behalf_of,
                "asked_at": part.question.created_at.isoformat(),
                "messages": list(part.question.messages.filter(participation=part).values_list("body", flat=True)),
            }
            for part in parts
        ],
    }


def erase(asker: Asker) -> None:
    """Forget `asker`: the contact data, their messages and the free text of cases that are theirs alone.

    Published answers, numbers and the history without persons stay, so that statistics survive.
    """
    with transaction.atomic():
        for part in list(asker.participations.select_related("question")):
            Message.objects.filter(participation=part).update(body="[…]")
            Event.objects.filter(participation=part).update(why="", data={})
            if part.decides:
                forget_words(part.question)
            part.letters.all().delete()
        asker.delete()


def forget_words(question: Question) -> None:
    """Remove what the asker typed; the agreed question stays when an answer rests on it."""
    others = question.participations.exclude(asker=None).count() > 1
    if others:
        return
    question.context = question.tried = question.on_behalf_of = ""
    question.text = question.articulated or "[…]"
    question.organisation = None
    question.save(update_fields=["context", "tried", "on_behalf_of", "text", "organisation"])
    if question.state in OPEN and question.confirmed_at:
        findable.put_question(question)
    else:
        findable.drop_question(question)
