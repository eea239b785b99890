"""The desk with few and with many cases, against django-helpdesk on the same PostgreSQL.

    make bench-desk        (or: python -m tests.benchmarks.desk --peer PYTHON [--cases 1000 --cases 100000])

Fills a database of its own (thrown away afterwards) with `seed --scale`, and at each size asks every view of the
queue, cases and searches through the whole stack of Django, without a network; then submits, claims and triages.
django-helpdesk does its nearest equivalent with as many tickets in a database beside it. `--peer` is the Python of an
environment with tests/benchmarks/desk/peer.txt; without it only ours is measured. Searches by words only.
"""

import argparse
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from tests.benchmarks.desk.timing import Times, settle, timed

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["EMBEDDING_MODEL"] = "none"
HERE = Path(__file__).resolve().parent
WORDS = ("leesvaardigheid", "motivatie brugklas", "huiswerk ouders", "verzuim", "spelling kleuters", "toetsen")
ROUNDS = 60
MAX_GROWTH = 2.0
# Against the peer, p50 over p50: ours also writes history and letters in the transaction of an action.
MAX_BEHIND = {"submit": 1.5, "claim": 1.5, "transition": 1.5, "queue": 1.0, "search": 1.0}
OURS = {"queue": "queue: open", "queue, rows alone": "queue: open"}


class Ours:
    """The desk as its people use it, through Django's test client.

    The broker holds cases already and has every role that opens a view; another one is away and offers theirs.
    """

    def __init__(self) -> None:
        from django.contrib.auth.models import Group
        from django.test import Client
        from django.utils import timezone

        from brokers.models import Broker, User

        def person(address: str, *roles: str) -> Any:
            user, _new = User.objects.get_or_create(email=address, defaults={"name": address.partition("@")[0]})
            user.groups.add(*Group.objects.filter(name__in=roles))
            client = Client()
            client.force_login(user)
            return client

        self.public = Client()
        self.broker = person("load0@desk.example", "broker", "reviewer", "editor")
        self.coordinator = person("coordinator@bench.example", "coordinator")
        Broker.objects.filter(user__email="load1@desk.example").update(absent_until=timezone.localdate())

    def get(self, path: str) -> Any:
        response = self.broker.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return response

    def post(self, client: Any, path: str, data: dict[str, Any]) -> None:
        response = client.post(path, data)
        assert response.status_code == 302, (path, response.status_code, response.content[:2000])

    def queries(self, path: str) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            self.get(path)
        return len(asked)

    def reads(self) -> dict[str, list[str]]:
        """What is read, each with its addresses in turn."""
        from questions import listing
        from questions.models import Question

        cases = Question.objects.filter(state="assigned").order_by("?").values_list("pk", flat=True)[:ROUNDS]
        views = {f"queue: {name}": [f"/desk?tab={name}"] for name in listing.BY_NAME}
        return {
            **views,
            "queue: sector and track": ["/desk?tab=open&sector=vo&track=short"],
            "queue: next page": [next_page(self.get("/desk?tab=all"))],
            "search": [f"/desk?tab=all&q={words}" for words in WORDS],
            "case": [f"/desk/cases/{pk}" for pk in cases],
        }

    def measure_reads(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for name, paths in self.reads().items():
            times = timed(lambda n, paths=paths: self.get(paths[n % len(paths)]), ROUNDS)
            found[name] = {**times, "queries": sorted({self.queries(path) for path in paths[:10]})}
        return found

    def measure_actions(self) -> dict[str, Times]:
        from questions.models import Question

        def waiting(state: str) -> list[Any]:
            rows = Question.objects.filter(state=state, confirmed_at__isnull=False).order_by("?")
            return list(rows.values_list("pk", flat=True)[: ROUNDS + 10])

        # Few cases give few that wait: each is claimed and triaged once.
        to_claim, to_triage = waiting("triaged"), waiting("submitted")
        return {
            "submit": timed(lambda n: self.post(self.public, "/ask", asked(n)), ROUNDS),
            "claim": timed(
                lambda n: self.post(self.broker, f"/desk/cases/{to_claim[n]}/do/claim", {}), len(to_claim) - 3
            ),
            "transition": timed(
                lambda n: self.post(self.coordinator, f"/desk/cases/{to_triage[n]}/do/triage", {"track": "short"}),
                len(to_triage) - 3,
            ),
        }


def next_page(response: Any) -> str:
    found = re.search(r'href="([^"]*after=[^"]*)"', response.content.decode())
    assert found, "the queue has no second page"
    return html.unescape(found[1])


def asked(n: int) -> dict[str, Any]:
    """The last page of asking, by somebody who took a minute."""
    from django.core import signing

    from frontend.draft import SALT

    return {
        "text": f"Helpt een korte quiz in week {n} bij het onthouden van de stof?",
        "context": "Brugklas, geschiedenis.",
        "sector": "vo",
        "role": "teacher",
        "email": f"bench{uuid.uuid4().hex}@school.example",
        "key": str(uuid.uuid4()),
        "stamp": signing.dumps(time.time() - 60, salt=SALT),
        "go": "send",
    }


def peer(python: str, cases: int) -> dict[str, Times]:
    """The times of django-helpdesk with as many tickets, in a database of its own on the same server."""
    from django.db import connection

    where = {name: connection.settings_dict[name] for name in ("HOST", "PORT", "USER", "PASSWORD")}
    name = f"helpdesk_{cases}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    environment = {"PATH": os.environ["PATH"], "HELPDESK_DATABASE": json.dumps({**where, "NAME": name})}
    command = [python, str(HERE / "peer.py"), str(cases), str(ROUNDS)]
    said = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Times] = json.loads(said.splitlines()[-1])
    return found


