"""Brokers through the API: their profile and absence, and who fits a case."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from brokers.models import Broker, User
from questions import profiles
from tests import factories

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_a_broker_sets_their_own_absence_and_the_rest_stays(api: Api, broker: User) -> None:
    profiles.change(broker, {"expertise": "Lezen", "sectors": ["po"]}, by=broker)
    client = api(broker)
    response = client.patch("/api/v1/brokers/me", {"absent_from": day(1), "absent_until": day(8)}, format="json")
    assert response.status_code == 200, response.json()
    assert response.json() == {
        "id": broker.pk,
        "email": broker.email,
        "name": "Bram",
        "expertise": "Lezen",
        "sectors": ["po"],
        "capacity": 40,
        "load": 0,
        "is_present": True,
        "absent_from": day(1),
        "absent_until": day(8),
    }
    assert client.get("/api/v1/brokers/me").json() == response.json()
    back = client.patch("/api/v1/brokers/me", {"absent_from": None, "absent_until": None}, format="json").json()
    assert (back["absent_from"], back["absent_until"]) == (None, None)


def test_what_is_wrong_is_named_and_changes_nothing(api: Api, broker: User) -> None:
    client = api(broker)
    for sent in ({"absent_until": day(-3)}, {"capacity": "x"}, {"sectors": "po"}, {"name_public": True}):
        response = client.patch("/api/v1/brokers/me", {**sent, "expertise": "Lezen"}, format="json")
        assert response.status_code == 400, sent
        assert [one["field"] for one in response.json()["errors"]] == list(sent)
    assert Broker.objects.get(user=broker).expertise == ""


def test_others_read_and_only_coordinators_change(
    api: Api, broker: User, second_broker: User, coordinator: User
) -> None:
    path = f"/api/v1/brokers/{broker.pk}"
    assert api(second_broker).get(path).status_code == 200
    assert len(api(second_broker).get("/api/v1/brokers").json()["results"]) == 2
    assert api(second_broker).patch(path, {"capacity": 1}, format="json").status_code == 403
    assert api(coordinator).patch(path, {"capacity": 1}, format="json").json()["capacity"] == 1
    assert api(coordinator).get("/api/v1/brokers/me").status_code == 404
    assert api(coordinator).get("/api/v1/brokers/999999").status_code == 404
    for url in ("/api/v1/brokers", path, "/api/v1/brokers/me"):
        assert api().get(url).status_code == 401
    outsider = User.objects.create_user("buiten@desk.example")
    assert api(outsider).get("/api/v1/brokers").status_code == 403


def test_coordinators_read_who_fits_a_case_and_why(
    api: Api, broker: User, second_broker: User, coordinator: User
) -> None:
    question = factories.triaged()
    Broker.objects.filter(user=second_broker).update(absent_until=day(3))
    path = f"/api/v1/questions/{question.pk}/brokers"
    rows = api(coordinator).get(path).json()["results"]
    found = {row["name"]: row for row in rows}
    assert [row["is_open"] for row in rows] == sorted((row["is_open"] for row in rows), reverse=True)
    assert found["Bente"]["is_open"] is False
    assert {"absent"} <= {reason["kind"] for reason in found["Bente"]["reasons"]}
    assert all(reason["sentence"] for row in rows for reason in row["reasons"])
    assert found["Bram"]["email"] == broker.email
    assert api(broker).get(path).status_code == 403
    assert api().get(path).status_code in (401, 404)
    assert api(coordinator).get(f"/api/v1/questions/{factories.unconfirmed().pk}/brokers").status_code == 404


def test_a_case_tells_up_to_which_day_it_is_held(api: Api, coordinator: User) -> None:
    question = factories.assigned()
    shown = api(coordinator).get(f"/api/v1/questions/{question.pk}").json()
    assert shown["held_until"] == question.held_until.isoformat()
    assert api(coordinator).get(f"/api/v1/questions/{factories.triaged().pk}").json()["held_until"] is None
