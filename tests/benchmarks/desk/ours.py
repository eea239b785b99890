"""The desk with some number of cases, doing what the benchmark asks for. Runs in a process of its own.

    DATABASE_URL=… DATA_DIR=… python -m tests.benchmarks.desk.ours CASES ROUNDS

Fills an empty database with `seed --scale` and packs the words, as the worker does soon after.
"""

import html
import os
import re
import sys
import time
import uuid
from typing import Any

from tests.benchmarks.desk.timing import Act, serve, settle

WORDS = ("leesvaardigheid", "motivatie brugklas", "huiswerk ouders", "verzuim", "spelling kleuters", "toetsen")


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
        client.cookies.pop("messages", None)  # the page that follows would show them; they must not pile up

    def queries(self, path: str) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            self.get(path)
        return len(asked)

    def reads(self, rounds: int) -> dict[str, list[str]]:
        """What is read, each with its addresses in turn."""
        from questions import listing
        from questions.models import Question

        cases = Question.objects.filter(state="assigned").order_by("?").values_list("pk", flat=True)[:rounds]
        views = {f"queue: {name}": [f"/desk?tab={name}"] for name in listing.BY_NAME}
        return {
            **views,
            "queue: sector and track": ["/desk?tab=open&sector=vo&track=short"],
            "queue: next page": [next_page(self.get("/desk?tab=all"))],
            "search": [f"/desk?tab=all&q={words}" for words in WORDS],
            "case": [f"/desk/cases/{pk}" for pk in cases],
        }

    def acts(self, rounds: int) -> dict[str, Act]:
        return {**self.reading(rounds), **self.changing(rounds)}

    def reading(self, rounds: int) -> dict[str, Act]:
        return {
            name: Act(
                lambda n, paths=paths: self.get(paths[n % len(paths)]),
                rounds,
                {"queries": sorted({self.queries(path) for path in paths[:10]})},
            )
            for name, paths in self.reads(rounds).items()
        }

    def changing(self, rounds: int) -> dict[str, Act]:
        """Few cases give few that wait: each is claimed and triaged once."""
        from questions.models import Question

        def waiting(state: str) -> list[Any]:
            rows = Question.objects.filter(state=state, confirmed_at__isnull=False).order_by("?")
            return list(rows.values_list("pk", flat=True)[:rounds])

        def step(client: Any, pk: Any, name: str, **data: str) -> None:
            self.post(client, f"/desk/cases/{pk}/do/{name}", data)

        claims, triages = waiting("triaged"), waiting("submitted")
        return {
            "submit": Act(lambda n: self.post(self.public, "/ask", asked(n)), rounds),
            "claim": Act(lambda n: step(self.broker, claims[n], "claim"), len(claims)),
            "transition": Act(lambda n: step(self.coordinator, triages[n], "triage", track="short"), len(triages)),
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


def fill(cases: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from evidence import packing
    from questions import scaling

    call_command("migrate", verbosity=0, interactive=False)
    call_command("sync_roles", verbosity=0)
    call_command("createcachetable", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    scaling.fill(cases, lambda line: None)
    packing.pack()
    settle(connection)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ["EMBEDDING_MODEL"] = "none"
    import django

    django.setup()
    from django.test.utils import override_settings

    cases, rounds = map(int, sys.argv[1:3])
    fill(cases)
    with override_settings(ALLOWED_HOSTS=["testserver"], QUESTIONS_PER_NETWORK_AN_HOUR=10**6):
        serve(Ours().acts(rounds))
