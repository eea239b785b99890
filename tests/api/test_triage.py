"""Triage through the API: the checklist, ready-made texts, and mail before it goes."""

from typing import Any

import pytest

from brokers.models import Desk, User
from questions import criteria
from questions.states import State
from tests import factories
from tests.database import fingerprint

pytestmark = pytest.mark.django_db


def test_the_checklist_is_read_and_written(api: Any, coordinator: User, broker: User, problem: Any) -> None:
    question = factories.submitted()
    url = f"/api/v1/questions/{question.pk}/criteria"
    lines = api(broker).get(url).json()["results"]
    assert [one["verdict"] for one in lines] == [""] * len(criteria.of(question))
    row = {"criterion": lines[0]["criterion"], "verdict": "no", "remark": "te breed"}
    problem(api(broker).put(url, {"results": [row]}, format="json"), 403)
    first = api(coordinator).put(url, {"results": [row]}, format="json").json()["results"][0]
    assert (first["verdict"], first["remark"], first["by"]) == ("no", "te breed", "Coen")
    for wrong in ({}, {"results": "x"}, {"results": [{"verdict": "yes"}]}, {"results": [{**row, "verdict": "?"}]}):
        problem(api(coordinator).put(url, wrong, format="json"), 400)
    assert question.checks.get().verdict == "no"


def test_the_mail_of_a_step_is_read_and_nothing_happens(
    api: Any, coordinator: User, broker: User, problem: Any
) -> None:
    question = factories.submitted()
    url = f"/api/v1/questions/{question.pk}/transitions/decline/letters"
    data = {"why": "Te breed.", "alternative": "De bibliotheek."}
    client = api(coordinator)
    before = fingerprint()
    (letter,) = client.post(url, data, format="json").json()["results"]
    assert letter["people"] == 1
    assert "De bibliotheek." in letter["text"]
    assert factories.asker(question).mailed_token not in letter["text"]
    problem(client.post(url, {"why": "x"}, format="json"), 400)
    problem(client.post(url.replace("decline", "nothing"), data, format="json"), 404)
    assert fingerprint() == before
    problem(api(broker).post(url, data, format="json"), 403)


def test_ready_made_texts_are_read_raw_and_filled_in(api: Any, broker: User, visitor: Any) -> None:
    question = factories.submitted()
    rows = api(broker).get("/api/v1/texts").json()["results"]
    assert {"note", "decline", "message"} <= {one["kind"] for one in rows}
    made = api(broker).get(f"/api/v1/questions/{question.pk}/texts").json()["results"]
    assert len(made) == len(rows)
    assert all("{number}" not in one["text"] for one in made)
    assert any(one["left"] for one in made)
    assert api().get("/api/v1/texts").status_code == 401
    for end in ("criteria", "texts"):
        assert api().get(f"/api/v1/questions/{question.pk}/{end}").status_code == 404


def test_a_case_is_handed_over_and_says_where_it_is(api: Any, coordinator: User) -> None:
    Desk.objects.create(slug="mbo", name="Loket mbo")
    Desk.objects.create(slug="recht", name="Rechtwinkel", external_url="https://recht.example/")
    question = factories.submitted()
    url = f"/api/v1/questions/{question.pk}/transitions/hand_over"
    body = api(coordinator).post(url, {"desk": "mbo", "why": "Zij weten meer."}, format="json").json()
    assert (body["state"], body["desk"], body["handed_to"]) == (State.SUBMITTED, "mbo", None)
    body = api(coordinator).post(url, {"desk": "recht", "why": "Toch een rechtsvraag."}, format="json").json()
    assert (body["state"], body["desk"], body["handed_to"]) == (State.DECLINED, "mbo", "recht")
