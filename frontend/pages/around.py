"""What stands around every page: languages and where one is."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language, get_language_info

from brokers.models import Desk
from frontend.pages import notices


@dataclass(frozen=True)
class Language:
    code: str
    name: str
    url: str
    current: bool

    @property
    def path(self) -> str:
        """Its address without what was asked of it."""
        return self.url.partition("?")[0]


def site(request: HttpRequest) -> dict[str, Any]:
    """The context of every template; what costs a query is a function, called only when shown."""
    here = request.get_full_path()
    now = language()
    return {
        "languages": [
            Language(
                code=code,
                name=get_language_info(code)["name_local"].capitalize(),
                url=translate_url(here, code),
                current=code == now,
            )
            for code, _name in settings.LANGUAGES
        ],
        "canonical": settings.BASE_URL + request.path,
        "is_example": is_example,
        "notices_waiting": lambda: notices.waiting(request),
        "base_url": settings.BASE_URL,
        "theme": bool(settings.THEME),
    }


def is_example() -> bool:
    """Whether this desk shows example content."""
    return Desk.objects.filter(is_default=True, demo_loaded_at__isnull=False).exists()


def language() -> str:
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def short_month() -> str:
    """The format of a month in three letters, of which Dutch writes none as a capital."""
    return "b" if language() == "nl" else "M"


def local(row: Any, field: str) -> str:
    """`field` of `row` in the reader's language, else in the other one."""
    codes = [language(), *(code for code, _name in settings.LANGUAGES)]
    return next((text for code in codes if (text := getattr(row, f"{field}_{code}", ""))), "")
