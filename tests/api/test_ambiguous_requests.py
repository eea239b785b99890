"""What can be read in two ways is refused, and nothing changes: names that stand twice, and what is no JSON."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from questions.models import Message
from tests import factories

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
