"""What pages cannot do without, said before anything starts."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Error

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
