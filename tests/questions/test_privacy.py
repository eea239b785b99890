"""What the desk holds of somebody can be given to them, and forgotten everywhere."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from rest_framework.test import APIClient

from evidence.search import search
from questions import dialogue, mail, privacy, workflow
from questions.models import Asker, FollowUp, Participation, Question
from questions.refusals import NotYou
from questions.states import State
from tests import factories

pytestmark = pytest.mark.django_db

CANARY = "kanarievogel"
EMAIL = f"{CANARY}@school.example"


def asking() -> dict[str, Any]:
    return {
        "email": EMAIL,
        "name": f"Juf {CANARY}",
        "text": f"Hoe leert {CANARY} beter lezen dan nu?",
        "context": f"{CANARY} zit in groep 6",
        "tried": f"boekje van {CANARY}",
    }


def everywhere(word: str) -> list[str]:
    """Every table that holds `word` in any column."""
    found = []
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    with connection.cursor() as cursor:
        for table in {*tables, "cache"}:
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s', [f"%{word}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return sorted(found)


def asker() -> Asker:
    return Asker.objects.get(email=EMAIL)


def test_an_export_holds_all_that_somebody_gave() -> None:
    desk = factories.Desk()
    question = factories.referred(desk, **asking())
    dialogue.say(question, {"body": "Dank u"}, by=factories.asker(question))
    factories.move(question, "respond", factories.asker(question), verdict="partly", why="te oud")
    data = json.loads(json.dumps(privacy.export(asker())))
    assert (data["email"], data["name"]) == (EMAIL, f"Juf {CANARY}")
    (mine,) = data["questions"]
    assert (mine["text"], mine["context"], mine["tried"]) == tuple(
        asking()[key] for key in ("text", "context", "tried")
    )
    assert mine["messages"] == ["Dank u"]
    assert [step["name"] for step in mine["history"]] == ["ask", "confirm", "message", "respond"]
    assert mine["history"][-1]["why"] == "te oud"
    assert "confirm" in {letter["kind"] for letter in mine["letters"]}


def test_an_export_holds_nothing_that_somebody_else_asked() -> None:
    desk = factories.Desk()
    main = factories.triaged(desk, text="De woorden van iemand anders over rekenen?")
    factories.merged(desk, into=main, **asking())
    data = privacy.export(asker())
    assert [row["kind"] for row in data["questions"]] == ["asked", "merged"]
    assert "iemand anders" not in json.dumps(data)


@pytest.mark.parametrize(
    "state",
    [
        "unconfirmed",
        "submitted",
        "assigned",
        "proposed",
        "drafted",
        "published",
        "referred",
        "merged",
        "declined",
        "withdrawn",
    ],
)
def test_after_erasing_somebody_they_are_in_no_table_any_more(
    state: str, api: Callable[..., APIClient], mail_dir: Any
) -> None:
    desk = factories.Desk()
    if state in ("unconfirmed", "submitted"):
        question = getattr(factories, state)(**asking())
    else:
        question = getattr(factories, state)(desk, **asking())
    staff = api(desk.coordinator)
    if state not in ("unconfirmed", "merged", "withdrawn"):
        part = factories.asker(question)
        dialogue.say(question, {"body": f"Groet, {CANARY}"}, by=part)
        dialogue.say(question, {"body": f"Beste {CANARY}"}, by=desk.coordinator)
        staff.post(
            f"/api/v1/questions/{question.pk}/messages", {"body": f"Dag {CANARY}"}, headers={"Idempotency-Key": "m"}
        )
    if state == "assigned":
        staff.post(
            f"/api/v1/questions/{question.pk}/transitions/release", {"why": "vol"}, headers={"Idempotency-Key": "t"}
        )
    mail.deliver()
    assert everywhere(CANARY), "there must be something to forget"
    privacy.erase(asker())
    assert everywhere(CANARY) == []


def test_every_table_that_points_at_an_asker_is_thought_of() -> None:
    """Whoever adds one adds it to `privacy.export` and `privacy.erase`, and then here."""
    found = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model in (Asker, Participation)
    }
    assert found == {
        "Participation.asker",
        "Message.participation",
        "Event.participation",
        "Letter.participation",
        "Letter.asker",
        "Follow.asker",
        "FollowUp.participation",
        "Question.agreed_by",
        "Articulation.participation",
    }


def test_an_export_tells_what_was_said_of_the_answer_and_afterwards() -> None:
    desk = factories.Desk()
    question = factories.answered(desk, **asking())
    dialogue.say(question, {"body": "Welke groep?"}, by=desk.broker)
    part = factories.asker(question)
    factories.move(question, "respond", part, verdict="partly", why="en kleuters?")
    row = FollowUp.begin(part, "6w")
    FollowUp.objects.filter(pk=row.pk).update(used=["team"], words="Wij lezen meer.")
    (mine,) = json.loads(json.dumps(privacy.export(asker())))["questions"]
    assert (mine["verdict"], mine["sharpened"]) == ("partly", factories.ARTICULATED)
    assert mine["messages"] == ["en kleuters?"]
    assert mine["messages_from_the_desk"] == ["Welke groep?"]
    assert (mine["afterwards"][0]["used"], mine["afterwards"][0]["words"]) == (["team"], "Wij lezen meer.")


def test_what_is_published_the_number_and_the_history_without_persons_stay() -> None:
    question = factories.published(**asking())
    events = list(question.events.values_list("name", flat=True))
    privacy.erase(asker())
    question = factories.reload(question)
    assert (question.state, question.articulated) == (State.PUBLISHED, factories.ARTICULATED)
    assert question.number is not None
    assert (question.sector, question.role) == ("po", "teacher")
    assert list(question.events.values_list("name", flat=True)) == events
    assert factories.item(question).living() is not None
    assert question.participations.get().asker is None


def test_the_link_of_somebody_who_was_erased_opens_nothing() -> None:
    question = factories.unconfirmed(**asking())
    part = factories.asker(question)
    track, confirm = part.token, part.confirm_token
    privacy.erase(asker())
    assert Participation.find(track) is None
    assert Participation.find_to_confirm(confirm) is None


def test_who_was_erased_cannot_be_found_by_their_words() -> None:
    factories.triaged(**asking())
    assert search(CANARY, kinds=["question"], public_only=False).hits
    privacy.erase(asker())
    hits = search(CANARY, kinds=["question"], public_only=False).hits
    assert not [hit for hit in hits if CANARY in hit.title + hit.passage]


def test_while_others_wait_for_the_answer_the_question_stays_and_with_the_last_of_them_it_goes() -> None:
    desk = factories.Desk()
    main = factories.triaged(desk, **asking())
    factories.merged(desk, into=main, email="tweede@school.example", text="Ook iets over lezen graag?")
    privacy.erase(asker())
    main = factories.reload(main)
    assert (main.context, main.tried) == ("", "")
    assert main.text == asking()["text"]
    assert "taken" not in {letter.kind for letter in main.participations.get(kind="merged").letters.all()}
    workflow.perform(main, "claim", by=desk.broker)
    assert main.participations.get(kind="merged").letters.filter(kind="taken").exists()
    privacy.erase(Asker.objects.get(email="tweede@school.example"))
    assert everywhere(CANARY) == []
    assert everywhere("tweede@school") == []


def test_erasing_one_asker_leaves_the_others_alone() -> None:
    other = factories.triaged(email="ander@school.example", text="Een heel andere vraag over rekenen")
    factories.triaged(**asking())
    privacy.erase(asker())
    assert factories.reload(other).text == "Een heel andere vraag over rekenen"
    assert Asker.objects.filter(email="ander@school.example").exists()


def test_an_erased_case_can_still_be_worked() -> None:
    desk = factories.Desk()
    question = factories.drafted(desk, **asking())
    part = factories.asker(question)
    privacy.erase(asker())
    with pytest.raises(NotYou):
        dialogue.say(question, {"body": "x"}, by=factories.asker(factories.submitted()))
    factories.move(question, "transfer", desk.coordinator, broker=factories.staff("broker").email, why="x")
    assert factories.reload(part).asker is None
    assert Question.objects.get(pk=question.pk).assignee is not None
