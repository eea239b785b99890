"""What can be read in two ways is refused, and nothing changes: names that stand twice, tags that are none or several."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from questions import ledger
from questions.models import Message
from tests import factories
from tests.database import fingerprint

pytestmark = pytest.mark.django_db

Problem = Callable[..., dict[str, Any]]
Api = Callable[..., APIClient]


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


@pytest.mark.parametrize(
    "body", ['{"body": "Ja.", "body": "Nee."}', '{"body": "Ja.", "\\u0062ody": "Nee."}', '{"body": {"a": 1, "a": 2}}']
)
def test_a_name_that_stands_twice_is_refused(team: factories.Desk, api: Api, problem: Problem, body: str) -> None:
    path = f"/api/v1/questions/{factories.assigned(team).pk}/messages"
    refused = problem(api(team.broker).post(path, body, content_type="application/json"), 400)
    assert "more than once" in refused["detail"]
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "body", ["", "{", '{"body": "x"} more', "\ufeff{}", '{"body": NaN}', '{"n": ' + "9" * 5000 + "}"]
)
def test_what_is_no_json_is_refused(team: factories.Desk, api: Api, problem: Problem, body: str) -> None:
    path = f"/api/v1/questions/{factories.assigned(team).pk}/messages"
    problem(api(team.broker).post(path, body.encode(), content_type="application/json"), 400)
    problem(api(team.broker).post(path, '{"body": "x"}'.encode("utf-16"), content_type="application/json"), 400)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "form", ["{0}, {0}", '"x", {0}', "{1}", "*, {0}", "**", "W/W/{0}", "{0}x", '"', "é", "x" * 5_000]
)
def test_what_names_no_one_text_is_refused_and_not_called_a_change_of_somebody_else(
    team: factories.Desk, api: Api, problem: Problem, form: str
) -> None:
    case, review = factories.drafted(team), factories.in_review(team)
    row = ledger.add(case, {"source": factories.source().key}, by=team.broker)
    approve = f"questions/{review.pk}/answer/transitions/approve"
    calls = [
        (api(team.broker).put, f"questions/{case.pk}/answer", factories.working(case).etag, factories.texts(gap="g")),
        (api(team.broker).put, f"questions/{case.pk}/ledger/{row.pk}", row.etag, {"state": "kept"}),
        (api(team.reviewer).post, approve, factories.working(review).etag, {"kind": "content"}),
    ]
    before = fingerprint()
    for call, path, tag, body in calls:
        match = form.format(tag, tag.strip('"'))
        refused = problem(call(f"/api/v1/{path}", body, headers={"If-Match": match}), 400, "invalid")
        assert refused["errors"][0]["field"] == "If-Match"
    assert fingerprint() == before


@pytest.mark.parametrize("form", ["{0}", "W/{0}", " {0} ", "*"])
def test_one_tag_is_one_also_when_a_proxy_made_it_weak(team: factories.Desk, api: Api, form: str) -> None:
    case = factories.drafted(team)
    headers = {"If-Match": form.format(factories.working(case).etag)}
    response = api(team.broker).put(f"/api/v1/questions/{case.pk}/answer", factories.texts(gap="g"), headers=headers)
    assert response.status_code == 200
