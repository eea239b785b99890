"""The queue of the desk: tabs, filters and lines."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext_lazy

from brokers.sectors import Sector
from evidence.models import Theme
from frontend.pages.around import local
from questions import queue, reading, reporting, workflow
from questions.models import Question, Version
from questions.refusals import NotNow
from questions.states import OPEN, State, Turn, VersionState

PAGE = 25
CAP = 1_000
NEWEST, OLDEST = ("-created_at", "-pk"), ("confirmed_at", "pk")


@dataclass(frozen=True)
class Tab:
    """One view of the queue. `rows` narrows the cases a person may see."""

    name: str
    label: Any
    rows: Callable[[Any, Any], Any]
    order: tuple[str, str] = NEWEST


def mine(rows: Any, user: Any) -> Any:
    return rows.filter(assignee=user, state__in=[State.ASSIGNED, State.ANSWERED])


def unclaimed(rows: Any, user: Any) -> Any:
    return rows.filter(pk__in=queue.waiting().values("pk"))


def offered(rows: Any, user: Any) -> Any:
    """Cases of brokers who are away: others may take them over."""
    return rows.filter(pk__in=queue.offered(user).values("pk"))


def to_review(rows: Any, user: Any) -> Any:
    """Cases with an answer in review that this person may judge: never their own."""
    if not user.has_perm("questions.review_version"):
        return rows.none()
    versions = Version.objects.filter(state=VersionState.IN_REVIEW).exclude(authors=user)
    return rows.filter(item__in=versions.values("item"))


def to_publish(rows: Any, user: Any) -> Any:
    if not user.has_perm("questions.publish_question"):
        return rows.none()
    versions = Version.objects.filter(state=VersionState.APPROVED).exclude(authors=user)
    return rows.filter(state__in=[State.ANSWERED, State.PUBLISHED], item__in=versions.values("item"))


def reported(rows: Any, user: Any) -> Any:
    """Cases with an answer in which a reader reported a mistake that waits."""
    return rows.filter(item__in=reporting.waiting().values("version__item"))


def is_open(rows: Any, user: Any) -> Any:
    return rows.filter(state__in=OPEN)


def everything(rows: Any, user: Any) -> Any:
    return rows


TABS = (
    Tab("mine", gettext_lazy("My cases"), mine),
    Tab("unclaimed", gettext_lazy("Waiting for a broker"), unclaimed, OLDEST),
    Tab("offered", gettext_lazy("Offered: their broker is away"), offered, OLDEST),
    Tab("review", gettext_lazy("To review"), to_review),
    Tab("publish", gettext_lazy("To publish"), to_publish),
    Tab("reported", gettext_lazy("Reported mistakes"), reported),
    Tab("open", gettext_lazy("All open"), is_open),
    Tab("all", gettext_lazy("Everything"), everything),
)


@dataclass(frozen=True)
class TabLink:
    name: str
    label: str
    count: str
    chosen: bool


@dataclass(frozen=True)
class Row:
    pk: uuid.UUID
    number: int | None
    title: str
    state: str
    tone: str
    sector: str
    themes: list[str]
    broker: str
    turn: str
    since: datetime | None
    may_claim: bool
    reported: int  # corrections by readers that wait


@dataclass(frozen=True)
class Queue:
    tabs: list[TabLink]
    tab: str
    rows: list[Row]
    more: str
    filters: dict[str, Any]
    chosen: Mapping[str, str]
    is_filtered: bool
    may_claim_next: bool


def page(user: Any, given: Mapping[str, str]) -> Queue:
    tab = tab_named(given.get("tab", ""), user)
    chosen = {name: given.get(name, "").replace("\x00", "").strip()[:200] for name in ("state", "sector", "theme", "q")}
    cases = tab.rows(reading.listed(user, **chosen), user)
    rows = list(after(cases, tab.order, given.get("after", ""))[: PAGE + 1])
    more = (
        urlencode({"tab": tab.name, **{k: v for k, v in chosen.items() if v}, "after": rows[PAGE - 1].pk})
        if len(rows) > PAGE
        else ""
    )
    waiting = reporting.waiting_by_item(row.item_id for row in rows)
    return Queue(
        tabs=[
            TabLink(one.name, str(one.label), capped(one.rows(reading.cases(user), user)), one.name == tab.name)
            for one in TABS
        ],
        tab=tab.name,
        rows=[line(row, user, waiting.get(row.item_id, 0)) for row in rows[:PAGE]],
        more=more,
        filters=filters(),
        chosen=chosen,
        is_filtered=any(chosen.values()),
        may_claim_next=user.has_perm("questions.work_question"),
    )


def tab_named(name: str, user: Any) -> Tab:
    """The wanted tab; brokers start with their own cases, others with all that is open."""
    start = "mine" if user.has_perm("questions.work_question") else "open"
    return next((tab for tab in TABS if tab.name == name), None) or next(tab for tab in TABS if tab.name == start)


def capped(rows: Any) -> str:
    """How many; beyond 999 nobody needs to know, and counting a big table costs time."""
    count = rows.order_by().values("pk")[:CAP].count()
    return "999+" if count >= CAP else str(count)


def after(rows: Any, order: tuple[str, str], last: str) -> Any:
    """The rows that come after the one with id `last`, in `order`: no page slows down with its number."""
    rows = rows.order_by(*order)
    row = Question.objects.confirmed().filter(pk=last).first() if is_uuid(last) else None
    if row is None:
        return rows
    field, way = order[0].lstrip("-"), "lt" if order[0].startswith("-") else "gt"
    value = getattr(row, field)
    return rows.filter(Q(**{f"{field}__{way}": value}) | Q(**{field: value, f"pk__{way}": row.pk}))


def is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def filters() -> dict[str, Any]:
    return {
        "state": State.choices,
        "sector": Sector.choices,
        "theme": [(theme.slug, local(theme, "label")) for theme in Theme.objects.all()],
    }


def line(row: Question, user: Any, reported: int) -> Row:
    return Row(
        pk=row.pk,
        number=row.number,
        title=row.title,
        state=str(State(row.state).label),
        tone=str(row.state),
        sector=str(Sector(row.sector).label),
        themes=[local(theme, "label") for theme in row.themes.all()],
        broker=str(row.assignee or ""),
        turn=str(Turn(row.turn).label),
        since=row.confirmed_at,
        may_claim=may(row, "claim", user),
        reported=reported,
    )


def may(row: Question, name: str, user: Any) -> bool:
    """Whether the move is declared from here and permitted; its conditions are left to the door."""
    try:
        return bool(workflow.find_move(row, name).has_perm(row, user))
    except NotNow:
        return False
