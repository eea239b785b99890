"""What pages cannot do without, and what can be wrong with what the operator declares: said before anything starts."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Error, Warning

from frontend import declared

STYLESHEET = "frontend/built/rotonde.css"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
TOKEN = re.compile(r"--[\w-]+\s*:.*", re.DOTALL)
OUTSIDE = re.compile(r"@import|url\(|expression\(", re.IGNORECASE)


def stylesheet(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The stylesheet is made from packages at `make install`, and is not in the repository."""
    if finders.find(STYLESHEET):
        return []
    return [
        Error(
            "The stylesheet of the pages has not been built.",
            hint="Run `make install` (or `make looks`, which builds only this).",
            id="frontend.E001",
        )
    ]


def theme(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A theme that is not there, or is more than tokens, would only be noticed by who looks."""
    if not settings.THEME:
        return []
    path = Path(settings.THEME)
    if not path.is_file():
        return [Error(f"THEME names the file {path}, which does not exist.", id="frontend.E002")]
    if not is_tokens(path.read_text(encoding="utf-8")):
        return [
            Error(
                f"THEME ({path}) may hold nothing but design tokens: --name: value, inside :root {{ … }}.",
                hint="docs/theming.md shows such a file.",
                id="frontend.E003",
            )
        ]
    return []


def is_tokens(css: str) -> bool:
    """Whether `css` is blocks of custom properties and nothing else; it names no other file either."""
    plain = COMMENT.sub("", css)
    if OUTSIDE.search(plain) or plain.count("{") != plain.count("}"):
        return False
    parts = re.split(r"([{};])", plain)
    said = [part.strip() for part, end in zip(parts[::2], [*parts[1::2], ""], strict=True) if end != "{"]
    return all(TOKEN.fullmatch(part) for part in said if part)


def statements_are_sound(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A status or a date that is none would silently stay away from the page."""
    found: list[CheckMessage] = []
    if (status := settings.ACCESSIBILITY_STATUS) and status not in declared.STATUSES:
        found.append(Error(f"ACCESSIBILITY_STATUS must be full, partial or none, not {status!r}.", id="frontend.E004"))
    for name in ("ACCESSIBILITY_DATE", "PRIVACY_DATE"):
        if (text := getattr(settings, name)) and declared.day(text) is None:
            found.append(Error(f"{name} must be a date such as 2026-11-30, not {text!r}.", id="frontend.E005"))
    return found


def statements_are_complete(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """For `manage.py check --deploy`: nobody should publish half a statement without knowing."""
    empty = declared.missing()
    if not empty:
        return []
    return [
        Warning(
            f"The statements on accessibility and privacy are not complete: {', '.join(empty)}.",
            hint="Set them (.env.example says how); until then the pages say that they are not filled in.",
            id="frontend.W001",
        )
    ]
