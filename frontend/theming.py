"""The theme of a public body: one file of design tokens, served with the other static files.

`THEME` names it; pages load it after our own stylesheet, so what it sets holds (docs/theming.md).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "theme/tokens.css"


class OneFile(FileSystemStorage):
    """A storage in which one file lies, under the name that pages use."""

    def path(self, name: str) -> str:
        return str(settings.THEME)


class ThemeFinder(BaseFinder):
    """Finds `theme/tokens.css`, and nothing else of the folder in which the theme lies."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if not settings.THEME or path != NAME:
            return []
        return [settings.THEME] if find_all else settings.THEME

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        if settings.THEME and Path(settings.THEME).is_file():
            yield NAME, OneFile(location=Path(settings.THEME).parent)
