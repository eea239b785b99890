"""What people of the desk should know of a case: told to them, never written in the history of the case."""

from datetime import date
from typing import Any

from django.utils import timezone

from questions.models import Notice


def notify(user: Any, question: Any, kind: str, on: date | None = None) -> bool:
    """Tell `user` something of `question`; whether it is new. `on` is the day it tells of.

    The same thing of the same day is told once, also by two workers at the same moment.
    """
    if Notice.objects.filter(user=user, question=question, kind=kind, on=on).exists():
        return False
    made = Notice.objects.bulk_create([Notice(user=user, question=question, kind=kind, on=on)], ignore_conflicts=True)
    return bool(made)


def unread(user: Any) -> Any:
    """What `user` has not read yet, of cases they may still see."""
    return Notice.objects.filter(user=user, read_at=None)


def read(user: Any, pk: int | None = None) -> int:
    """Mark one notice of `user`, or all, as read. Returns how many; safe twice."""
    rows = unread(user) if pk is None else unread(user).filter(pk=pk)
    return int(rows.update(read_at=timezone.now()))
