"""What nobody outside the desk may learn, and what nobody at all reads through the API."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from api import urls
from brokers.models import User
from questions import dialogue
from questions.models import Asker
from tests import factories

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]
CASE_CALLS = [
    ("get", ""),
    ("get", "/answer"),
    ("put", "/answer"),
    ("get", "/messages"),
    ("post", "/messages"),
    ("post", "/transitions/claim"),
    ("post", "/transitions/nothing"),
    ("post", "/answer/transitions/submit"),
    ("get", "/answer/remarks"),
    ("post", "/answer/remarks"),
    ("delete", "/answer/remarks/1"),
    ("post", "/answer/remarks/1/outcome"),
    ("get", "/answer/invitations"),
    ("post", "/answer/invitations"),
    ("delete", f"/answer/invitations/{uuid.UUID(int=1)}"),
    ("delete", f"/answer/invitations/{uuid.UUID(int=1)}/person"),
    ("delete", ""),
    ("patch", "/answer"),
]


def outside(api: Api) -> list[APIClient]:
    return [api(), api(User.objects.create_user("stranger@desk.example"))]


def test_nobody_outside_the_desk_can_tell_an_existing_case_from_a_missing_one(api: Api) -> None:
    existing = [factories.unconfirmed(), factories.submitted(), factories.drafted(), factories.published()]
    for client in outside(api):
        for method, path in CASE_CALLS:
            answers = set()
            for pk in [*(question.pk for question in existing), uuid.uuid4()]:
                response = getattr(client, method)(f"/api/v1/questions/{pk}{path}", headers={"If-Match": "*"})
                headers = {key: value for key, value in response.headers.items() if key != "Content-Length"}
                answers.add((response.status_code, response.content, str(sorted(headers.items()))))
            assert len(answers) == 1, (method, path)
            assert answers.pop()[0] in (404, 405)


def test_nobody_outside_the_desk_learns_of_a_question_that_is_not_published(api: Api) -> None:
    question = factories.submitted(text="Heeft zingen onder water nut in de klas?")
    for client in outside(api):
        found = client.post("/api/v1/suggestions", {"text": "zingen onder water"}).json()
        assert "questions" not in found
        assert str(question.pk) not in str(found)
        assert str(question.pk) not in str(client.get("/api/v1/search?q=zingen onder water").json())
    answer = client.post("/api/v1/questions", factories.asking(read=[question.number]))
    assert answer.status_code == 201, "a number that is no public answer is passed over, not told apart"


def test_a_source_that_is_not_public_is_not_there_for_others(api: Api) -> None:
    desk = factories.Desk()
    source = factories.source(title="Geheime studie over lezen")
    type(source).objects.filter(pk=source.pk).update(public=False)
    for ref in (source.pk, source.key):
        assert api().get(f"/api/v1/sources/{ref}").content == api().get("/api/v1/sources/nergens").content
        assert api(desk.broker).get(f"/api/v1/sources/{ref}").status_code == 200
    assert api().get("/api/v1/sources").json()["results"] == []
    assert len(api(desk.broker).get("/api/v1/sources").json()["results"]) == 1
    assert api().get("/api/v1/search?q=geheime studie").json()["results"] == [], "hits are candidates: re-checked"


@pytest.mark.thorough
def test_no_answer_of_the_api_holds_the_address_or_the_name_of_an_asker(api: Api) -> None:
    desk = factories.Desk()
    question = factories.published(desk, email="geheim@school.example", name="Geheime Juf")
    part = factories.asker(question)
    dialogue.say(question, {"body": "Dank u wel"}, by=part)
    merged = factories.merged(desk, into=factories.triaged(desk), email="geheim@school.example", name="Geheime Juf")
    said: list[str] = []
    admin = factories.staff("administrator")
    for user in (None, desk.broker, admin):
        client = api(user)
        for pattern in urls.urlpatterns:
            path = str(pattern.pattern)
            if "path>" in path or "transitions" in path:
                continue
            for case in (question, merged):
                url = path.replace("<uuid:pk>", str(case.pk)).replace("<int:number>", str(question.item.number))
                said.append(client.get(f"/api/v1/{url.replace('<str:ref>', factories.source().key)}").content.decode())
        said.append(client.get("/api/v1/questions?q=stillezen").content.decode())
        said.append(client.post("/api/v1/suggestions", {"text": factories.TEXT}).content.decode())
        said.append(client.get("/statusz").content.decode())
        said.append(client.post(f"/api/v1/questions/{question.pk}/transitions/claim", {}).content.decode())
        said.append(client.post("/api/v1/questions", factories.asking(email="geheim@school.example")).content.decode())
    assert Asker.objects.filter(email="geheim@school.example").exists()
    assert len(said) > 50
    for answer in said:
        assert "geheim@" not in answer.lower()
        assert "Geheime Juf" not in answer
        assert part.token not in answer


def test_answers_to_known_callers_are_not_kept_by_caches(api: Api, broker: User) -> None:
    assert api(broker).get("/api/v1/questions").headers["Cache-Control"] == "no-store"
    assert api().get("/api/v1/answers").headers["Cache-Control"] == "no-cache"


def test_every_answer_names_the_version_of_the_api_and_its_language(api: Api) -> None:
    for path, language in (("answers", "nl"), ("nothing", "en"), ("openapi.json", "nl"), ("docs", "en")):
        response: Any = api().get(f"/api/v1/{path}", headers={"Accept-Language": language})
        assert response.headers["API-Version"] == "1.0.0"
        assert response.headers["Content-Language"] == language
        assert "Accept-Language" in response.headers["Vary"]
