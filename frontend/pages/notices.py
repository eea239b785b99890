"""What somebody of the desk should know, as a list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from questions import notices
from questions.models import Notice

MOST, OLD = 100, 20
CAP = 100
# Where in the case that is to be read.
PART: dict[str, str] = {Notice.Kind.MESSAGE: "#dialogue", Notice.Kind.REVIEWED: "#review"}


@dataclass(frozen=True)
class Line:
    pk: int
    url: str
    sentence: str
    title: str
    at: datetime
    tone: str


@dataclass(frozen=True)
class Notices:
    """`count` may be "100+"; `last` is the newest that is shown, so that reading all reads no more than was seen."""

    unread: list[Line]
    count: str
    last: int
    seen: list[Line]


def page(user: Any) -> Notices:
    fresh = list(notices.unread(user).select_related("question")[:MOST])
    return Notices(
        unread=[line(row) for row in fresh],
        count=count(user),
        last=max((row.pk for row in fresh), default=0),
        seen=[line(row) for row in notices.seen(user).select_related("question")[:OLD]],
    )


def line(row: Notice) -> Line:
    url = reverse("case", args=[row.question_id]) + PART.get(row.kind, "")
    return Line(row.pk, url, notices.sentence(row), row.question.title, row.at, row.kind)


def count(user: Any) -> str:
    """How many are unread; empty when none are."""
    found = notices.unread(user).order_by().values("pk")[:CAP].count()
    return "" if not found else f"{CAP - 1}+" if found >= CAP else str(found)


def waiting(request: HttpRequest) -> str:
    """The count beside the link to this page, for whoever is logged in."""
    user = getattr(request, "user", None)
    return count(user) if user is not None and user.is_authenticated else ""
