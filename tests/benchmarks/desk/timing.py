"""Times requests through the whole stack of Django, without a network. Also read by the peer's environment."""

import os
import statistics
import time
from collections.abc import Callable
from typing import Any

Times = dict[str, float]


def settle(connection: Any) -> None:
    """What a bulk load leaves to do, done: statistics, and pages that would be written while something is timed."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    os.sync()


def timed(act: Callable[[int], Any], rounds: int, warm: int = 3) -> Times:
    """Median and 95th percentile in milliseconds of `act(n)` for `rounds` values of n, after `warm` more."""
    took = []
    for n in range(rounds + warm):
        began = time.perf_counter()
        act(n)
        if n >= warm:
            took.append((time.perf_counter() - began) * 1_000)
    return {"p50": statistics.median(took), "p95": statistics.quantiles(took, n=20)[-1]}
