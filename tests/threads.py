"""Many at once, for real: each call runs in a thread with a database connection of its own."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection


def while_held(call: Callable[[], Any]) -> Callable[[], Any]:
    """Begin `call` beside the transaction that is open here, and come back when it waits for that, or is done.

    The function that is returned gives what the call returned or raised; it is asked after the transaction.
    """
    running = threading.Thread(target=lambda: done.append(at_once([call])[0]))
    done: list[Any] = []
    running.start()
    while running.is_alive() and not somebody_waits():
        running.join(0.005)

    def ended() -> Any:
        running.join()
        return done[0]

    return ended


@contextmanager
def just_before(words: str, call: Callable[[], Any]) -> Iterator[list[Any]]:
    """Begin `call` beside what is done here, right before the first statement that holds `words` (in capitals or not).

    That statement follows when the call waits for us, or is done. The list that is given holds, after the block
    (which begins outside of any transaction), what the call returned or raised; it stays empty when no such
    statement came by.
    """
    begun: list[Callable[[], Any]] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not begun and words.casefold() in sql.casefold():
            begun.append(lambda: None)  # what is asked of the database from here is no such statement
            begun[0] = while_held(call)
        return execute(sql, params, many, context)

    result: list[Any] = []
    with connection.execute_wrapper(watch):
        yield result
    result.extend(ended() for ended in begun)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        # Not pg_stat_activity, which shows one picture to a whole transaction.
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each call returned or raised; all begin together."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
