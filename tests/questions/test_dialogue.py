"""Asker and broker write to each other behind one link."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from questions import dialogue, limits
from questions.models import Message
from questions.refusals import NotNow, NotYou
from questions.states import Turn
from tests import factories

pytestmark = pytest.mark.django_db


def test_both_sides_write_and_the_message_knows_who_did() -> None:
    desk = factories.Desk()
    question = factories.assigned(desk)
    asked = dialogue.say(question, {"body": "Welke groep?"}, by=desk.broker)
    replied = dialogue.say(question, {"body": "Groep 6"}, by=factories.asker(question))
    assert (asked.user, asked.participation, asked.from_asker) == (desk.broker, None, False)
    assert (replied.user, replied.participation, replied.from_asker) == (None, factories.asker(question), True)
    assert list(question.messages.all()) == [asked, replied]


def test_nobody_else_writes(visitor: Any, second_teacher: Any) -> None:
    question = factories.assigned()
    stranger = factories.asker(factories.submitted())
    for somebody in (visitor, stranger, second_teacher(question)):
        with pytest.raises(NotYou):
            dialogue.say(question, {"body": "Hallo"}, by=somebody)
    assert not Message.objects.exists()


@pytest.mark.parametrize("state", ["unconfirmed", "withdrawn", "merged"])
def test_there_is_no_dialogue_before_confirmation_or_where_nobody_listens(state: str) -> None:
    question = getattr(factories, state)()
    with pytest.raises(NotNow):
        dialogue.say(question, {"body": "Hallo"}, by=factories.asker(question))


@pytest.mark.parametrize(
    "data", [{}, {"body": " "}, {"body": 5}, {"body": "x" * (limits.MESSAGE + 1)}, {"body": "x", "from_asker": True}]
)
def test_a_message_that_is_wrong_is_refused(data: dict[str, Any]) -> None:
    desk = factories.Desk()
    with pytest.raises(ValidationError):
        dialogue.say(factories.assigned(desk), data, by=desk.broker)
    assert not Message.objects.exists()


def test_who_says_the_same_again_and_now_waits_for_a_reply_waits_for_it() -> None:
    desk = factories.Desk()
    question = factories.assigned(desk)
    dialogue.say(question, {"body": "Welke groep?"}, by=desk.broker)
    for _press in range(2):
        dialogue.say(question, {"body": "Welke groep?", "waits": True}, by=desk.broker)
    assert factories.reload(question).turn_now == Turn.ASKER
    assert question.messages.count() == 2
