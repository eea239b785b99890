"""How the desk does, for machines: the tables of `questions.insight` as they are."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.pages import params
from api.views import View, staff
from questions import insight, periods
from questions.periods import Period
from questions.tables import Table

Data = dict[str, Any]


class TableOut(serializers.Serializer[Data]):
    columns = serializers.ListField(child=serializers.CharField(), help_text="the keys of every row, in order")
    rows = serializers.ListField(
        child=serializers.DictField(),
        help_text="a name, a number or a day (2026-11-22) for each column; null: a number that is not told, "
        "since it rests on fewer than `few`",
    )
    few = serializers.IntegerField(help_text="fewer cases or people than this give no number; 0: every number is told")


TABLES = serializers.DictField(
    child=TableOut(),
    help_text=f"by name: {', '.join(name for name in insight.NAMES if name != 'load')} and, of every broker for "
    "coordinators and of themselves for brokers, load",
)
# `from` could not be written in a class.
FIELDS: Data = {**{name: serializers.DateField() for name in periods.FIELDS}, "tables": TABLES}
InsightOut: Any = type("InsightOut", (serializers.Serializer,), FIELDS)
DAYS = [
    OpenApiParameter(name, {"type": "string", "format": "date"}, description=str(field.label))
    for name, field in periods.FIELDS.items()
]


class Insight(View):
    @extend_schema(parameters=DAYS, responses=InsightOut)
    def get(self, request: Request) -> Response:
        """How the desk does, in tables: from a day up to and including another, else of the last twelve months."""
        user = staff(request)
        period = periods.read(params(request, *periods.FIELDS))
        return Response(shaped(period, insight.read(user, period)))


def shaped(period: Period, tables: Mapping[str, Table]) -> Data:
    """Values that the house knows (states, slugs, days) and numbers, without words of a language."""
    shown = {name: {"columns": list(one.columns), "rows": one.rows, "few": one.few} for name, one in tables.items()}
    return {"from": period.first, "to": period.last, "tables": shown}
