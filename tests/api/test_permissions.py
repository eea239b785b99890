"""Every route and method of the API with what each person gets. A new one without a row fails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from rest_framework.test import APIClient

from api import health, urls
from brokers import roles
from brokers.models import User
from evidence.models import Source
from questions import inviting, ledger, reviewing, searchlog
from questions.models import Question
from tests import factories

pytestmark = pytest.mark.django_db

PEOPLE = ("visitor", "stranger", "reader", "broker", "coordinator", "reviewer", "editor", "administrator")
DESK = PEOPLE[3:]


def row(default: int, **others: int) -> dict[str, int]:
    return {person: others.get(person, default) for person in PEOPLE}


def desk(status: int, outside: int = 404, **others: int) -> dict[str, int]:
    """`status` for people of the desk, `outside` for others; the reader has the desk's rights to read."""
    return row(status, **{"visitor": outside, "stranger": outside, **others})


EVERYBODY = row(200)
READ = desk(200)
STAFF = desk(200, visitor=401, stranger=403)
RESEARCH = desk(403, broker=201, administrator=201)  # logging and keeping sources is for brokers
# A read-only token is refused before anything is looked up.
CASE = "questions/<uuid:pk>"
REMARKS, INVITED = f"{CASE}/answer/remarks", f"{CASE}/answer/invitations"
ROWS: dict[tuple[str, str], dict[str, int]] = {
    ("questions", "get"): desk(200, visitor=401, stranger=403),
    ("questions", "post"): row(201, reader=403),
    (CASE, "get"): READ,
    (f"{CASE}/transitions/<str:name>", "post"): desk(403, reader=403, coordinator=200, administrator=200),
    (f"{CASE}/answer", "get"): READ,
    (f"{CASE}/answer", "put"): desk(403, reader=403, broker=200),
    (f"{CASE}/answer/transitions/<str:name>", "post"): desk(403, reader=403, broker=200),
    (REMARKS, "get"): READ,
    (REMARKS, "post"): desk(403, reader=403, reviewer=201, administrator=201),
    (f"{REMARKS}/<int:remark>", "delete"): desk(409, reader=403, reviewer=204),  # everybody has their own alone
    (f"{REMARKS}/<int:remark>/outcome", "post"): desk(403, broker=200),
    (INVITED, "get"): READ,
    (INVITED, "post"): desk(201, reader=403, reviewer=403),
    (f"{INVITED}/<uuid:invitation>", "delete"): desk(204, reader=403, reviewer=403),
    (f"{INVITED}/<uuid:invitation>/person", "delete"): desk(204, reader=403, reviewer=403),
    (f"{CASE}/messages", "get"): READ,
    (f"{CASE}/messages", "post"): desk(201, reader=403),
    (f"{CASE}/brokers", "get"): desk(200, reviewer=403, editor=403),
    (f"{CASE}/criteria", "get"): READ,
    (f"{CASE}/criteria", "put"): desk(403, reader=403, broker=200, coordinator=200, administrator=200),
    (f"{CASE}/ledger", "get"): READ,
    (f"{CASE}/ledger", "post"): RESEARCH,
    (f"{CASE}/ledger/<int:entry>", "put"): desk(403, broker=200),
    (f"{CASE}/searches", "get"): READ,
    (f"{CASE}/searches", "post"): RESEARCH,
    (f"{CASE}/searches/library", "post"): RESEARCH,
    (f"{CASE}/searches/<int:entry>/again", "post"): desk(403, broker=409, administrator=409),
    (f"{CASE}/searches/<int:entry>/correction", "post"): RESEARCH,
    (f"{CASE}/texts", "get"): READ,
    (f"{CASE}/transitions/<str:name>/letters", "post"): desk(403, coordinator=200, administrator=200),
    ("questions/next", "post"): desk(403, visitor=401, stranger=403, broker=200, administrator=200),
    ("questions/together", "post"): desk(400, visitor=401, stranger=403, reader=403),
    ("views", "get"): STAFF,
    ("texts", "get"): STAFF,
    ("brokers", "get"): STAFF,
    ("brokers/<int:pk>", "get"): STAFF,
    ("brokers/<int:pk>", "patch"): desk(403, visitor=401, stranger=403, broker=200, coordinator=200, administrator=200),
    ("brokers/me", "get"): desk(404, visitor=401, stranger=403, reader=200, broker=200, administrator=200),
    ("brokers/me", "patch"): desk(404, visitor=401, stranger=403, reader=403, broker=200, administrator=200),
    ("sources", "get"): EVERYBODY,
    ("sources", "post"): row(403, visitor=401, broker=201, administrator=201),
    ("sources/<str:ref>", "get"): EVERYBODY,
    ("suggestions", "post"): row(200, reader=403),
    ("search", "get"): EVERYBODY,
    ("answers", "get"): EVERYBODY,
    ("answers/<int:number>", "get"): EVERYBODY,
    ("insight", "get"): desk(200, visitor=401, stranger=403),
    ("openapi.json", "get"): EVERYBODY,
    ("docs", "get"): EVERYBODY,
    ("healthz", "get"): EVERYBODY,
    ("readyz", "get"): EVERYBODY,
    ("statusz", "get"): desk(200, visitor=401, stranger=403),
}


def routes() -> set[tuple[str, str]]:
    """What the URLconf really offers."""
    found = set()
    for pattern in [*urls.urlpatterns, *health.urlpatterns]:
        path = str(pattern.pattern)
        if "path>.*" in path:
            continue  # the net below everything: always 404, see test_refusals
        view = getattr(pattern.callback, "view_class", None)
        methods = (
            [name for name in ("get", "post", "put", "patch", "delete") if hasattr(view, name)] if view else ["get"]
        )
        found |= {(path, method) for method in methods}
    return found


