"""Lists: cursor pages, and query strings that are checked like bodies."""

from datetime import UTC
from typing import Any

from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from api.shapes import absolute
from questions import keyset, listing
from questions.suggest import DEPTH


class Newest(CursorPagination):
    """Newest first; `limit` from 1 to 100."""

    page_size = 25
    max_page_size = 100
    page_size_query_param = "limit"
    cursor_query_param = "cursor"
    ordering: Any = ("-created_at", "pk")

    def get_page_size(self, request: Request) -> int:
        value = request.query_params.get(self.page_size_query_param or "", str(self.page_size))
        if not (value.isascii() and value.isdecimal() and len(value) <= 3 and 1 <= int(value) <= self.max_page_size):
            raise ValidationError({"limit": [f"limit is a whole number from 1 to {self.max_page_size}."]})
        return int(value)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The place in the list; one that somebody made up never reaches the database."""
        found = super().decode_cursor(request)
        if found is None or found.position is None:
            return found
        place: Any = moment(str(found.position))  # the stubs take it for a number
        return found._replace(position=place)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        page: list[Any] | None = super().paginate_queryset(queryset, request, view=view)
        # `next` leads to this desk, whatever Host the caller sent.
        self.base_url = absolute(request.get_full_path())
        return page


def moment(position: str) -> str:
    """A time in UTC: PostgreSQL refuses zones and years that Python reads; NotFound when it is none."""
    try:
        found = parse_datetime(position)
        if found is None or found.tzinfo is None:
            raise ValueError(position)
        return found.astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        raise NotFound(Newest.invalid_cursor_message) from None


class Queued(Newest):
    """Pages of the desk's queue: they follow its own order, and a cursor names a place in it."""

    def __init__(self, user: Any, what: listing.Wanted) -> None:
        self.user, self.what = user, what

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        cursor = request.query_params.get("cursor", "")
        way, at = cursor[:1], cursor[1:]
        if cursor and (way not in ("a", "b") or keyset.place(at) is None):
            raise NotFound(self.invalid_cursor_message)
        self.base_url = absolute(request.get_full_path())
        after, before = (at, "") if way == "a" else ("", at)
        size = self.get_page_size(request)
        self.found = listing.page(self.user, self.what, after=after, before=before, size=size)
        return self.found.rows

    def get_next_link(self) -> str | None:
        return self.link("a", self.found.after)

    def get_previous_link(self) -> str | None:
        return self.link("b", self.found.before)

    def link(self, way: str, at: str) -> str | None:
        return replace_query_param(str(self.base_url), "cursor", f"{way}{at}") if at else None


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


def number(value: str) -> int:
    """The number of a page, the first when none is asked for."""
    if not value:
        return 1
    if not (value.isascii() and value.isdecimal() and len(value) <= 3 and 1 <= int(value) <= DEPTH):
        raise ValidationError({"page": [f"page is a whole number from 1 to {DEPTH}."]})
    return int(value)


def choice(name: str, value: str, allowed: Any) -> str:
    """`value` when it is empty or one of `allowed`; a 400 that lists them otherwise."""
    if value and value not in allowed:
        raise ValidationError({name: [f"Choose one of: {', '.join(allowed)}."]})
    return value
