"""Eight at once, at each door to a case and at all of them: one gets it, and the others read why they did not."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from rest_framework.test import APIClient

from brokers import roles
from brokers.models import Broker, Token, User
from questions.models import Question
from questions.states import State
from tests import factories
from tests.threads import at_once

EIGHT = 8
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def plain_files(settings: Any) -> None:
    """Each thread that shows a page would read the list of built files first."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}


@dataclass
class Came:
    """What somebody heard at a door: whether the case came to `who`, and why not."""

    who: User
    won: bool
    why: str = ""


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="brokers.backends.ByRole")
    return client


def program(person: User) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {Token.issue(person)}")
    return client


def of_page(response: Any, who: User) -> Came:
    """A page that did it leads on; one that did not says why, in the notice above it."""
    assert response.status_code in (200, 302, 409), response.status_code
    if response.status_code == 302:
        return Came(who, won=True)
    shown = html.unescape(response.content.decode())
    first = re.search(r'class="notice problem".*?<p>(.*?)</p>', shown, re.DOTALL)
    notice = first or re.search(r'id="outcomes".*?<li>.*?</a>: (.*?)</li>', shown, re.DOTALL)
    assert notice, "a page without a word about it"
    return Came(who, won=False, why=notice[1])


def of_api(response: Any, who: User) -> Came:
    assert response.status_code in (200, 409), response.content
    return Came(who, response.status_code == 200, response.json().get("detail", ""))


def of_command(case: Question | str, who: User, by: User, *words: str) -> Came:
    subject = case if isinstance(case, str) else str(case.number)
    try:
        call_command("step", subject, *words, f"--as={by.email}", stdout=open_nowhere())
    except CommandError as refusal:
        return Came(who, won=False, why=str(refusal))
    return Came(who, won=True)


def open_nowhere() -> Any:
    return type("Nowhere", (), {"write": lambda self, text: len(text), "flush": lambda self: None})()


def together_by_api(case: Question, who: User, client: APIClient) -> Came:
    sent = {"do": "assign", "questions": [str(case.pk)], "broker": who.email}
    (one,) = client.post("/api/v1/questions/together", sent, format="json").json()["results"]
    return Came(who, one["done"], one["reason"])


def doors(case: Question, who: User, coordinator: User) -> dict[str, Callable[[], Came]]:
    """Every way in which `who` can get `case`: by themselves, or handed out by the coordinator."""
    mine, theirs, my_program, their_program = browser(who), browser(coordinator), program(who), program(coordinator)
    at_desk, at_api = f"/desk/cases/{case.pk}/do", f"/api/v1/questions/{case.pk}/transitions"
    to, chosen = {"broker": who.email}, {"do": "assign", "questions": [str(case.pk)]}
    return {
        "claim on the page": lambda: of_page(mine.post(f"{at_desk}/claim"), who),
        "claim by API": lambda: of_api(my_program.post(f"{at_api}/claim", {}, format="json"), who),
        "claim by command": lambda: of_command(case, who, who, "claim"),
        "next case for me": lambda: of_page(mine.post("/desk/next"), who),
        "next case by API": lambda: of_api(my_program.post("/api/v1/questions/next", {}, format="json"), who),
        "next case by command": lambda: of_command("next", who, who),
        "assign on the page": lambda: of_page(theirs.post(f"{at_desk}/assign", to), who),
        "assign by API": lambda: of_api(their_program.post(f"{at_api}/assign", to, format="json"), who),
        "assign by command": lambda: of_command(case, who, coordinator, "assign", f"broker={who.email}"),
        "many at once on the page": lambda: of_page(theirs.post("/desk/together", {**chosen, **to}), who),
        "many at once by API": lambda: together_by_api(case, who, their_program),
        "take on the page": lambda: of_page(mine.post(f"{at_desk}/take"), who),
        "take by API": lambda: of_api(my_program.post(f"{at_api}/take", {}, format="json"), who),
        "take by command": lambda: of_command(case, who, who, "take"),
    }


TAKING = ("take on the page", "take by API", "take by command")
CLAIMING = (
    "claim on the page",
    "claim by API",
    "claim by command",
    "next case for me",
    "next case by API",
    "next case by command",
    "assign on the page",
    "assign by API",
    "assign by command",
    "many at once on the page",
    "many at once by API",
)
WHY_NOT = (
    "Dit kan niet zolang de status is: in behandeling ({winner}).",
    "De kennismakelaar die dit dossier heeft, is niet afwezig.",
    "Er wacht geen dossier.",
    "{winner} heeft dit dossier intussen opgepakt.",
    "Zeg waarom: {winner} heeft dit dossier.",
)
GOT = ("claim", "assign", "take", "transfer")


def waiting() -> Question:
    return factories.triaged()


def offered() -> Question:
    team = factories.Desk()
    case = factories.assigned(team)
    Broker.objects.filter(user=team.broker).update(absent_until="2999-01-01")
    return case


def assert_one_got_it(case: Question, came: list[Any], before: int) -> None:
    assert [one for one in came if isinstance(one, Exception)] == [], "who comes late is refused, not broken"
    (winner,) = (one for one in came if one.won)
    now = factories.reload(case)
    assert (now.state, now.assignee) == (State.ASSIGNED, winner.who)
    assert case.events.filter(name__in=GOT).count() == before + 1
    for one in came:
        assert one.won or one.why in [why.format(winner=winner.who) for why in WHY_NOT], "who comes late reads why"


@pytest.mark.parametrize("door", [*CLAIMING[3:], *TAKING])
def test_of_eight_at_one_door_one_gets_the_case(door: str) -> None:
    """Claiming by page, API and command: test_claiming.py and test_step_command.py."""
    case = offered() if door in TAKING else waiting()
    before, coordinator = case.events.filter(name__in=GOT).count(), factories.staff(roles.COORDINATOR)
    tries = [doors(case, factories.staff(roles.BROKER), coordinator)[door] for _n in range(EIGHT)]
    assert_one_got_it(case, at_once(tries), before)


@pytest.mark.parametrize("names", [CLAIMING, TAKING * 3], ids=["a case that waits", "a case that is offered"])
def test_of_people_at_every_door_at_once_one_gets_the_case(names: tuple[str, ...]) -> None:
    coordinator = factories.staff(roles.COORDINATOR)
    for _round in range(2):
        case = offered() if names[0] in TAKING else waiting()
        before = case.events.filter(name__in=GOT).count()
        tries = [doors(case, factories.staff(roles.BROKER), coordinator)[name] for name in names]
        assert_one_got_it(case, at_once(tries), before)
