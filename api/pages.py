"""Lists: cursor pages, and query strings that are checked like bodies."""

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request


class Newest(CursorPagination):
    """Newest first; `limit` from 1 to 100."""

    page_size = 25
    max_page_size = 100
    page_size_query_param = "limit"
    cursor_query_param = "cursor"
    ordering: Any = ("-created_at", "pk")

    def get_page_size(self, request: Request) -> int:
        value = request.query_params.get(self.page_size_query_param or "", str(self.page_size))
        if not (value.isdecimal() and len(value) <= 3 and 1 <= int(value) <= self.max_page_size):
            raise ValidationError({"limit": [f"limit is a whole number from 1 to {self.max_page_size}."]})
        return int(value)


class NewestAnswers(Newest):
    ordering: Any = ("-published_at", "pk")


class BySourceDate(Newest):
    ordering: Any = ("-created_at", "pk")


def params(request: Request, *names: str) -> dict[str, str]:
    """The query string; an unknown name, a NUL byte or a huge value is refused."""
    found: dict[str, str] = {}
    for name in request.query_params:
        value = request.query_params[name]
        if name not in {*names, "limit", "cursor", "format"}:
            raise ValidationError({name: ["This parameter is not known here."]})
        if "\x00" in value or len(value) > 10_000:
            raise ValidationError({name: ["This value cannot be used."]})
        found[name] = value
    return {name: found.get(name, "") for name in names}


def choice(name: str, value: str, allowed: Any) -> str:
    """`value` when it is empty or one of `allowed`; a 400 that lists them otherwise."""
    if value and value not in allowed:
        raise ValidationError({name: [f"Choose one of: {', '.join(allowed)}."]})
    return value
