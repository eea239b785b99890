"""A page of many rows asks the database no more than one of few."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from questions import dialogue, joining, ledger, reporting, searchlog
from questions.models import Asker, Event, Participation, Question, Referral
from tests import factories

pytestmark = pytest.mark.django_db
NETWORK = "198.51.100.7"


def queries(open_it: Callable[[], Any]) -> int:
    open_it()
    with CaptureQueriesContext(connection) as asked:
        assert open_it().status_code == 200
    return len(asked)


def join(question: Question, n: int) -> None:
    asker = Asker.objects.create(email=f"ook{n}@school.example")
    Participation.join(question=question, asker=asker, kind=Participation.Kind.ME_TOO)


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


def test_the_queue_of_a_desk_with_many_cases(browser: Any, desk: factories.Desk) -> None:
    def fill() -> None:
        for make in (factories.assigned, factories.triaged, factories.answered, factories.proposed):
            make(desk)
        factories.submitted()

    fill()
    people = {name: browser(getattr(desk, name)) for name in ("broker", "coordinator", "reviewer", "editor")}
    few = {name: queries(lambda client=client: client.get("/desk")) for name, client in people.items()}
    fill()
    fill()
    assert {name: queries(lambda client=client: client.get("/desk")) for name, client in people.items()} == few


def busy(question: Question, desk: factories.Desk, n: int) -> None:
    """One more of everything that hangs on a case."""
    join(question, n)
    dialogue.say(question, {"body": f"bericht {n}"}, by=factories.staff("coordinator"))
    dialogue.say(question, {"body": f"bericht {n}"}, by=factories.asker(question))
    somebody = factories.staff("broker")
    line = searchlog.log(question, {"place": "ERIC", "terms": f"lezen {n}"}, by=somebody)
    searchlog.correct(question, line.pk, {"place": "ERIC", "terms": f"leest {n}"}, by=somebody)
    searchlog.repeat(question, searchlog.log_own(question, {"terms": f"lezen {n}"}, by=somebody).pk, by=somebody)
    ledger.add(question, {"source": factories.source().key}, by=somebody)
    question.articulations.create(n=10 + n, kind="proposed", articulated=f"En zo, {n}?", user=somebody)
    Event.record("transfer", by=factories.staff("coordinator"), question=question)
    Referral.objects.create(question=question, source=factories.source(), note="x", by=desk.broker)
    question.read_before.add(factories.item(factories.published(desk)))
    factories.merged(desk, into=question)
    version = factories.item(question).living()
    if version is not None:
        reporting.mistake(version, {"what": f"fout {n}"}, network=f"192.0.{n}.7")


def test_a_case_with_much_in_it_and_the_page_of_its_asker(browser: Any, desk: factories.Desk) -> None:
    question = factories.published(desk)
    for n in range(2):
        busy(question, desk, n)
    client, part = browser(desk.broker), factories.asker(question)
    pages = (f"/desk/cases/{question.pk}", f"/track/{part.mailed_token}", f"/track/{part.mailed_token}/export.html")
    few = {path: queries(lambda path=path: client.get(path)) for path in pages[:2]}
    for n in range(2, 6):
        busy(question, desk, n)
    assert {path: queries(lambda path=path: client.get(path)) for path in pages[:2]} == few


def test_the_list_of_what_is_worked_on(browser: Any, desk: factories.Desk) -> None:
    join(factories.shown(desk), 1)
    few = queries(lambda: browser().get("/working-on"))
    for n in range(2, 5):
        join(factories.shown(desk), n)
    assert len(joining.worked_on()) == 4
    assert queries(lambda: browser().get("/working-on")) == few
