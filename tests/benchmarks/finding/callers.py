"""Timing calls by one or many callers at once. Standard library only: the peers' environment runs it too."""

import os
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

Figures = dict[str, float]
SECONDS = float(os.environ.get("BENCH_SECONDS", "4"))  # a cell of a table stops after this long …
LEAST = 20  # … but not before it has this many calls


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which `part` (0 to 1) of `values` lie, between neighbours by proportion."""
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def figures(milliseconds: Sequence[float], seconds: float) -> Figures:
    """Number of calls, p50 and p95 in ms, calls a second."""
    return {
        "calls": len(milliseconds),
        "p50": round(percentile(milliseconds, 0.5), 3),
        "p95": round(percentile(milliseconds, 0.95), 3),
        "per_second": round(len(milliseconds) / seconds, 1),
    }


class Queue:
    """Hands out what to ask until the time is up; `once` also ends when all have been asked."""

    def __init__(self, asked: Sequence[Any], seconds: float, once: bool) -> None:
        self.asked, self.once = asked, once
        self.lock = threading.Lock()
        self.given = 0
        self.until = time.monotonic() + seconds

    def take(self) -> Any:
        with self.lock:
            done = self.given >= len(self.asked) if self.once else False
            if done or (self.given >= LEAST and time.monotonic() > self.until):
                return None
            self.given += 1
            return self.asked[(self.given - 1) % len(self.asked)]


def measure(
    call: Callable[[Any], object],
    asked: Sequence[Any],
    callers: int,
    *,
    once: bool = False,
    seconds: float = SECONDS,
    begin: Callable[[], object] = lambda: None,
    end: Callable[[], object] = lambda: None,
) -> Figures:
    """Figures of `call` on `asked` in turn by `callers` threads; the first error is raised here.

    `begin` and `end` run in each thread, untimed: connections belong to threads.
    """
    milliseconds: list[float] = []
    errors: list[BaseException] = []
    ready = threading.Barrier(callers + 1)
    queue = Queue(asked, seconds, once)

    def work() -> None:
        try:
            begin()
            ready.wait()
            while not errors and (one := queue.take()) is not None:
                began = time.perf_counter()
                call(one)
                milliseconds.append((time.perf_counter() - began) * 1_000)
        except BaseException as error:
            errors.append(error)
            ready.abort()
        finally:
            end()

    threads = [threading.Thread(target=work, daemon=True) for _n in range(callers)]
    for thread in threads:
        thread.start()
    try:
        ready.wait()
        queue.until = time.monotonic() + seconds
    except threading.BrokenBarrierError:
        pass  # a caller failed before it began: its error is raised below
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if errors:
        raise next((error for error in errors if not isinstance(error, threading.BrokenBarrierError)), errors[0])
    return figures(milliseconds, time.perf_counter() - began)


def within(asked: Sequence[Any], seconds: float, least: int = 30) -> Iterator[Any]:
    """As much of `asked`, in order, as `seconds` allow; `least` of it whatever they take."""
    until = time.monotonic() + seconds
    for number, one in enumerate(asked):
        if number >= least and time.monotonic() > until:
            return
        yield one


def in_turn(
    first: Callable[[Any], object], second: Callable[[Any], object], asked: Iterable[Any]
) -> tuple[float, float]:
    """Medians in ms of two calls on the same things, one caller, alternating: noise falls on both."""
    laps: tuple[list[float], list[float]] = ([], [])
    for number, one in enumerate(asked):
        pairs = [(first, laps[0]), (second, laps[1])]
        for call, kept in pairs if number % 2 else reversed(pairs):
            began = time.perf_counter()
            call(one)
            kept.append((time.perf_counter() - began) * 1_000)
    return statistics.median(laps[0]), statistics.median(laps[1])
