"""Asking, listing, reading and moving questions through the API."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from brokers.models import User
from evidence.models import Theme
from questions import dialogue, workflow
from questions.models import Participation, Question
from tests import factories

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]
URL = "/api/v1/questions"


def test_anyone_asks_and_gets_an_id_no_number_yet_and_a_link(api: Api) -> None:
    response = api().post(URL, factories.asking(context="Groep 6", tried="Google", on_behalf_of="De Vlieger", read=[]))
    assert response.status_code == 201
    body = response.json()
    assert set(body) == {"id", "number", "state", "tracking_url"}
    question = Question.objects.get(pk=body["id"])
    assert (body["number"], body["state"]) == (None, "submitted")
    token = body["tracking_url"].rpartition("/")[2]
    assert Participation.find(token).question == question  # type: ignore[union-attr]
    assert (question.context, question.tried, question.on_behalf_of) == ("Groep 6", "Google", "De Vlieger")


def test_staff_ask_confirmed_questions(api: Api, broker: User) -> None:
    body = api(broker).post(URL, factories.asking()).json()
    assert isinstance(body["number"], int)
    assert api(broker).get(f"{URL}/{body['id']}").json()["number"] == body["number"]


@pytest.mark.parametrize("sector", ["po", "vo", "mbo", "so", "ho", "other"])
def test_every_sector_of_the_issue_is_taken(sector: str, api: Api) -> None:
    assert api().post(URL, factories.asking(sector=sector)).status_code == 201


@pytest.mark.parametrize(
    "role",
    [
        "teacher",
        "school_leader",
        "care_coordinator",
        "teaching_assistant",
        "student_teacher",
        "board",
        "researcher",
        "parent",
        "other",
    ],
)
def test_every_role_of_the_issue_is_taken(role: str, api: Api) -> None:
    assert api().post(URL, factories.asking(role=role)).status_code == 201


def test_the_language_of_a_question_is_that_of_the_request_unless_it_says_so(api: Api) -> None:
    made = [
        api().post(URL, factories.asking(), headers={"Accept-Language": "en"}),
        api().post(URL, factories.asking(), headers={"Accept-Language": "fr"}),
        api().post(URL, factories.asking(language="nl"), headers={"Accept-Language": "en"}),
    ]
    assert [Question.objects.get(pk=one.json()["id"]).language for one in made] == ["en", "nl", "nl"]


# --- The dossier ----------------------------------------------------------------------------------------


def test_the_dossier_shows_the_case_and_what_this_person_may_do_and_why_not(api: Api) -> None:
    desk = factories.Desk()
    question = factories.proposed(desk)
    body = api(desk.broker).get(f"{URL}/{question.pk}").json()
    assert body["text"] == factories.TEXT
    assert body["articulated"] == body["title"] == factories.ARTICULATED
    assert (body["state"], body["turn"], body["assignee"]) == ("assigned", "asker", desk.broker.email)
    assert body["askers"] == ["asked"]
    assert [step["name"] for step in body["events"]] == ["ask", "confirm", "triage", "claim", "propose"]
    assert [step["by"] for step in body["events"]][:3] == ["asker", "asker", str(desk.coordinator)]
    options = {one["name"]: one for one in body["transitions"]}
    assert options["note_agreement"]["open"]
    assert options["note_agreement"]["fields"] == {"why": {"required": True}}
    assert not options["waive"]["open"]
    assert not options["answer"]["open"]
    assert options["answer"]["reason"]
    assert not options["agree"]["open"]
    expected = {one.name: one.open for one in workflow.options(question, desk.broker)}
    assert {name: one["open"] for name, one in options.items()} == expected


def test_a_move_answers_with_the_changed_dossier(api: Api, coordinator: User, broker: User) -> None:
    Theme.objects.create(slug="lezen", label_nl="Lezen")
    question = factories.submitted()
    move = f"{URL}/{question.pk}/transitions"
    body = api(coordinator).post(f"{move}/triage", {"track": "short", "themes": ["lezen"]}).json()
    assert (body["state"], body["track"], body["themes"]) == ("triaged", "short", ["lezen"])
    body = api(coordinator).post(f"{move}/assign", {"broker": broker.email}).json()
    assert (body["state"], body["assignee"]) == ("assigned", broker.email)


def test_a_move_takes_null_for_what_is_not_given(api: Api, coordinator: User) -> None:
    question = factories.submitted()
    response = api(coordinator).post(f"{URL}/{question.pk}/transitions/triage", {"track": "full", "why": None})
    assert response.status_code == 200


# --- The list ---------------------------------------------------------------------------------------------


@pytest.fixture
def cases() -> dict[str, Question]:
    desk = factories.Desk()
    theme = Theme.objects.create(slug="rekenen", label_nl="Rekenen")
    made = {
        "vo": factories.triaged(desk, sector="vo", text="Werkt huiswerk in de brugklas?"),
        "mine": factories.assigned(desk, text="Helpt rekenen met blokjes?"),
        "done": factories.published(desk),
    }
    made["mine"].themes.add(theme)
    made["broker"] = desk.broker  # type: ignore[assignment]
    return made


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"vo", "mine", "done"}),
        ("state=triaged", {"vo"}),
        ("state=merged", set()),
        ("assignee=me", {"mine", "done"}),
        ("assignee=none", {"vo"}),
        ("assignee=me&state=assigned", {"mine"}),
        ("sector=vo", {"vo"}),
        ("theme=rekenen", {"mine"}),
        ("theme=nergens", set()),
        ("q=BLOKJES", {"mine"}),
        ("q=stillezen met begrijpend", {"done"}),
        ("q=%25", set()),
    ],
)
def test_the_list_is_filtered(query: str, expected: set[str], cases: Any, api: Api) -> None:
    rows = api(cases.pop("broker")).get(f"{URL}?{query}").json()["results"]
    assert {row["id"] for row in rows} == {str(cases[name].pk) for name in expected}


def test_a_case_is_found_by_its_number(cases: Any, api: Api) -> None:
    client = api(cases["broker"])
    assert [row["id"] for row in client.get(f"{URL}?q={cases['vo'].number}").json()["results"]] == [str(cases["vo"].pk)]


def test_pages_by_cursor_show_every_case_once_the_newest_first_also_when_new_ones_come(api: Api) -> None:
    desk = factories.Desk()
    made = [str(factories.triaged(desk).pk) for _n in range(7)]
    client = api(desk.coordinator)
    page = client.get(f"{URL}?limit=3").json()
    seen = [row["id"] for row in page["results"]]
    factories.triaged(desk)
    while page["next"]:
        page = client.get(page["next"]).json()
        seen += [row["id"] for row in page["results"]]
    assert seen == made[::-1]
    assert client.get(f"{URL}?limit=100").status_code == 200


def queries_of(client: APIClient, urls: list[str], count: Any) -> dict[str, int]:
    found = {}
    for url in urls:
        client.get(url)  # what is looked up once (content types, settings) does not count
        with count(100) as seen:
            assert client.get(url).status_code == 200
        found[url] = len(seen)
    return found


def test_the_number_of_queries_does_not_grow_with_the_rows(api: Api, django_assert_max_num_queries: Any) -> None:
    desk = factories.Desk()
    main = factories.published(desk)
    case = f"/api/v1/questions/{main.pk}"
    urls = [
        "/api/v1/questions",
        "/api/v1/answers",
        "/api/v1/sources",
        case,
        f"{case}/messages",
        f"{case}/answer",
        "/api/v1/search?q=stillezen",
        f"/api/v1/answers/{main.item.number}",
    ]
    client = api(desk.coordinator)
    few = queries_of(client, urls, django_assert_max_num_queries)
    for _n in range(4):
        more = factories.published(desk)
        more.themes.add(Theme.objects.create(slug=f"t{more.number}", label_nl="x"))
        factories.merged(desk, into=main)
        dialogue.say(main, {"body": "Hallo"}, by=desk.broker)
    many = queries_of(client, urls, django_assert_max_num_queries)
    assert {url: many[url] for url in urls if many[url] > few[url]} == {}
    assert max(few.values()) <= 25


# --- The dialogue ---------------------------------------------------------------------------------------------


def test_messages_are_read_and_written_by_the_desk(api: Api) -> None:
    desk = factories.Desk()
    question = factories.assigned(desk)
    made = api(desk.broker).post(f"{URL}/{question.pk}/messages", {"body": "Welke groep?"})
    assert made.status_code == 201
    assert (made.json()["from_asker"], made.json()["by"]) == (False, str(desk.broker))
    listed = api(desk.coordinator).get(f"{URL}/{question.pk}/messages").json()["results"]
    assert listed == [made.json()]


def test_an_id_that_is_no_question_is_not_one(api: Api, broker: User) -> None:
    for pk in (uuid.uuid4(), factories.unconfirmed().pk):
        for path in ("", "/answer", "/messages"):
            assert api(broker).get(f"{URL}/{pk}{path}").status_code == 404
