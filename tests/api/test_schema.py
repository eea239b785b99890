"""The OpenAPI document: committed, current, and true."""

import json
import random
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from rest_framework.test import APIClient
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from api import urls
from brokers.models import Token
from config.wsgi import application
from questions import inviting, reviewing
from tests import factories

FILE = Path(settings.BASE_DIR) / "api" / "openapi.json"
AGAIN = "run `manage.py spectacular --format openapi-json --file api/openapi.json`"


def test_the_committed_document_is_current(tmp_path: Path) -> None:
    fresh = tmp_path / "openapi.json"
    call_command("spectacular", format="openapi-json", file=str(fresh), validate=True, fail_on_warn=True)
    assert json.loads(fresh.read_text()) == json.loads(FILE.read_text()), AGAIN
    assert fresh.read_text() == FILE.read_text(), AGAIN


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_served_document_is_the_committed_one_in_every_language(
    language: str, api: Callable[..., APIClient]
) -> None:
    response = api().get("/api/v1/openapi.json", headers={"Accept-Language": language})
    assert response.headers["Content-Type"].startswith("application/vnd.oai.openapi+json") or response.headers[
        "Content-Type"
    ].startswith("application/json")
    assert json.loads(response.content) == json.loads(FILE.read_text())


def test_the_document_names_every_call() -> None:
    document = json.loads(FILE.read_text())
    written = {
        (path.removeprefix("/api/v1/").partition("{")[0], method)
        for path, methods in document["paths"].items()
        for method in methods
    }
    for pattern in urls.urlpatterns:
        view = pattern.callback.view_class
        if view.schema is None:
            continue
        for method in ("get", "post", "put", "patch", "delete"):
            if hasattr(view, method):
                assert (str(pattern.pattern).partition("<")[0], method) in written
    refusals = [call["responses"] for methods in document["paths"].values() for call in methods.values()]
    for responses in refusals:
        assert "application/problem+json" in responses["404"]["content"]


@pytest.mark.django_db
def test_the_documentation_is_a_page_without_scripts(api: Callable[..., APIClient]) -> None:
    page = api().get("/api/v1/docs")
    assert page.headers["Content-Type"].startswith("text/html")
    text = page.content.decode()
    assert "/api/v1/suggestions" in text
    assert "cdn" not in text.lower()


@pytest.fixture
def app() -> Iterator[Any]:
    """The application as a server calls it, but inside the test's transaction: connections stay open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield application
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.thorough
@pytest.mark.django_db
def test_what_the_document_says_holds_for_whatever_a_program_sends(app: Any) -> None:
    """Schemathesis makes up requests after the document; a person with every right sends them."""
    desk = factories.Desk()
    question, answer, source = factories.drafted(desk), factories.published(desk), factories.source()
    review = factories.in_review(desk)
    said = {"field": "explanation", "n": 0, "body": "Welk onderzoek?"}
    person = {"name": "Pia", "email": "pia@school.example", "kind": "practice", "language": "nl"}
    key = Token.issue(factories.staff("administrator"))
    schema = schemathesis.openapi.from_dict(json.loads(FILE.read_text()))
    schema.app = app
    real: dict[str, list[Any]] = {
        "id": [question.pk, answer.pk, review.pk],
        "remark": [reviewing.say(factories.working(review), said, by=desk.reviewer).pk],
        "invitation": [inviting.invite(review, person, by=desk.broker).pk],
        "number": [answer.item.number],
        "entry": [1, 2],
        "ref": [source.key],
        "name": ["triage", "transfer", "propose", "submit", "approve", "revise", "merge", "refer"],
    }
    rules = [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
    ]
    for operation in schema.get_all_operations():

        @budget(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.ok().as_strategy())
        def send(case: Any) -> None:
            for name in case.path_parameters or {}:
                other = 10**9 if name in ("entry", "remark") else uuid.uuid4()
                case.path_parameters[name] = str(random.choice([*real[name], *real[name], other]))
            response = case.call(headers={"Authorization": f"Bearer {key}"})
            case.validate_response(response, checks=rules)

        send()
