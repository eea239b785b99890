"""The letters of the desk, to look at: every kind in every language, made up, as it would be sent."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from questions.letters import LETTERS, TO_DESK, TO_INVITED
from questions.rendering import example

HEADERS = ("From", "To", "Reply-To", "Subject", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post")


@dataclass(frozen=True)
class Listed:
    kind: str
    letters: list[tuple[str, str]]  # (language, subject)


@dataclass(frozen=True)
class Group:
    name: str
    rows: list[Listed]


@dataclass(frozen=True)
class Shown:
    kind: str
    language: str
    subject: str
    headers: list[tuple[str, str]]
    text: str
    others: list[str]  # the other languages it can be seen in


def groups() -> list[Group]:
    rows = [Listed(kind, [(code, subject(kind, code)) for code in codes()]) for kind in LETTERS]
    return [
        Group(_("To askers"), [row for row in rows if row.kind not in TO_DESK | TO_INVITED]),
        Group(_("To invited reviewers"), [row for row in rows if row.kind in TO_INVITED]),
        Group(_("To people of the desk"), [row for row in rows if row.kind in TO_DESK]),
    ]


def codes() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def subject(kind: str, language: str) -> str:
    message = example(kind, language)
    return str(message.subject) if message else ""


def shown(message: EmailMultiAlternatives, kind: str, language: str) -> Shown:
    mime: Any = message.message()
    return Shown(
        kind=kind,
        language=language,
        subject=str(message.subject),
        headers=[(name, str(message.subject if name == "Subject" else mime[name])) for name in HEADERS if mime[name]],
        text=str(message.body),
        others=[code for code in codes() if code != language],
    )


def html_of(message: EmailMultiAlternatives) -> str:
    return str(message.alternatives[0][0])
