"""Writing, judging and reading an answer through the API."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from evidence.models import Theme
from questions.models import KeptDraft
from questions.states import VersionState
from tests import factories

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]
Problem = Callable[..., dict[str, Any]]


def address(question: Any) -> str:
    return f"/api/v1/questions/{question.pk}/answer"


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


def test_an_answer_is_read_with_an_etag_and_written_with_it(team: factories.Desk, api: Api) -> None:
    question = factories.agreed(team)
    client, source = api(team.broker), factories.source()
    empty = client.get(address(question))
    assert (empty.json()["version"], empty.json()["short_answer"], empty.headers["ETag"]) == (0, "", '"new"')
    body = {
        "short_answer": "Ja.",
        "explanation": "Zie Jansen.",
        "strength": "limited",
        "gap": "Groep 3.",
        "citations": [
            {"source": str(source.pk), "claim": "ja", "locator": "p. 3"},
            {"source": source.key, "claim": "ook"},
        ],
    }
    written = client.put(address(question), body, headers={"If-Match": empty.headers["ETag"]})
    assert written.status_code == 200
    assert written.headers["ETag"] not in ("", empty.headers["ETag"])
    shown = client.get(address(question))
    assert shown.json() == written.json()
    assert shown.headers["ETag"] == written.headers["ETag"]
    data = shown.json()
    assert {key: data[key] for key in ("short_answer", "explanation", "strength", "gap")} == {
        key: body[key] for key in ("short_answer", "explanation", "strength", "gap")
    }
    assert [(one["n"], one["claim"], one["locator"], one["key"]) for one in data["citations"]] == [
        (1, "ja", "p. 3", source.key),
        (2, "ook", "", source.key),
    ]
    assert "Reading study" in data["citations"][0]["reference"]
    assert data["gap_kind"] == "", "what nobody said is not filled in"
    [submit] = [one for one in data["transitions"] if one["name"] == "submit"]
    assert submit["missing"] == ["Zeg wat voor soort kennislacune het is."]
    weak = client.put(address(question), body, headers={"If-Match": f"W/{shown.headers['ETag']}"})
    assert weak.status_code == 200


def test_without_if_match_nothing_is_written(team: factories.Desk, api: Api, problem: Problem) -> None:
    question = factories.drafted(team)
    problem(api(team.broker).put(address(question), factories.texts()), 428, "precondition_required")
    assert factories.working(question).revision == 1


def test_a_stale_text_is_refused_kept_and_told_where(team: factories.Desk, api: Api, problem: Problem) -> None:
    question = factories.drafted(team)
    client = api(team.broker)
    tag = client.get(address(question)).headers["ETag"]
    first = client.put(address(question), factories.texts(short_answer="Eerst."), headers={"If-Match": tag})
    assert first.status_code == 200
    late = client.put(address(question), factories.texts(short_answer="Te laat."), headers={"If-Match": tag})
    body = problem(late, 412, "stale")
    assert body["etag"] == first.headers["ETag"]
    assert KeptDraft.objects.get(pk=body["kept"]).content["short_answer"] == "Te laat."
    assert client.get(address(question)).json()["short_answer"] == "Eerst."


def test_an_answer_goes_through_review_by_somebody_else(team: factories.Desk, api: Api, problem: Problem) -> None:
    question = factories.drafted(team)
    move = f"{address(question)}/transitions"
    sent = api(team.broker).post(f"{move}/submit", {})
    assert (sent.status_code, sent.json()["state"]) == (200, "in_review")
    problem(api(team.broker).post(f"{move}/approve", {}), 403, "not_allowed")
    back = api(team.reviewer).post(f"{move}/request_changes", {"kind": "all", "remarks": "Korter."})
    assert back.json()["state"] == "draft"
    assert back.json()["reviews"][0]["remarks"] == "Korter."
    api(team.broker).post(f"{move}/submit", {})
    done = api(team.reviewer).post(f"{move}/approve", {"kind": "all", "remarks": "Mooi."})
    assert done.json()["state"] == "approved"
    taken_back = api(team.broker).post(f"{move}/void", {})
    assert (taken_back.status_code, taken_back.json()["state"]) == (200, "draft")


def test_what_the_draft_offers_can_be_done_through_the_api(team: factories.Desk, api: Api) -> None:
    question = factories.in_review(team)
    client = api(team.broker)
    offered = [one["name"] for one in client.get(address(question)).json()["transitions"] if one["open"]]
    assert offered == ["void"]
    assert client.post(f"{address(question)}/transitions/{offered[0]}", {}).status_code == 200


def test_only_published_answers_are_public_and_a_retracted_one_keeps_its_page(
    team: factories.Desk, api: Api, problem: Problem
) -> None:
    hidden, shown, gone = factories.answered(team), factories.published(team), factories.retracted(team)
    factories.move(shown, "revise", team.broker, why="nieuw")
    factories.write(shown, team.broker, short_answer="Nog niet openbaar.")
    listed = api().get("/api/v1/answers").json()["results"]
    assert [row["number"] for row in listed] == [shown.item.number]
    body = api().get(f"/api/v1/answers/{shown.item.number}").json()
    assert body["short_answer"] == factories.TEXTS["short_answer"]
    assert (body["state"], body["version"], body["title"]) == (VersionState.PUBLISHED, 1, factories.ARTICULATED)
    assert body["citations"][0]["claim"] == "kleine effecten"
    problem(api().get(f"/api/v1/answers/{hidden.item.number}"), 404)
    banner = api().get(f"/api/v1/answers/{gone.item.number}").json()
    assert (banner["state"], banner["retraction"]) == ("retracted", "de studie is ingetrokken")


@pytest.mark.parametrize("query", ["sector=vo", "theme=lezen"])
def test_public_answers_are_filtered(query: str, team: factories.Desk, api: Api) -> None:
    factories.published(team)
    other = factories.published(team, sector="vo")
    other.themes.add(Theme.objects.create(slug="lezen", label_nl="Lezen"))
    rows = api().get(f"/api/v1/answers?{query}").json()["results"]
    assert [row["number"] for row in rows] == [other.item.number]


def test_too_little_research_never_becomes_no_effect(team: factories.Desk, api: Api, problem: Problem) -> None:
    question = factories.agreed(team)
    body = factories.texts(strength="insufficient", direction="none")
    refused = problem(api(team.broker).put(address(question), body, headers={"If-Match": "*"}), 400, "invalid")
    assert [one["field"] for one in refused["errors"]] == ["direction"]
