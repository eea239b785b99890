"""The queue for machines: the same views, filters and pages as on the desk, and several cases at once."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from evidence.models import Theme
from questions import saved
from questions.listing import Wanted
from tests import factories

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]
URL = "/api/v1/questions"


def ids(response: Any) -> list[str]:
    return [row["id"] for row in response.json()["results"]]


def test_views_and_filters_are_those_of_the_desk(api: Api) -> None:
    desk = factories.Desk()
    waiting, asked, review = factories.triaged(desk), factories.proposed(desk), factories.in_review(desk)
    client = api(desk.broker)
    for query, expected in [
        ("view=unclaimed", [waiting]),
        ("view=asker", [asked]),
        ("view=in_review", [review]),
        ("view=mine&order=newest", [review, asked]),
        ("order=oldest", [waiting, asked, review]),
        (f"assignee={desk.broker.email}&order=oldest", [asked, review]),
        ("track=short", []),
        ("age=3", []),
    ]:
        assert ids(client.get(f"{URL}?{query}")) == [str(case.pk) for case in expected], query
    line = client.get(f"{URL}?view=asker").json()["results"][0]
    assert (line["turn"], line["due_on"], bool(line["waiting_since"])) == ("asker", None, True)


@pytest.mark.parametrize("query", ["view=lost", "state=lost", "age=0", "age=x", "order=price", "tab=mine"])
def test_what_cannot_be_used_is_refused_by_name(api: Api, broker: Any, query: str) -> None:
    response = api(broker).get(f"{URL}?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == query.partition("=")[0]


def test_pages_lead_on_and_back_in_every_order(api: Api) -> None:
    desk = factories.Desk()
    made = [str(factories.triaged(desk).pk) for _n in range(5)]
    client = api(desk.coordinator)
    for query in ("view=unclaimed", "view=open&order=due&sector=po"):
        page, seen, pages = client.get(f"{URL}?{query}&limit=2").json(), [], []
        assert page["previous"] is None
        while True:
            seen += [row["id"] for row in page["results"]]
            pages.append(page)
            if page["next"] is None:
                break
            page = client.get(page["next"]).json()
        assert sorted(seen) == sorted(made)
        assert client.get(page["previous"]).json()["results"] == pages[-2]["results"]


@pytest.mark.parametrize("cursor", ["x", "am1", "cm1_" + "0" * 32, "%00", "a" + "9" * 60])
def test_a_cursor_that_somebody_made_up_is_refused(api: Api, broker: Any, cursor: str) -> None:
    assert api(broker).get(f"{URL}?cursor={cursor}").status_code in (400, 404)


def test_the_views_tell_how_many_and_what_was_saved(api: Api, broker: Any, second_broker: Any) -> None:
    factories.triaged()
    saved.save(broker, Wanted(view="open", sector="vo"), {"name": "Vo", "is_shared": True})
    saved.save(broker, Wanted(), {"name": "Mijn"})
    body = api(second_broker).get("/api/v1/views", headers={"Accept-Language": "en"}).json()
    counts = {one["name"]: one["count"] for one in body["results"]}
    assert (counts["unclaimed"], counts["mine"]) == ("1", "0")
    assert [(one["name"], one["own"], one["query"]) for one in body["saved"]] == [
        ("Vo", False, {"view": "open", "sector": "vo"})
    ]
    assert {one["words"] for one in body["results"]} >= {"My cases", "Overdue"}


def test_several_cases_are_changed_each_by_itself(api: Api) -> None:
    desk = factories.Desk()
    waiting, done = factories.triaged(desk), factories.published(desk)
    gone = str(uuid.uuid4())
    sent = {"do": "assign", "questions": [str(waiting.pk), str(done.pk), gone], "broker": desk.broker.email}
    client = api(desk.coordinator)
    response = client.post(f"{URL}/together", sent, headers={"Idempotency-Key": "een"})
    found = {one["id"]: (one["number"], one["done"], bool(one["reason"])) for one in response.json()["results"]}
    assert response.status_code == 200
    assert found == {
        str(waiting.pk): (waiting.number, True, False),
        str(done.pk): (done.number, False, True),
        gone: (None, False, True),
    }
    again = client.post(f"{URL}/together", sent, headers={"Idempotency-Key": "een"})
    assert again.json() == response.json()
    assert factories.reload(waiting).events.filter(name="assign").count() == 1
    Theme.objects.create(slug="lezen", label_nl="Lezen")
    body = client.post(f"{URL}/together", {"do": "themes", "questions": [str(done.pk)], "add": ["lezen"]}).json()
    assert body["results"][0]["done"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "questions"),
        ({"do": "assign", "questions": "x"}, "questions"),
        ({"do": ["assign"], "questions": []}, "do"),
        ({"do": "assign", "questions": [1]}, "questions"),
        ({"do": "assign", "questions": ["x"]}, "questions"),
        ({"do": "claim", "questions": [str(uuid.uuid4())]}, "do"),
        ({"do": "assign", "questions": [str(uuid.uuid4())], "broker": 7}, "broker"),
        ({"do": "themes", "questions": [str(uuid.uuid4())], "add": "lezen"}, "add"),
        ({"do": "assign", "questions": [str(uuid.uuid4())], "state": "x"}, "state"),
        ({"do": "assign", "questions": [str(uuid.uuid4())], "held": 7}, "held"),
    ],
)
def test_a_wrong_choice_is_refused_by_name(api: Api, coordinator: Any, sent: dict[str, Any], field: str) -> None:
    response = api(coordinator).post(f"{URL}/together", sent)
    assert response.status_code == 400
    assert field in {one["field"] for one in response.json()["errors"]}


def test_nobody_but_staff(api: Api) -> None:
    assert api().get("/api/v1/views").status_code == 401
    assert api().post(f"{URL}/together", {}).status_code == 401
