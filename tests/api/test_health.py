"""Is it alive, is it ready, how does it stand."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from brokers.models import User
from questions import mail
from tests import factories

Api = Callable[..., APIClient]


def test_the_process_is_alive_without_a_database(django_db_blocker: Any) -> None:
    response = Client().get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_it_is_ready_when_the_database_answers_and_the_schema_is_right() -> None:
    assert Client().get("/readyz").status_code == 200


@pytest.mark.django_db
def test_it_is_not_ready_while_migrations_wait() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'questions'")
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert "migrations" in response.json()["status"]


@pytest.mark.django_db
def test_staff_see_how_it_stands(api: Api, broker: User) -> None:
    factories.unconfirmed()
    factories.triaged()
    body = api(broker).get("/statusz").json()
    assert body["questions"] == {"unconfirmed": 1, "unclaimed": 1}
    assert body["letters"]["waiting"] == 3
    assert body["letters"]["oldest_seconds"] >= 0
    assert body["letters"]["last_sent_at"] is None
    assert body["mail"] == "files"
    assert body["model"]["recipe"].startswith("fake")
    assert body["vectors"]
    mail.deliver()
    after = api(broker).get("/statusz").json()["letters"]
    assert (after["waiting"], after["dead"]) == (0, 0)
    assert after["last_sent_at"]


@pytest.mark.django_db
def test_others_do_not(api: Api, problem: Any) -> None:
    problem(api().get("/statusz"), 401, "not_authenticated")
