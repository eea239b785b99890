"""The desk with few and with many cases, against django-helpdesk on the same PostgreSQL.

    make bench-desk        (or: python -m tests.benchmarks.desk --peer PYTHON [--cases 1000 --cases 100000])

For each size it fills a database with `seed --scale`, and one of django-helpdesk with as many tickets, all on one
server that is thrown away afterwards. Then it has every view of the queue, cases and searches asked through the whole
stack of Django, without a network, and questions submitted, claimed and triaged; the peer does its nearest. What is
compared is done in turns, a few times each, so that a machine that is slower for a while is slower for all of them.
`--peer` is the Python of an environment with tests/benchmarks/desk/peer.txt; without it only ours is measured. Searches
by words only.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.benchmarks.desk.timing import MARK

HERE = Path(__file__).resolve().parent
ROUNDS, TURNS = 64, 4
MAX_GROWTH = 2.0
# Against the peer, p50 over p50: ours also writes history and letters in the transaction of an action.
MAX_BEHIND = {"submit": 1.5, "claim": 1.5, "transition": 1.5, "queue": 1.0, "search": 1.0}
OURS = {"queue": "queue: open", "queue, rows alone": "queue: open"}

Times = dict[str, float]


class Side:
    """Ours or the peer with one number of cases: a process with a database of its own."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.acts: dict[str, Any] = {}
        self.took: dict[str, list[float]] = {}

    def filled(self) -> None:
        self.acts = self.hear()

    def hear(self) -> Any:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(MARK):
                return json.loads(line[len(MARK) :])
        raise SystemExit("One side ended before it was asked; what it said stands above.")

    def turn(self, name: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{self.acts[name]['times'] // TURNS} {name}\n")
        self.process.stdin.flush()
        self.took.setdefault(name, []).extend(self.hear())

    def times(self, name: str) -> Times:
        """Median and 95th percentile in milliseconds."""
        took = self.took[name]
        return {"p50": statistics.median(took), "p95": statistics.quantiles(took, n=20)[-1]}

    def end(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def sides(sizes: list[int], python: str) -> tuple[list[Side], list[Side]]:
    """Ours and the peer's of each size, all filling their databases at the same time."""
    from config import database

    def made(name: str) -> str:
        command(f"CREATE DATABASE {name}")
        return name

    socket, owner = str(database.socket_dir(database.data_dir())), database.OWNER
    ours = [
        Side(
            [sys.executable, "-m", "tests.benchmarks.desk.ours", str(size), str(ROUNDS)],
            {"DATABASE_URL": f"postgresql://{owner}@{quote(socket, safe='')}/{made(f'desk_{size}')}"},
        )
        for size in sizes
    ]
    peers = [
        Side(
            [python, str(HERE / "peer.py"), str(size), str(ROUNDS)],
            {"HELPDESK_DATABASE": json.dumps({"NAME": made(f"helpdesk_{size}"), "HOST": socket, "USER": owner})},
        )
        for size in (sizes if python else [])
    ]
    return ours, peers


def command(sql: str) -> None:
    import psycopg

    from config import database

    where = {"host": str(database.socket_dir(database.data_dir())), "user": database.OWNER, "dbname": database.NAME}
    with psycopg.connect(**where, autocommit=True) as connection:
        connection.execute(sql)


def measure(ours: list[Side], peers: list[Side]) -> None:
    for _turn in range(TURNS):
        for name in ours[0].acts:
            for side in ours:
                side.turn(name)
            for theirs in (one for one in (peers[0].acts if peers else ()) if OURS.get(one, one) == name):
                for side in peers:
                    side.turn(theirs)


def told(sizes: list[int], ours: list[Side], peers: list[Side]) -> list[str]:
    """Prints the tables; what of the limits does not hold."""
    failed = []
    heads = " | ".join(f"{size:,}: p50 / p95 ms" for size in sizes)
    print(f"| ours | {heads} | p95 grew | queries |\n|---|{'---|' * (len(sizes) + 2)}")
    for name in ours[0].acts:
        times = [side.times(name) for side in ours]
        growth = times[-1]["p95"] / times[0]["p95"]
        counts = sorted({n for side in ours for n in side.acts[name].get("queries", [])})
        print(f"| {name} | {' | '.join(map(shown, times))} | {growth:.2f} × | {', '.join(map(str, counts))} |")
        if counts and growth > MAX_GROWTH:
            failed.append(f"{name}: p95 grew {growth:.2f} ×, more than {MAX_GROWTH}")
    for size, own, peer in zip(sizes, ours, peers, strict=False):
        failed += against(size, own, peer)
    return failed


def against(size: int, own: Side, peer: Side) -> list[str]:
    failed = []
    print(f"\n| {size:,} cases | ours p50 / p95 ms | django-helpdesk p50 / p95 ms | p50 ratio |\n|---|---|---|---|")
    for name in peer.acts:
        mine, theirs = own.times(OURS.get(name, name)), peer.times(name)
        ratio, limit = mine["p50"] / theirs["p50"], MAX_BEHIND.get(name)
        print(f"| {name} | {shown(mine)} | {shown(theirs)} | {ratio:.2f} |")
        if limit and ratio > limit:
            failed.append(f"{name} at {size:,}: {ratio:.2f} × django-helpdesk, more than {limit}")
    return failed


def shown(times: Times) -> str:
    return f"{times['p50']:.1f} / {times['p95']:.1f}"


def run(sizes: list[int], python: str) -> list[str]:
    began = time.perf_counter()
    ours, peers = sides(sizes, python)
    try:
        for side in (*ours, *peers):
            side.filled()
        # What the filling left to be written would be written while something is timed.
        command("CHECKPOINT")
        os.sync()
        print(f"· filled after {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
        measure(ours, peers)
        return told(sizes, ours, peers)
    finally:
        for side in (*ours, *peers):
            side.end()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, action="append", help="a size, several times from few to many")
    parser.add_argument("--peer", default="", metavar="PYTHON", help="the Python of the peer's environment")
    given = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="desk-")
    os.chmod(folder, 0o755)  # as root the server runs as somebody else, who must get there
    os.environ["DATA_DIR"] = folder
    os.environ.pop("DATABASE_URL", None)
    from config import bringup, database

    try:
        database.hold(bringup.say)
        failed = run(given.cases or [1_000, 100_000], given.peer)
        print("\n" + ("\n".join(failed) or "Every limit holds."))
        return 1 if failed else 0
    finally:
        database.release()
        database.wait_until_stopped(database.data_dir(), 120)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
