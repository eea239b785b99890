"""How an act is timed, and how the benchmark asks for it. Also read by the peer's environment."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MARK = "@"  # before what is meant for the benchmark: libraries print as well


@dataclass
class Act:
    """Something that takes time: `do(n)` for n from 0 to `times` - 1, each once. `more` is told beside it."""

    do: Callable[[int], Any]
    times: int
    more: dict[str, Any] = field(default_factory=dict)
    done: int = 0

    def timed(self, times: int) -> list[float]:
        """Milliseconds of each; the first is left out, since others had the machine before it."""
        took = []
        for n in range(self.done, self.done + times):
            began = time.perf_counter()
            self.do(n)
            took.append((time.perf_counter() - began) * 1_000)
        self.done += times
        return took[1:]


def serve(acts: dict[str, Act]) -> None:
    """Says what there is to do and how often, then times what each line (`times name`) asks for."""
    say({name: {"times": act.times, **act.more} for name, act in acts.items()})
    for line in sys.stdin:
        times, _space, name = line.strip().partition(" ")
        say(acts[name].timed(int(times)))


def say(what: Any) -> None:
    print(MARK + json.dumps(what), flush=True)


def settle(connection: Any) -> None:
    """Statistics, as the database would gather them soon after a bulk load."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
