"""Who got an answer says whether it does; the broker hears of it and may take it up again."""

from typing import Any

import pytest

from questions import privacy, workflow
from questions.models import Letter, Message
from questions.refusals import NotNow, NotYou
from questions.states import State
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("make", [factories.answered, factories.published])
def test_no_or_partly_is_kept_tells_the_broker_and_moves_nothing(make: Any) -> None:
    desk = factories.Desk()
    question = make(desk)
    before = question.state
    said = {"verdict": "partly", "why": "En voor de onderbouw?"}
    question = factories.move(question, "respond", factories.asker(question), **said)
    assert question.state == before
    part = factories.asker(question)
    assert part.verdict == "partly"
    assert part.verdict_at is not None
    assert [one.body for one in question.messages.all()] == ["En voor de onderbouw?"]
    (letter,) = Letter.objects.filter(kind="answer_did_not_do")
    assert letter.user == desk.broker


def test_the_broker_takes_it_up_again_and_the_next_answer_is_judged_anew() -> None:
    desk = factories.Desk()
    question = factories.answered(desk)
    factories.move(question, "respond", factories.asker(question), verdict="no", why="Dit vroeg ik niet.")
    question = factories.move(question, "resume", desk.broker, why="de vraagsteller mist de onderbouw")
    assert factories.asker(question).verdict == "no"
    question = factories.move(question, "answer", desk.broker)
    assert factories.asker(question).verdict == ""
    factories.move(question, "respond", factories.asker(question), verdict="answered")
    assert Letter.objects.filter(kind="answer_did_not_do").count() == 1


def test_a_verdict_is_given_once() -> None:
    question = factories.answered()
    factories.move(question, "respond", factories.asker(question), verdict="answered")
    with pytest.raises(NotNow):
        factories.move(question, "respond", factories.asker(question), verdict="no", why="toch niet")
    assert not Message.objects.exists()


def test_somebody_who_asked_the_same_judges_for_themselves_and_their_words_are_not_shown_to_the_other(
    second_teacher: Any,
) -> None:
    question = factories.answered()
    other = second_teacher(question)
    factories.move(question, "respond", other, verdict="no", why="Bij ons op het mbo werkt dit niet.")
    assert factories.reload(other).verdict == "no"
    assert factories.asker(question).verdict == ""
    assert not Message.objects.exists()
    assert question.events.get(name="respond").why == "Bij ons op het mbo werkt dit niet."


def test_an_asker_of_another_question_judges_nothing() -> None:
    question, other = factories.answered(), factories.submitted()
    with pytest.raises(NotYou):
        factories.move(question, "respond", factories.asker(other), verdict="no")


def test_after_erasing_the_verdict_counts_and_the_words_are_gone() -> None:
    question = factories.answered()
    factories.move(question, "respond", factories.asker(question), verdict="no", why="KANARIE")
    privacy.erase(factories.asker(question).asker)
    assert question.participations.get().verdict == "no"
    assert not [one for one in question.events.all() if "KANARIE" in f"{one.why}{one.data}"]
    assert not Message.objects.filter(body__contains="KANARIE").exists()


def test_a_published_answer_stays_as_it_is_whatever_is_said_of_it() -> None:
    question = factories.published()
    living = factories.item(question).living()
    factories.move(question, "respond", factories.asker(question), verdict="no", why="niet voor ons")
    assert factories.item(question).living() == living
    assert question.state == State.PUBLISHED
    assert "respond" in {one.name for one in workflow.options(question, factories.asker(question))}
