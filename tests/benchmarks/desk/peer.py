"""django-helpdesk doing the nearest of what our desk does. Runs in an environment of its own.

    HELPDESK_DATABASE='{"NAME": …}' python peer.py TICKETS ROUNDS

Makes TICKETS tickets with two follow-ups each in an empty database, and does what the
benchmark asks for, in turns with ours. Mail goes to memory, so that nothing waits for a server.
"""

import base64
import json
import os
import random
import sys
from datetime import timedelta
from typing import Any

import django
from django.conf import settings
from timing import Act, serve, settle

APPS = ["admin", "auth", "contenttypes", "sessions", "messages", "staticfiles", "sites", "humanize"]
WORDS = [
    "leerlingen",
    "leesvaardigheid",
    "rekenen",
    "motivatie",
    "feedback",
    "brugklas",
    "verzuim",
    "toetsen",
    "huiswerk",
    "ouders",
    "spelling",
]


def configure() -> None:
    settings.configure(
        SECRET_KEY="only-for-this-run",
        DEBUG=False,
        ALLOWED_HOSTS=["*"],
        DATABASES={
            "default": {"ENGINE": "django.db.backends.postgresql", **json.loads(os.environ["HELPDESK_DATABASE"])}
        },
        INSTALLED_APPS=[*(f"django.contrib.{name}" for name in APPS), "rest_framework", "helpdesk"],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        ROOT_URLCONF="peer_urls",
        STATIC_URL="/static/",
        SITE_ID=1,
        USE_TZ=True,
        EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        HELPDESK_PUBLIC_TICKET_QUEUE="desk",
        HELPDESK_PUBLIC_TICKET_PRIORITY=3,
        HELPDESK_PUBLIC_TICKET_DUE_DATE=None,
        HELPDESK_TEAMS_MODE_ENABLED=False,
    )
    django.setup()


def fill(count: int) -> Any:
    """A queue, a worker and `count` tickets: one in ten open, the rest closed."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone
    from helpdesk.models import FollowUp, Queue, Ticket

    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate", verbosity=0)  # with the mails it would send
    worker = get_user_model().objects.create_superuser("worker", "worker@desk.example", "x")
    queue = Queue.objects.create(
        title="desk", slug="desk", allow_public_submission=True, email_address="desk@desk.example"
    )
    dice, now = random.Random(7), timezone.now()
    for first in range(0, count, 1_000):
        tickets = [
            Ticket(
                title=f"Wat is bekend over {' en '.join(dice.sample(WORDS, 3))}?",
                description=" ".join(dice.choices(WORDS, k=40)),
                queue=queue,
                status=1 if n % 10 == 0 else 4,
                assigned_to=worker if n % 4 == 0 else None,
                submitter_email=f"load{n}@load.example",
                created=now - timedelta(minutes=n),
                modified=now,
                priority=3,
            )
            for n in range(first, min(first + 1_000, count))
        ]
        Ticket.objects.bulk_create(tickets)
        FollowUp.objects.bulk_create(
            FollowUp(ticket=ticket, date=now, title="Step", comment="…", user=worker)
            for ticket in tickets
            for _ in range(2)
        )
    settle(connection)
    return worker


def encoded(search: str) -> str:
    """What the list page gives its table: open tickets, newest first, or those with these words."""
    query = {"filtering": {"status__in": [1, 2]}, "filtering_null": {}, "sorting": "created", "sortreverse": False}
    return base64.b64encode(json.dumps({**query, "search_string": search}).encode()).decode()


def ok(response: Any, wanted: int = 200) -> Any:
    assert response.status_code == wanted, (response.status_code, response.content[:300])
    response.client.cookies.pop("messages", None)  # the page that follows would show them; they must not pile up
    return response


def acts(worker: Any, rounds: int) -> dict[str, Act]:
    from django.core import mail
    from django.test import Client
    from helpdesk.models import Ticket

    desk, public = Client(), Client()
    desk.force_login(worker)
    waiting = list(Ticket.objects.filter(status=1, assigned_to=None).values_list("pk", flat=True)[: 2 * rounds])
    few = len(waiting) // 2  # each is claimed or changed once
    rows = {"draw": 1, "start": 0, "length": 25, "order[0][column]": 5, "order[0][dir]": "desc"}

    def submit(n: int) -> None:
        mail.outbox = []
        sent = {"title": f"Vraag {n}", "body": " ".join(WORDS), "submitter_email": f"new{n}@load.example"}
        ok(public.post("/tickets/submit/", {**sent, "queue": 1, "priority": 3}), 302)
        assert n or Ticket.objects.filter(submitter_email="new0@load.example").exists()

    def transition(n: int) -> None:
        mail.outbox = []
        sent = {"comment": "Done.", "new_status": 3, "public": "1", "title": f"Vraag {n}", "priority": 3, "queue": 1}
        ok(desk.post(f"/tickets/{waiting[-1 - n]}/update/", sent), 302)
        # That it happened is looked at once, and not while it is timed: the first of a turn is left out.
        assert n or Ticket.objects.get(pk=waiting[-1]).status == 3

    def rows_of(search: str) -> None:
        ok(desk.get(f"/datatables_ticket_list/{encoded(search)}", rows))

    def queue(search: str) -> None:
        """The page of the list, and its rows, which the page asks for."""
        ok(desk.get("/tickets/", {"q": search} if search else {}))
        rows_of(search)

    return {
        "submit": Act(submit, rounds),
        "claim": Act(lambda n: ok(desk.get(f"/tickets/{waiting[n]}/?take"), 302), few),
        "transition": Act(transition, few),
        "queue": Act(lambda n: queue(""), rounds),
        "queue, rows alone": Act(lambda n: rows_of(""), rounds),
        "search": Act(lambda n: queue(WORDS[n % len(WORDS)]), rounds),
        "case": Act(lambda n: ok(desk.get(f"/tickets/{waiting[n % len(waiting)]}/")), rounds),
    }


if __name__ == "__main__":
    tickets, rounds = map(int, sys.argv[1:3])
    configure()
    serve(acts(fill(tickets), rounds))
