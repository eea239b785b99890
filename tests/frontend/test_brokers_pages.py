"""A broker's own page, the list of brokers, and who fits a case on its page."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from brokers.models import Broker, User
from evidence import embedding
from questions import profiles
from questions.states import State
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def html(client: Any, path: str) -> str:
    return str(client.get(path).content.decode())


def test_a_broker_says_what_they_know_and_when_they_are_away(browser: Any, broker: User) -> None:
    client = browser(broker)
    sent = {"expertise": "Lezen", "sectors": ["po"], "capacity": "5", "absent_from": day(2), "absent_until": day(9)}
    response = client.post("/desk/me", sent)
    assert (response.status_code, response["Location"]) == (302, "/desk/me")
    found = Broker.objects.get(user=broker)
    assert (found.expertise, found.sectors, found.capacity) == ("Lezen", ["po"], 5)
    assert str(found.absent_until) == day(9)
    page = html(client, "/desk/me")
    assert f'value="{day(2)}"' in page
    assert "Afwezig van" in page
    client.post("/desk/me", {"expertise": "Lezen", "capacity": "5", "absent_from": "", "absent_until": ""})
    found = Broker.objects.get(user=broker)
    assert (found.sectors, found.absent_from, found.absent_until) == ([], None, None), "a box that is not ticked"


def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(browser: Any, broker: User) -> None:
    sent = {"expertise": "GETYPT", "capacity": "5", "absent_from": day(9), "absent_until": day(2)}
    response = browser(broker).post("/desk/me", sent)
    page = response.content.decode()
    assert response.status_code == 400
    assert "GETYPT" in page
    assert 'href="#profile-absent_until"' in page
    assert "De laatste dag van de afwezigheid ligt voor de eerste." in page
    assert Broker.objects.get(user=broker).expertise == ""


def test_a_coordinator_says_it_for_a_broker_and_nobody_else_does(
    browser: Any, broker: User, coordinator: User, second_broker: User, reviewer: User
) -> None:
    path, sent = f"/desk/brokers/{broker.pk}", {"expertise": "x", "capacity": "2", "absent_until": day(5)}
    for user in (second_broker, reviewer):
        assert browser(user).post(path, sent).status_code == 404
        assert path not in html(browser(user), "/desk/brokers")
    assert browser(coordinator).post("/desk/me", sent).status_code == 404, "no broker, no profile"
    assert not Broker.objects.filter(capacity=2).exists()
    assert path in html(browser(coordinator), "/desk/brokers")
    assert browser(coordinator).post(path, sent)["Location"] == path
    assert Broker.objects.get(user=broker).capacity == 2
    assert "Bram" in html(browser(coordinator), path)
    assert "Afwezig tot en met" in html(browser(second_broker), "/desk/brokers")


def test_the_page_of_a_case_says_who_holds_it_and_until_when(browser: Any, team: factories.Desk) -> None:
    question = factories.assigned(team)
    page = html(browser(team.coordinator), f"/desk/cases/{question.pk}")
    until = f"{question.held_until.day} "
    assert re.search(rf"{re.escape(str(team.broker))} heeft dit dossier tot en met {until}", page)
    waiting = factories.proposed(team)
    assert "De vraagsteller is aan zet." in html(browser(team.broker), f"/desk/cases/{waiting.pk}")


def test_whoever_hands_out_a_case_sees_who_fits_and_why_and_chooses_there(
    browser: Any, team: factories.Desk, broker: User, second_broker: User
) -> None:
    profiles.change(second_broker, {"expertise": factories.TEXT}, by=second_broker)
    Broker.objects.filter(user=broker).update(absent_until=day(3))
    question = factories.triaged(team)
    embedding.embed_all()
    path = f"/desk/cases/{question.pk}"
    page = html(browser(team.coordinator), path)
    first, last = page.index(f'value="{second_broker.email}"'), page.index(f'value="{broker.email}"')
    assert first < last
    assert "Lijkt op wat" in page
    assert re.search(rf'value="{broker.email}"[^>]* disabled', page), "who is away cannot be chosen"
    assert "Is afwezig tot en met" in page
    assert "candidates" not in html(browser(second_broker), path), "only for who may assign"
    response = browser(team.coordinator).post(f"{path}/do/assign", {"broker": second_broker.email})
    assert response.status_code == 302
    assert factories.reload(question).assignee == second_broker


def test_a_refused_transfer_keeps_whom_one_chose_and_what_one_typed(
    browser: Any, team: factories.Desk, second_broker: User
) -> None:
    question = factories.assigned(team)
    path = f"/desk/cases/{question.pk}/do/transfer"
    response = browser(team.coordinator).post(path, {"broker": second_broker.email, "why": ""})
    page = response.content.decode()
    assert response.status_code == 400
    assert re.search(rf'value="{second_broker.email}"[^>]* checked', page)
    nobody = browser(team.coordinator).post(path, {"why": "MIJN REDEN"})
    assert nobody.status_code == 400
    assert "MIJN REDEN" in nobody.content.decode()
    assert 'href="#move-transfer-broker"' in nobody.content.decode()
    assert 'id="move-transfer-broker"' in nobody.content.decode()


def test_an_offered_case_is_listed_for_others_and_taken_with_one_press(
    browser: Any, team: factories.Desk, second_broker: User
) -> None:
    question = factories.assigned(team)
    Broker.objects.filter(user=team.broker).update(absent_until=day(3))
    client = browser(second_broker)
    assert str(question.pk) in html(client, "/desk?tab=offered")
    assert str(question.pk) not in html(browser(factories.reload(team.broker)), "/desk?tab=offered")
    assert "Anderen kunnen het overnemen." in html(client, f"/desk/cases/{question.pk}")
    assert client.post(f"/desk/cases/{question.pk}/do/take").status_code == 302
    assert factories.reload(question).assignee == second_broker


def test_the_next_case_says_why_it_was_this_one(browser: Any, team: factories.Desk, broker: User) -> None:
    profiles.change(broker, {"expertise": factories.TEXT}, by=broker)
    factories.triaged(team)
    embedding.embed_all()
    page = browser(broker).post("/desk/next", follow=True).content.decode()
    assert "is nu van jou" in page
    assert "Lijkt op wat" in page
    assert Broker.objects.get(user=broker).user.cases.get().state == State.ASSIGNED
