"""How much every broker has in hand, against what they can carry."""

from typing import Any

from django.db.models import Count

from brokers.models import Broker
from questions.models import Question
from questions.periods import Period
from questions.states import State
from questions.tables import Row, Table
from questions.took import in_period

COLUMNS = ("broker", "open", "capacity", "room", "ended", "absent_until")


def may_see_all(user: Any) -> bool:
    """Whoever divides the work sees the load of all; a broker their own, nobody else any."""
    return bool(user.has_perm("questions.coordinate_question"))


def table(user: Any, period: Period) -> Table | None:
    """Cases in hand now and cases ended in the period, of each broker; None for who may see nobody's.

    How long somebody takes is no column: cases differ, and people are not compared by them here.
    """
    brokers = Broker.objects.select_related("user").filter(user__is_active=True)
    if not may_see_all(user):
        brokers = brokers.filter(user=user)
    people = list(brokers)
    if not people and not may_see_all(user):
        return None
    held = Question.objects.filter(state=State.ASSIGNED, assignee__in=[one.user_id for one in people]).order_by()
    opened = dict(held.values_list("assignee").annotate(n=Count("pk")))
    ended = dict(in_period(period).exclude(broker=None).values_list("broker").annotate(n=Count("pk")))
    rows = [row(one, opened.get(one.user_id, 0), ended.get(one.user_id, 0)) for one in people]
    rows.sort(key=lambda one: str(one["broker"]).casefold())
    return Table("load", COLUMNS, rows)


def row(broker: Broker, opened: int, ended: int) -> Row:
    """Without room left it is 0, also for who has more than they can carry."""
    return {
        "broker": str(broker.user),
        "open": opened,
        "capacity": broker.capacity,
        "room": max(0, broker.capacity - opened) if broker.is_present else 0,
        "ended": ended,
        "absent_until": None if broker.is_present else broker.absent_until,
    }
