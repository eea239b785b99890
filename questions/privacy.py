"""Keeping people out of what is stored: find and scrub personal data, export and erase an asker."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from questions import findable
from questions.models import Asker, Event, Follow, Idempotency, Letter, Message, Participation, Question
from questions.states import OPEN

EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
# Dutch numbers (0, then nine digits) and international ones, with the usual separators; every
# stretch has a bound, so that no text makes this slow.
GAP = r"[^\S\n.()/-]?[.()/-]{0,2}[^\S\n]?"
PHONE = re.compile(rf"(?<![\w+])\(?(?:(?:\+|00)[1-9]\d{{0,2}}(?:{GAP}\d){{8,12}}|0{GAP}[1-9](?:{GAP}\d){{8}})(?!\d)")
# In the usual groups, or digit by digit; also right after the word itself.
NINE = re.compile(
    r"(?:(?<![\w.,])|(?<=bsn)|(?<=bsn[.,]))(?:\d{3}([ .-]?)\d{3}\1\d{3}|\d{4}([ .-]?)\d{2}\2\d{3})(?!\w)"
    r"|(?:(?<![\w.,])|(?<=bsn)|(?<=bsn[.,]))(?<!\d[ .-])\d([ .-])\d(?:\3\d){7}(?!\w|[ .-]\d)",
    re.IGNORECASE,
)
# Marks and formats: what stands between characters and shows nothing, or sits on top of one.
UNSEEN = {"Cf", "Mn", "Me"}
# What has as many digits and names nobody: DOIs, ISBNs, dates, decimals and amounts.
HARMLESS = re.compile(
    r"10\.\d{4,9}/\S+|ISBN[\s:-]{0,3}[\dX -]{10,17}|(?<!\d)\d{1,2}([-/])\d{1,2}\1\d{4}(?!\d)"
    r"|(?<![\w.,])0[.,]\d+(?![.,]?\d)|€\s?[\d.,]+|(?<![\w.,])\d[\d.,]*\s?(?:€|euro\b)",
    re.IGNORECASE,
)


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
    plain, places = as_read(text)
    found = [("email", *match.span()) for match in EMAIL.finditer(plain)]
    digits = HARMLESS.sub(lambda match: "x" * len(match.group()), plain)
    found += [("bsn", *match.span()) for match in NINE.finditer(digits) if is_bsn(match.group())]
    found += [("phone", *match.span()) for match in PHONE.finditer(digits)]
    kept: list[Finding] = []
    for kind, start, end in sorted(found, key=lambda one: (one[1], -one[2])):
        if not kept or places[start] >= kept[-1].end:
            kept.append(Finding(kind, places[start], places[end - 1] + 1))
    return kept


def as_read(text: str) -> tuple[str, Sequence[int]]:
    """`text` as a reader sees it, in plain signs, and the place in `text` of each of them."""
    if text.isascii():
        return text, range(len(text))
    signs, places = [], []
    for place, sign in enumerate(text):
        if unicodedata.category(sign) in UNSEEN:
            continue
        same = unicodedata.normalize("NFKC", sign)
        digit = unicodedata.decimal(sign, None)
        signs.append(str(digit) if digit is not None else same if len(same) == 1 else sign)
        places.append(place)
    return "".join(signs), places


def refuse(cleaned: Mapping[str, Any], names: Iterable[str], words: Any = None) -> None:
    """Raises a ValidationError with field, kind and place of each piece of personal data in `cleaned`."""
    words = words or _(
        "Characters %(start)s to %(end)s look like %(label)s. Please leave it out: everybody will read this."
    )
    errors: dict[str, list[ValidationError]] = {}
    for name in names:
        for one in find_personal_data(cleaned[name]):
            params = {"start": one.start + 1, "end": one.end, "label": one.label, "kind": one.kind}
            errors.setdefault(name, []).append(ValidationError(words, code="personal_data", params=params))
    if errors:
        raise ValidationError(errors)


def is_bsn(text: str) -> bool:
    """Whether the nine digits pass the check of the Dutch citizen number (weights 9..2 and -1, modulo 11)."""
    digits = [int(sign) for sign in text if sign.isdecimal()]
    total = sum(weight * digit for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True))
    return any(digits) and total % 11 == 0


def scrub(text: str) -> str:
    """`text` with every finding replaced by dots."""
    for finding in reversed(find_personal_data(text)):
        text = f"{text[: finding.start]}[…]{text[finding.end :]}"
    return text


def export(asker: Asker) -> dict[str, Any]:
    """All that the desk holds of `asker`, as plain data."""
    parts = list(asker.participations.select_related("question").order_by("created_at"))
    return {
        "email": asker.email,
        "name": asker.name,
        "language": asker.language,
        "since": asker.created_at.isoformat(),
        "questions": [export_part(part) for part in parts],
        **export_follows(asker),
    }


def export_follower(asker: Asker) -> dict[str, Any]:
    """What is kept of `asker` as a follower. A digest is easily passed on: its link opens no question."""
    return {"email": asker.email, "language": asker.language, **export_follows(asker)}


def export_follows(asker: Asker) -> dict[str, Any]:
    return {
        "follows": [export_follow(follow) for follow in asker.follows.select_related("theme", "item")],
        "letters": [export_letter(letter) for letter in asker.letters.order_by("created_at")],
    }


def export_follow(follow: Follow) -> dict[str, Any]:
    """What is followed: the slug of a theme, the number of an answer or the query of a search."""
    theme, item = follow.theme, follow.item
    return {
        "theme": theme.slug if theme else None,
        "answer": item.number if item else None,
        "search": follow.search or None,
        "often": follow.often,
        "asked_at": follow.created_at.isoformat(),
        "confirmed_at": follow.confirmed_at.isoformat() if follow.confirmed_at else None,
    }


def export_letter(letter: Letter) -> dict[str, Any]:
    return {"at": letter.created_at.isoformat(), "kind": letter.kind, "sent": letter.sent_at is not None}


def export_part(part: Participation) -> dict[str, Any]:
    """One part in a question; the words of a question that somebody else asked are not theirs."""
    question = part.question
    own = ("text", "context", "tried", "on_behalf_of", "sector", "role") if part.decides else ()
    return {
        "number": question.number,
        "kind": part.kind,
        "state": question.state,
        "asked_at": question.created_at.isoformat(),
        **{name: getattr(question, name) for name in own},
        "messages": list(question.messages.filter(participation=part).values_list("body", flat=True)),
        "history": [
            {"at": event.at.isoformat(), "name": event.name, "why": event.why, "data": event.data}
            for event in Event.objects.filter(participation=part)
        ],
        "letters": [export_letter(letter) for letter in part.letters.order_by("created_at")],
    }


def erase(asker: Asker) -> None:
    """Forget `asker`: the contact data, what they follow, their messages and the free text of cases that are theirs alone.

    Published answers, numbers and the history without persons stay, so that statistics survive.
    """
    with transaction.atomic():
        # The cases first, as the door does: somebody may be at work on one of them.
        cases = Question.objects.filter(participations__asker=asker).order_by("pk")
        list(cases.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
        for part in list(asker.participations.select_related("question")):
            Message.objects.filter(participation=part).update(body="[…]")
            Event.objects.filter(participation=part).update(why="", data={})
            Idempotency.objects.filter(question=part.question).delete()
            part.letters.all().delete()
            part.close_link()
            forget_words(part)
        asker.delete()


def forget_words(part: Participation) -> None:
    """Remove what the asker typed; the agreed question stays when an answer rests on it.

    While somebody else waits for the same answer, the bare question stays too.
    """
    question = part.question
    others = question.participations.exclude(asker=None).exclude(pk=part.pk).exists()
    if others and not part.decides:
        return
    question.context = question.tried = question.on_behalf_of = ""
    question.organisation = None
    if not others:
        question.text = question.articulated or "[…]"
        Message.objects.filter(question=question).update(body="[…]")
    question.save(update_fields=["context", "tried", "on_behalf_of", "text", "organisation"])
    if question.item is not None and question.item.living() is None:
        question.item.entitle(question.title)  # a title made before the question was sharpened
        question.item.save(update_fields=["title", "slug"])
    if question.state in OPEN and question.confirmed_at:
        findable.put_question(question)
    else:
        findable.drop_question(question)
