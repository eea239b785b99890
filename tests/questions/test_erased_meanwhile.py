"""Somebody who was erased a moment ago leaves nothing behind, whatever they had just sent."""

from collections.abc import Callable

import pytest

from questions import dialogue, privacy, workflow
from questions.models import Message, Participation, Question
from questions.refusals import NotNow
from questions.states import Turn
from tests import factories

pytestmark = pytest.mark.django_db


def erase(question: Question) -> None:
    asker = factories.asker(question).asker
    assert asker is not None
    privacy.erase(asker)


@pytest.mark.parametrize(
    "act",
    [
        lambda question, part: dialogue.say(question, {"body": "Bel mij"}, by=part),
        lambda question, part: workflow.perform(question, "agree", by=part, data={"articulated": "Mijn woorden?"}),
        lambda question, part: workflow.perform(question, "withdraw", by=part, data={"why": "Ik, Jan"}),
    ],
)
def test_what_was_sent_in_the_same_instant_is_refused(act: Callable[[Question, Participation], object]) -> None:
    question = factories.proposed()
    loaded = Participation.objects.select_related("question", "asker").get(question=question)
    erase(question)
    before = factories.reload(question)
    with pytest.raises(NotNow):
        act(question, loaded)
    assert not Message.objects.exists()
    after = factories.reload(question)
    assert (after.state, after.articulated, after.agreement) == (before.state, before.articulated, before.agreement)
    assert not question.events.filter(why__contains="Jan").exists()


def test_nobody_waits_for_an_asker_who_is_gone() -> None:
    question = factories.proposed()
    assert factories.reload(question).turn == Turn.ASKER
    erase(question)
    assert factories.reload(question).turn == Turn.DESK


def test_the_name_a_stranger_typed_goes_with_the_erasure() -> None:
    question = factories.unconfirmed(name="Jan de Vries")
    assert question.events.filter(data__name="Jan de Vries").exists()
    erase(question)
    assert not question.events.filter(data__name="Jan de Vries").exists()