def test_every_route_and_method_has_a_row_here() -> None:
    assert routes() == set(ROWS)


@pytest.fixture
def held(broker: User) -> Question:
    """A case that `broker` holds, with an answer that could go to review."""
    return factories.drafted(factories.Desk(broker=broker))


@pytest.fixture
def clients(
    api: Callable[..., APIClient], broker: User, coordinator: User, reviewer: User, editor: User, administrator: User
) -> dict[str, APIClient]:
    stranger = User.objects.create_user("stranger@desk.example")
    reader = factories.staff(roles.ADMINISTRATOR)
    staff = {
        "broker": broker,
        "coordinator": coordinator,
        "reviewer": reviewer,
        "editor": editor,
        "administrator": administrator,
        "stranger": stranger,
    }
    return {"visitor": api(), "reader": api(reader, scope="read"), **{name: api(user) for name, user in staff.items()}}


SAID = {"field": "explanation", "n": 0, "body": "Welk onderzoek?"}
PERSON = {"name": "Pia", "email": "pia@school.example", "kind": "practice", "language": "nl"}


def body_for(path: str, method: str) -> dict[str, Any]:
    if path == "questions":
        return factories.asking()
    if path == "sources":
        return {"type": "book", "title": "Over lezen"}
    return {
        f"{CASE}/transitions/<str:name>": {"why": "x", "alternative": "y"},
        f"{CASE}/answer": factories.TEXTS,
        f"{CASE}/messages": {"body": "Hallo"},
        REMARKS: SAID,
        f"{REMARKS}/<int:remark>/outcome": {"outcome": "done"},
        INVITED: PERSON,
        f"{CASE}/transitions/<str:name>/letters": {"why": "x", "alternative": "y"},
        f"{CASE}/searches": {"place": "ERIC", "terms": "lezen"},
        f"{CASE}/searches/library": {"terms": "lezen"},
        f"{CASE}/searches/<int:entry>/correction": {"place": "ERIC", "terms": "lezen"},
        f"{CASE}/ledger": {"source": "jansen-2020"},
        f"{CASE}/ledger/<int:entry>": {"state": "kept"},
        f"{CASE}/criteria": {"results": []},
        "brokers/<int:pk>": {"capacity": 12},
        "brokers/me": {"capacity": 12},
        "questions/together": {"do": "themes", "questions": [], "add": []},
        "suggestions": {"text": "stillezen"},
    }.get(path, {})


def entry_of(path: str, question: Question, source: Source) -> int:
    """A line of the ledger or of the search log that this address is about."""
    by = question.assignee
    if "ledger/" in path:
        return int(ledger.add(question, {"source": source.key}, by=by).pk)
    return int(searchlog.log(question, {"place": "ERIC", "terms": "lezen"}, by=by).pk) if "<int:entry>" in path else 0


def in_review(path: str, question: Question, reviewer: User) -> dict[str, Any]:
    """Puts the answer in review for addresses that are about that, with the remark or the invitation they name."""
    by, made = question.assignee, {}
    if path.startswith((REMARKS, INVITED)):
        version = factories.move(factories.working(question), "submit", by)
        if "<int:remark>" in path:
            made["<int:remark>"] = reviewing.say(version, SAID, by=reviewer).pk
        if "<uuid:invitation>" in path:
            made["<uuid:invitation>"] = inviting.invite(question, PERSON, by=by).pk
    return made


def address(path: str, question: Question, number: int, source: Source) -> str:
    name = "submit" if "answer/" in path else "decline"
    filled = path.replace("<uuid:pk>", str(question.pk)).replace("<str:name>", name)
    filled = filled.replace("<int:number>", str(number)).replace("<str:ref>", source.key)
    filled = filled.replace("<int:entry>", str(entry_of(path, question, source)))
    filled = filled.replace("<int:pk>", str(question.assignee_id))
    return f"/{filled}" if path in ("healthz", "readyz", "statusz") else f"/api/v1/{filled}"


@pytest.mark.parametrize(("path", "method"), ROWS)
def test_each_person_gets_what_the_table_says(
    path: str, method: str, held: Question, clients: dict[str, APIClient], reviewer: User
) -> None:
    number = factories.published().item.number if "number" in path else 0
    if path == "questions/next":
        factories.triaged()
    filled = path
    for part, pk in in_review(path, held, reviewer).items():
        filled = filled.replace(part, str(pk))
    url = address(filled, held, number, factories.source())
    headers = {"If-Match": "*"} if method == "put" or path == REMARKS else {}
    got = {}
    for person in PEOPLE:
        given = {"data": body_for(path, method)} if method != "get" else {}
        with transaction.atomic():  # each person finds the same world
            response = getattr(clients[person], method)(url, headers=headers, **given)
            transaction.set_rollback(True)
        got[person] = response.status_code
        assert (response.status_code == 401) == (response.headers.get("WWW-Authenticate") == "Bearer")
    assert got == ROWS[path, method]


def test_who_loses_their_group_or_is_switched_off_loses_their_rights(
    api: Callable[..., APIClient], broker: User, held: Question
) -> None:
    client = api(broker)
    assert client.get(f"/api/v1/questions/{held.pk}").status_code == 200
    broker.groups.clear()
    assert client.get(f"/api/v1/questions/{held.pk}").status_code == 404
    broker.groups.add(Group.objects.get(name=roles.BROKER))
    User.objects.filter(pk=broker.pk).update(is_active=False)
    assert client.get(f"/api/v1/questions/{held.pk}").status_code == 401
