"""The data of public pages, kept for visitors: never a response, so that no cookie, token or message goes along."""

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

from django.http import HttpRequest

from evidence import kept
from frontend.pages.around import language

T = TypeVar("T")


def stamp() -> str:
    """Another one for other code: what an earlier release kept has another shape."""
    made = blake2b(digest_size=8)
    for file in sorted((Path(__file__).parent / "pages").glob("*.py")):
        made.update(file.read_bytes())
    return made.hexdigest()


STAMP = stamp()


def page(request: HttpRequest, name: str, make: Callable[[], T]) -> T:
    """What `make` gives for the page `name` in the reader's language; always anew for who is logged in."""
    if request.user.is_authenticated:
        return make()
    return kept.value(f"{STAMP} {language()} {name}", make)
