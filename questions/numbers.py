"""Permanent public numbers: given once, never reused, also under rollbacks and concurrency."""

from django.db import connection

SEQUENCE = "questions_public_number"


def next_number() -> int:
    """The next number. A sequence never takes a number back; a rollback leaves a hole, not a twin."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [SEQUENCE])
        return int(cursor.fetchone()[0])


def next_numbers(count: int) -> list[int]:
    """The next `count` numbers at once, rising."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [SEQUENCE, count])
        return [int(row[0]) for row in cursor.fetchall()]
