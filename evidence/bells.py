"""Bells: after a commit, tell the worker that there is work. The rows are the work.

Best effort in every respect: a lost bell costs the seconds until the next beat, never work,
and a person never waits for a broker or sees its errors.
"""

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from celery import Task
from django.core.cache import cache
from django.db import connection, transaction

OUTSTANDING = 60  # seconds after which a bell nobody answered counts as lost

log = logging.getLogger(__name__)


def ring(task: "Task[Any, Any]") -> None:
    """After the current transaction commits (now, outside one), ask for one run of `task`."""
    sender = _sender(task)
    # A bulk load puts a thousand rows in one transaction: one bell is enough for them.
    if any(waiting[1] is sender for waiting in connection.run_on_commit):
        return
    transaction.on_commit(sender, robust=True)


def answered(name: str) -> None:
    """The task called `name` is running: the next bell may ring again."""
    try:
        cache.delete(_key(name))
    except Exception:
        log.warning("Could not take down the bell %s", name, exc_info=True)


@lru_cache(maxsize=64)
def _sender(task: "Task[Any, Any]") -> Callable[[], None]:
    def send() -> None:
        name = str(task.name)
        try:
            # Mostly it hangs already, and to see that is quicker than to try to hang it.
            if cache.get(_key(name)) or not cache.add(_key(name), True, OUTSTANDING):
                return
        except Exception:
            log.warning("The cache does not remember the bell %s", name, exc_info=True)
        try:
            task.apply_async(retry=False, expires=OUTSTANDING, ignore_result=True)
        except Exception:
            log.warning("The bell %s did not reach the worker", name, exc_info=True)
            answered(name)

    return send


def _key(name: str) -> str:
    return f"bell:{name}"
