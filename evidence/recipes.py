"""Which recipe's vectors answer: one row, changed in one statement when a new model is complete."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

# A change of model that nobody has worked at for so long was called off: its vectors may go.
CALLED_OFF = "1 day"


class Reading(NamedTuple):
    """The recipe that searches read ("" before the first one), which of its indexes there are, and
    its floor, if this desk calibrated one."""

    recipe: str = ""
    indexed_public: bool = False
    indexed_internal: bool = False
    floor: float | None = None


class Plan(NamedTuple):
    """What is read, what is to follow ("": nothing), since when that is being made, and whether still."""

    recipe: str = ""
    next_recipe: str = ""
    next_since: datetime | None = None
    alive: bool = False


def current_reading() -> Reading:
    """What searches read now; one look-up of one row, for every search."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.recipe, r.indexed_public, r.indexed_internal, c.base"
            " FROM evidence_readrecipe r LEFT JOIN evidence_calibration c USING (recipe) WHERE r.id = 1"
        )
        row = cursor.fetchone()
    return Reading(*row) if row else Reading()


def plan() -> Plan:
    """What is read and what is to follow."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT recipe, next_recipe, next_since,"
            " coalesce(next_seen > clock_timestamp() - %s::interval, false)"
            " FROM evidence_readrecipe WHERE id = 1",
            [CALLED_OFF],
        )
        row = cursor.fetchone()
    return Plan(*row) if row else Plan()


def begin(recipe: str) -> Plan:
    """Notes that vectors of `recipe` are being made; what is planned then.

    The first recipe is read at once, complete or not. Another one than is read is to follow.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO evidence_readrecipe AS r
                (id, recipe, since, indexed_public, indexed_internal, next_recipe)
            VALUES (1, %(recipe)s, clock_timestamp(), false, false, '')
            ON CONFLICT (id) DO UPDATE SET
                next_since = CASE WHEN r.next_recipe = %(recipe)s THEN r.next_since ELSE clock_timestamp() END,
                next_recipe = %(recipe)s,
                next_seen = clock_timestamp()
            WHERE r.recipe <> %(recipe)s
              AND (r.next_recipe <> %(recipe)s OR r.next_seen < clock_timestamp() - interval '1 minute')
            """,
            {"recipe": recipe},
        )
    return plan()


def switch(recipe: str, indexes: dict[bool, bool]) -> None:
    """From here on searches read `recipe`; `indexes` by visibility (public: True)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE evidence_readrecipe SET
                recipe = %s, since = clock_timestamp(), indexed_public = %s, indexed_internal = %s,
                next_recipe = '', next_since = NULL, next_seen = NULL
            WHERE id = 1
            """,
            [recipe, indexes[True], indexes[False]],
        )


def note_indexes(recipe: str, indexes: dict[bool, bool]) -> None:
    """Says which indexes there are, when `recipe` is the one that is read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE evidence_readrecipe SET indexed_public = %s, indexed_internal = %s WHERE id = 1 AND recipe = %s",
            [indexes[True], indexes[False], recipe],
        )