def at(cases: int, python: str) -> tuple[dict[str, Any], dict[str, Any]]:
    from django.db import connection

    from evidence import packing
    from questions import scaling
    from questions.models import Question

    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    scaling.fill(cases - Question.objects.confirmed().count(), lambda line: None)
    packing.pack()  # as the worker does soon after
    settle(connection)
    print(f"· {cases:,} cases after {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    ours = Ours()
    reads = ours.measure_reads()
    actions = ours.measure_actions()
    return reads | actions, peer(python, cases) if python else {}


def told(sizes: list[int], found: dict[int, tuple[dict[str, Any], dict[str, Any]]]) -> list[str]:
    """Prints the tables; what of the limits does not hold."""
    few, many, failed = found[sizes[0]][0], found[sizes[-1]][0], []
    heads = " | ".join(f"{size:,}: p50 / p95 ms" for size in sizes)
    print(f"| ours | {heads} | p95 grew | queries |\n|---|{'---|' * (len(sizes) + 2)}")
    for name, last in many.items():
        cells = " | ".join(f"{found[size][0][name]['p50']:.1f} / {found[size][0][name]['p95']:.1f}" for size in sizes)
        growth = last["p95"] / few[name]["p95"]
        counts = sorted({n for size in sizes for n in found[size][0][name].get("queries", [])})
        print(f"| {name} | {cells} | {growth:.2f} × | {', '.join(map(str, counts))} |")
        if "queries" in last and growth > MAX_GROWTH:
            failed.append(f"{name}: p95 grew {growth:.2f} ×, more than {MAX_GROWTH}")
    for size in sizes:
        failed += against(size, *found[size])
    return failed


def against(size: int, ours: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    if not theirs:
        return []
    failed = []
    print(f"\n| {size:,} cases | ours p50 / p95 ms | django-helpdesk p50 / p95 ms | p50 ratio |\n|---|---|---|---|")
    for name in theirs:
        own = ours[OURS.get(name, name)]
        ratio, limit = own["p50"] / theirs[name]["p50"], MAX_BEHIND.get(name)
        cells = " | ".join(f"{one['p50']:.1f} / {one['p95']:.1f}" for one in (own, theirs[name]))
        print(f"| {name} | {cells} | {ratio:.2f} |")
        if limit and ratio > limit:
            failed.append(f"{name} at {size:,}: {ratio:.2f} × django-helpdesk, more than {limit}")
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, action="append", help="a size, several times from few to many")
    parser.add_argument("--peer", default="", metavar="PYTHON", help="the Python of the peer's environment")
    given = parser.parse_args()
    sizes = given.cases or [1_000, 100_000]
    folder = tempfile.mkdtemp(prefix="desk-")
    os.chmod(folder, 0o755)  # as root the server runs as somebody else, who must get there
    os.environ["DATA_DIR"] = folder
    os.environ.pop("DATABASE_URL", None)
    from config import bringup, database

    try:
        database.hold(bringup.say)
        bringup.schema_and_encoder(bringup.say)
        from django.test.utils import override_settings

        with override_settings(ALLOWED_HOSTS=["testserver"], QUESTIONS_PER_NETWORK_AN_HOUR=10**6):
            failed = told(sizes, {size: at(size, given.peer) for size in sizes})
        print("\n" + ("\n".join(failed) or "Every limit holds."))
        return 1 if failed else 0
    finally:
        from django.db import connections

        connections.close_all()
        database.release()
        database.wait_until_stopped(database.data_dir(), 120)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
