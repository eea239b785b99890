"""Addresses that somebody made up by hand: refused or answered, never a failure."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from rest_framework.test import APIClient

from brokers.models import User
from evidence import embedding
from questions import reading
from questions.models import KeptDraft
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]

Problem = Callable[..., dict[str, Any]]
Api = Callable[..., APIClient]

POSITIONS = [
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2024-01-01T00:00:00",
    "2024-02-31T00:00:00Z",
    "morgen",
    "' OR 1=1",
]


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("path", ["answers", "sources", "questions"])
def test_a_cursor_that_somebody_made_up_is_refused(
    path: str, position: str, broker: User, api: Api, problem: Problem
) -> None:
    factories.published()
    cursor = base64.b64encode(f"p={quote(position)}".encode()).decode()
    problem(api(broker).get(f"/api/v1/{path}?cursor={quote(cursor)}"), 404, "not_found")


@pytest.mark.parametrize("position", ["2024-01-01T00:00:00+23:59", "0001-01-02T00:00:00+00:00"])
def test_a_cursor_in_any_zone_is_a_place_in_the_list(position: str, api: Api) -> None:
    cursor = base64.b64encode(f"p={quote(position)}".encode()).decode()
    assert api().get(f"/api/v1/answers?cursor={quote(cursor)}").status_code == 200


def test_pages_follow_each_other_on_this_desk_whatever_the_host_was(api: Api, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    desk = factories.Desk()
    numbers = {factories.published(desk).number for _n in range(3)}
    seen = []
    url = "/api/v1/answers?limit=1&sector=po"
    while url:
        page = api().get(url, headers={"Host": "evil.example"}).json()
        seen += [row["number"] for row in page["results"]]
        if page["next"]:
            assert page["next"].startswith(f"{settings.BASE_URL}/api/v1/answers?")
        url = (page["next"] or "").removeprefix(settings.BASE_URL)
    assert set(seen) == numbers
    assert len(seen) == 3


@pytest.mark.parametrize("limit", ["٣", "３", "²"])
def test_a_limit_is_written_in_plain_digits(limit: str, api: Api, problem: Problem) -> None:
    problem(api().get(f"/api/v1/answers?limit={quote(limit)}"), 400, "invalid")


def test_an_unknown_theme_finds_nothing_everywhere(broker: User, api: Api) -> None:
    factories.published()
    for path in ("answers", "sources", "questions", "search"):
        response = api(broker).get(f"/api/v1/{path}?theme=nergens&")
        assert (response.status_code, response.json()["results"]) == (200, []), path


def test_a_failure_is_a_problem_without_details(
    api: Api, problem: Problem, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**_filters: Any) -> Any:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(reading, "published", fail)
    response = api().get("/api/v1/answers")
    problem(response, 500, "failure")
    assert "secret" not in response.content.decode()
    assert "the secret of the house" in caplog.text


# --- Texts to search for ------------------------------------------------------------------------------

TEXTS = [
    "x" * 10_000,
    "lezen " * 1_666,
    "de het een en van",
    "...!?;:--",
    "مرحبا بالعالم",
    "\u202elezen\u202c \u200f\u200e",
    "' OR 1=1",
    "'; DROP TABLE evidence_passage; --",
    '"lezen zonder einde',
    "((lezen",
    "lezen | !schrijven & :*",
    "%s %(terms)s {0} %%",
    "\\",
    "\x07\x1b[31m",
    "\N{GRINNING FACE}" * 500,
    "e\u0301" * 300,
    "- " * 2_000,
]
NUL = "lezen\x00schrijven"


@pytest.fixture
def library() -> None:
    desk = factories.Desk()
    factories.published(desk)
    factories.source(title="Lezen en schrijven")
    factories.triaged(desk, text="Wat helpt bij lezen?")
    embedding.embed_all()


@pytest.mark.words_only
@pytest.mark.parametrize("text", [*TEXTS, "x" * 10_001, ""], ids=lambda text: repr(text[:12]))
def test_any_text_is_searched_or_refused(text: str, library: None, broker: User, api: Api, problem: Problem) -> None:
    searched = api().get("/api/v1/search", {"q": text})
    if len(text) > 10_000:
        problem(searched, 400, "invalid")
    else:
        found = searched.json()
        assert searched.status_code == 200
        assert found["nothing_relevant"] == (found["results"] == [])
        assert all(sum(counts.values()) == 0 for counts in found["facets"].values() if not found["total"])
    for person in (None, broker):
        response = api(person).post("/api/v1/suggestions", {"text": text})
        if len(text) > 10_000 or not text.strip("\u202e\u202c\u200f\u200e "):
            problem(response, 400, "invalid")
        else:
            assert response.status_code == 200, response.content


@pytest.mark.words_only
@pytest.mark.parametrize("name", ["q", "sector", "theme", "collection", "language", "year_from", "page"])
def test_a_nul_is_refused_wherever_it_stands(name: str, library: None, api: Api, problem: Problem) -> None:
    problem(api().get("/api/v1/search", {"q": "lezen", name: NUL}), 400, "invalid")
    problem(api().post("/api/v1/suggestions", {"text": NUL}), 400)


@pytest.mark.words_only
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:12]))
@pytest.mark.parametrize("name", ["theme", "collection", "sector", "language"])
def test_a_filter_of_any_text_is_refused_or_finds_nothing(name: str, text: str, library: None, api: Api) -> None:
    response = api().get("/api/v1/search", {"q": "lezen", name: text})
    if response.status_code != 400:
        assert (response.status_code, response.json()["results"]) == (200, [])


# --- ETags ------------------------------------------------------------------------------------------


def address(question: Any) -> str:
    return f"/api/v1/questions/{question.pk}/answer"


@pytest.mark.parametrize("tag", ['"' + "x" * 500 + '"', "nonsense", '"é"', '"a", "b"', 'W/"old"'])
def test_an_etag_nobody_gave_is_stale_and_the_text_is_kept(tag: str, api: Api, problem: Problem) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    body = factories.texts(short_answer="Lang getypt.")
    kept = problem(api(desk.broker).put(address(question), body, headers={"If-Match": tag}), 412, "stale")["kept"]
    assert KeptDraft.objects.get(pk=kept).content["short_answer"] == "Lang getypt."


@pytest.mark.parametrize(
    ("state", "name", "who", "data"),
    [
        ("drafted", "submit", "broker", {}),
        ("in_review", "approve", "reviewer", {"kind": "all"}),
        ("in_review", "request_changes", "reviewer", {"kind": "all", "remarks": "x"}),
    ],
)
def test_a_judgement_names_the_text_it_is_about(
    state: str, name: str, who: str, data: dict[str, Any], api: Api, problem: Problem
) -> None:
    desk = factories.Desk()
    question = getattr(factories, state)(desk)
    client, url = api(getattr(desk, who)), f"{address(question)}/transitions/{name}"
    tag = client.get(address(question)).headers["ETag"]
    refused = client.post(url, data, headers={"If-Match": '"another"'})
    assert problem(refused, 412, "stale")["etag"] == tag == refused.headers["ETag"]
    assert "kept" not in refused.json()
    assert client.post(url, data, headers={"If-Match": tag}).status_code == 200


def test_one_key_is_for_one_text_read(api: Api, problem: Problem) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    client, body = api(desk.broker), factories.texts()
    tag = client.get(address(question)).headers["ETag"]
    first = client.put(address(question), body, headers={"If-Match": tag, "Idempotency-Key": "k"})
    again = client.put(address(question), body, headers={"If-Match": tag, "Idempotency-Key": "k"})
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (200, "true")
    other = {"If-Match": first.headers["ETag"], "Idempotency-Key": "k"}
    problem(client.put(address(question), body, headers=other), 422, "key_reused")
