"""Permanent public numbers: given once, never reused, also under rollbacks and concurrency."""

from django.db import connection

SEQUENCE = "questions_public_number"


def next_number() -> int:
    """The next number. A sequence never takes a number back; a rollback leaves a hole, not a twin."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [SEQUENCE])
        return int(cursor.fetchone()[0])
