"""The search log and the ledger for programs."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from tests import factories

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


def test_searching_again_and_correcting(api: Api, desk: factories.Desk) -> None:
    case, client = f"/api/v1/questions/{factories.agreed(desk).pk}", api(desk.broker)
    own = client.post(f"{case}/searches/library", {"terms": "lezen"}, headers={"Idempotency-Key": "a"})
    assert own.status_code == 201
    assert (
        client.post(f"{case}/searches/library", {"terms": "lezen"}, headers={"Idempotency-Key": "a"}).data == own.data
    )
    again = client.post(f"{case}/searches/{own.json()['id']}/again").json()
    assert (again["repeats"], again["fresh"]) == (own.json()["id"], 0)
    line = client.post(f"{case}/searches", {"place": "ERIC", "terms": "reding", "hits": 3}).json()
    right = client.post(f"{case}/searches/{line['id']}/correction", {"place": "ERIC", "terms": "reading"}).json()
    assert right["corrects"] == line["id"]
    assert len(api(desk.reviewer).get(f"{case}/searches").json()["results"]) == 4
    assert client.post(f"{case}/searches/999999/again").status_code == 404


def test_a_source_is_put_in_and_judged_with_the_tag_that_was_read(api: Api, desk: factories.Desk) -> None:
    case, client = f"/api/v1/questions/{factories.agreed(desk).pk}", api(desk.broker)
    added = client.post(f"{case}/ledger", {"source": factories.source().key})
    assert (added.status_code, added["ETag"]) == (201, added.json()["etag"])
    one = f"{case}/ledger/{added.json()['id']}"
    data = {"state": "kept", "design": "meta-analysis", "direction": "none", "fit": "same"}
    assert client.put(one, data).status_code == 428
    judged = client.put(one, data, headers={"If-Match": added["ETag"]})
    assert (judged.status_code, judged.json()["state"]) == (200, "kept")
    assert client.put(one, data, headers={"If-Match": added["ETag"]}).status_code == 412
    assert api(desk.coordinator).put(one, data, headers={"If-Match": "*"}).status_code == 403
    body = api(desk.coordinator).get(f"{case}/ledger").json()
    assert {key: body["proposal"][key] for key in ("strength", "direction", "rules")} == {
        "strength": "moderate",
        "direction": "none",
        "rules": ["moderate"],
    }
    assert [row["state"] for row in body["results"]] == ["kept"]


def test_before_agreement_every_call_says_why(api: Api, desk: factories.Desk) -> None:
    question = factories.proposed(desk)
    case, client = f"/api/v1/questions/{question.pk}", api(desk.broker)
    for path, data in (
        ("searches", {"place": "ERIC", "terms": "x"}),
        ("searches/library", {"terms": "x"}),
        ("ledger", {"source": factories.source().key}),
    ):
        response = client.post(f"{case}/{path}", data)
        assert response.status_code == 409, path
        assert "coördinator" in response.json()["detail"] or "coordinator" in response.json()["detail"]
    assert client.put(f"{case}/answer", factories.texts(), headers={"If-Match": '"new"'}).status_code == 409
    assert client.post(f"{case}/transitions/start_research", {"why": "x"}).status_code == 403
    assert api(desk.coordinator).post(f"{case}/transitions/start_research", {"why": "x"}).status_code == 200
    assert client.put(f"{case}/answer", factories.texts(), headers={"If-Match": '"new"'}).status_code == 200


def test_nobody_outside_the_desk_learns_of_it(api: Api, desk: factories.Desk) -> None:
    case = f"/api/v1/questions/{factories.agreed(desk).pk}"
    for path in ("searches", "ledger"):
        assert api().get(f"{case}/{path}").status_code in (401, 404)


def test_the_dossier_tells_every_wording(api: Api, desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    (row,) = api(desk.broker).get(f"/api/v1/questions/{question.pk}").json()["wordings"]
    assert (row["n"], row["kind"], row["articulated"]) == (1, "proposed", factories.ARTICULATED)
    assert row["agreed_at"]
