"""Every refusal is problem+json with a type that stays, whatever was wrong, and changes nothing."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from brokers.models import User
from questions.models import Question
from tests import factories
from tests.database import fingerprint

pytestmark = pytest.mark.django_db

Problem = Callable[..., dict[str, Any]]
Api = Callable[..., APIClient]
JSON = "application/json"


@pytest.fixture
def case(broker: User) -> Question:
    return factories.drafted(factories.Desk(broker=broker))


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_an_unknown_address_is_a_problem(method: str, api: Api, problem: Problem) -> None:
    for path in (
        "",
        "nothing",
        "questions/",
        "questions/7",
        "questions/not-a-uuid",
        "answers/abc",
        "answers/-1",
        "v2",
        "answers/1/2",
        "answers/" + "9" * 5000,
        "questions/%00",
        "..%2f..%2fetc",
        "docs/",
        "%F0%9F%98%80",
    ):
        problem(getattr(api(), method)(f"/api/v1/{path}"), 404, "not_found")


@pytest.mark.parametrize(
    "path",
    [
        "answers/999999",
        "answers/99999999999999999999",
        "sources/nergens",
        f"sources/{uuid.UUID(int=1)}",
        "sources/%00",
        "sources/" + "x" * 4000,
        f"questions/{uuid.UUID(int=1)}",
    ],
)
def test_an_unknown_thing_is_a_problem(path: str, api: Api, problem: Problem) -> None:
    problem(api().get(f"/api/v1/{path}"), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("delete", "questions"),
        ("patch", "answers"),
        ("post", "answers"),
        ("put", "search"),
        ("get", "suggestions"),
        ("delete", "sources"),
        ("post", "openapi.json"),
        ("post", "docs"),
        ("put", "docs"),
    ],
)
def test_a_method_that_is_not_offered_is_a_problem(method: str, path: str, api: Api, problem: Problem) -> None:
    problem(getattr(api(), method)(f"/api/v1/{path}"), 405, "method_not_allowed")


def test_a_method_that_is_not_offered_is_a_problem_also_with_the_strictest_csrf_check(problem: Problem) -> None:
    client = Client(enforce_csrf_checks=True)
    for path in ("docs", "openapi.json", "answers"):
        problem(client.post(f"/api/v1/{path}"), 405, "method_not_allowed")


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""],
)
def test_another_content_type_is_a_problem(kind: str, api: Api, problem: Problem) -> None:
    problem(api().generic("POST", "/api/v1/questions", b"a=b", content_type=kind), 415, "unsupported_media_type")


def test_an_answer_nobody_can_give_is_a_problem_also_with_bad_credentials(api: Api, problem: Problem) -> None:
    problem(api().get("/api/v1/answers", headers={"Accept": "image/png"}), 406, "not_acceptable")
    for path in ("answers", "questions", "openapi.json"):
        response = api().get(f"/api/v1/{path}", headers={"Accept": "image/png", "Authorization": "Bearer wrong"})
        assert response.status_code in (401, 406)
        problem(response, response.status_code)


@pytest.mark.parametrize("header", ["Bearer", "Bearer wrong", "Bearer a b", "bearer rot_x", "Bearer \xff"])
def test_bad_credentials_are_a_problem_everywhere(header: str, problem: Problem) -> None:
    client = APIClient(raise_request_exception=False)
    for method, path in (("get", "answers"), ("post", "questions"), ("get", "nothing"), ("get", "docs")):
        response = getattr(client, method)(f"/api/v1/{path}", HTTP_AUTHORIZATION=header)
        problem(response, 401, "not_authenticated")
        assert response.headers["WWW-Authenticate"] == "Bearer"


BROKEN = {
    "nothing": b"",
    "half": b'{"text": ',
    "no json": b"hello",
    "a list": b"[1, 2]",
    "a number": b"7",
    "null": b"null",
    "text": b'"text"',
    "NaN": b'{"text": NaN}',
    "infinity": b'{"text": 1e999}',
    "latin-1": '{"text": "é"}'.encode("latin-1"),
    "deep list": b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "rather deep": b'{"text": ' + b"[" * 30 + b"]" * 30 + b"}",
    "NUL": b'{"text": "a\\u0000b"}',
    "NUL key": b'{"a\\u0000b": 1}',
    "raw NUL": b'{"text": "a\x00b"}',
    "surrogate": b'{"text": "\\ud800"}',
    "huge number": b'{"text": ' + b"9" * 5_000 + b"}",
    "utf-16": '{"text": "é"}'.encode("utf-16"),
}


@pytest.mark.parametrize(
    "path",
    [
        "questions",
        "suggestions",
        "sources",
        "questions/PK/transitions/release",
        "questions/PK/messages",
        "questions/PK/answer",
    ],
)
def test_a_body_that_is_no_json_object_is_a_problem(
    path: str, case: Question, broker: User, api: Api, problem: Problem
) -> None:
    method = "PUT" if path.endswith("answer") else "POST"
    url = f"/api/v1/{path.replace('PK', str(case.pk))}"
    client = api(broker)
    before = fingerprint()
    for name, body in BROKEN.items():
        response = client.generic(method, url, body, content_type=JSON, headers={"If-Match": "*"})
        if name == "nothing" and path.endswith("answer"):
            continue  # an empty answer is an answer
        assert response.status_code == 400, name
        problem(response, 400)
    assert path.endswith("answer") or fingerprint() == before


def test_a_body_that_is_too_large_is_a_problem(api: Api, problem: Problem) -> None:
    body = json.dumps({"text": "x" * 3_000_000}).encode()
    problem(api().generic("POST", "/api/v1/suggestions", body, content_type=JSON), 413, "too_large")


WRONG_QUERIES = [
    "questions?limit=0",
    "questions?limit=101",
    "questions?limit=-1",
    "questions?limit=ten",
    "questions?limit=",
    "questions?limit=00000000000199999",
    "questions?limit=1.5",
    "questions?state=lost",
    "questions?assignee=you",
    "questions?sector=x",
    "questions?q=%00",
    "questions?q=" + "x" * 10_001,
    "questions?email=a@b.nl",
    "questions?page=2",
    "answers?sector=x",
    "answers?limit=1000",
    "answers?theme=%00",
    "sources?sector=x",
    "sources?state=x",
    "search?kind=question",
    "search?kind=x",
    "search?sector=x",
    "search?strength=x",
    "search?q=%00",
    "search?limit=0",
    "search?author=x",
    "answers?cursor=%00",
]


def test_a_query_string_that_is_wrong_is_a_problem(broker: User, api: Api, problem: Problem) -> None:
    client = api(broker)
    for path in WRONG_QUERIES:
        body = problem(client.get(f"/api/v1/{path}"), 400, "invalid")
        assert body["errors"][0]["field"] == path.partition("?")[2].partition("=")[0]


def test_a_thousand_parameters_are_a_problem(api: Api, problem: Problem) -> None:
    problem(api().get("/api/v1/answers?" + "&".join("a=1" for _n in range(1_100))), 400)


MADE_UP = [
    "x",
    "bz0x",
    "cD1mb28=",
    "cD0yMDI2",
    "cD0lMDA=",
    "bz05OTk5OTk5OTk5OTk5",
    "cj0x",
    "%F0%9F",
    "cD05OTk5OTktOTktOTk=",
    "cD0wMDAxLTAxLTAxVDAwOjAwOjAwJTJCMTQ6MDA=",
]


def test_a_cursor_somebody_made_up_is_no_failure(broker: User, api: Api) -> None:
    factories.published()
    client = api(broker)
    for path in ("questions", "answers", "sources"):
        for cursor in MADE_UP:
            response = client.get(f"/api/v1/{path}?cursor={cursor}")
            assert response.status_code in (200, 400, 404), (path, cursor, response.content)
            if response.status_code != 200:
                assert response.headers["Content-Type"] == "application/problem+json"


def test_a_move_that_is_not_possible_now_and_one_that_is_not_yours_are_told_apart(
    case: Question, broker: User, coordinator: User, api: Api, problem: Problem
) -> None:
    before = fingerprint_without_tokens()
    url = f"/api/v1/questions/{case.pk}/transitions"
    problem(api(broker).post(f"{url}/publish", {}), 409, "not_now")
    problem(api(broker).post(f"{url}/answer", {}), 409, "not_now")
    problem(api(coordinator).post(f"{url}/propose", {"articulated": "x"}), 403, "not_allowed")
    problem(api(broker).post(f"{url}/release", {}), 400, "invalid")
    problem(api(broker).post(f"{url}/fly", {}), 404, "not_found")
    problem(api(broker).post(f"{url}/save", {}), 404, "not_found")
    problem(api(broker).post(f"{url}/__init__", {}), 404, "not_found")
    problem(api(broker).post(f"/api/v1/questions/{case.pk}/answer/transitions/fly", {}), 404, "not_found")
    problem(api(broker).post(f"/api/v1/questions/{case.pk}/answer/transitions/approve", {}), 409, "not_now")
    problem(api(broker).post(f"/api/v1/questions/{case.pk}/answer/transitions/publish", {}), 409, "not_now")
    assert fingerprint_without_tokens() == before


def fingerprint_without_tokens() -> dict[str, Any]:
    return {table: value for table, value in fingerprint().items() if table != "brokers_token"}


def test_too_many_questions_say_when_to_come_back(api: Api, problem: Problem, settings: Any) -> None:
    settings.QUESTIONS_PER_ADDRESS_A_DAY = 0
    response = api().post("/api/v1/questions", factories.asking())
    body = problem(response, 429, "too_many")
    assert int(response.headers["Retry-After"]) == body["retry_after"] > 0


def test_personal_data_is_refused_with_its_place_counted_as_programs_do(api: Api, problem: Problem) -> None:
    words = "Sam is bereikbaar op 06-12345678 of sam@school.nl"
    body = problem(api().post("/api/v1/questions", factories.asking(context=words)), 400, "invalid")
    places = [(one["field"], one["code"], one["kind"], words[one["start"] : one["end"]]) for one in body["errors"]]
    assert places == [
        ("context", "personal_data", "name", "Sam"),
        ("context", "personal_data", "phone", "06-12345678"),
        ("context", "personal_data", "email", "sam@school.nl"),
    ]
    checked = {**factories.asking(context=words), "personal_data_checked": True}
    assert api().post("/api/v1/questions", checked).status_code == 201


def test_a_logged_in_person_of_another_site_cannot_be_made_to_post(broker: User, problem: Problem) -> None:
    client = APIClient(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(broker)
    case = factories.triaged()
    problem(client.post(f"/api/v1/questions/{case.pk}/transitions/claim", {}), 403, "not_allowed")
    assert factories.reload(case).assignee is None


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_type_of_a_problem_is_the_same_in_every_language(language: str, api: Api, problem: Problem) -> None:
    response = api().post("/api/v1/questions", {}, headers={"Accept-Language": language})
    problem(response, 400, "invalid")
    assert {one["code"] for one in response.json()["errors"]} == {"required"}
