"""Statements of every search: sent as they are, planned once for a connection, answered in binary."""

from collections.abc import Mapping
from time import perf_counter
from typing import Any

import psycopg
from django.db import connection


def rows(query: str, values: Mapping[str, Any], *, prepare: bool = True) -> list[tuple[Any, ...]]:
    """What the query gives. `prepare`: keep its plan, which takes as long to make as to carry out.

    Django's own cursor would plan it each time, and have bytes written out and read back as text.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        began = perf_counter()
        cursor.execute(query, values, prepare=prepare, binary=True)
        found = cursor.fetchall()
    if connection.queries_logged:
        connection.queries_log.append({"sql": query, "time": f"{perf_counter() - began:.3f}"})
    return found
