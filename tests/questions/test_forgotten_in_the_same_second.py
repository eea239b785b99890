"""What begins while somebody is being forgotten ends without them: no letter, no question, no word stays behind."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from questions import following, intake, joining, links, mail, privacy, retention
from questions.models import Asker, Follow, Letter, Participation, Question
from tests import factories
from tests.threads import while_held

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "ook@school.example"
NETWORK = "198.51.100.7"


def forget(call: Callable[[], Any]) -> Any:
    """What `call` returned or raised, begun when the person was forgotten but not yet for others to see."""
    with transaction.atomic():
        privacy.erase(Asker.objects.get(email=ADDRESS))
        ended = while_held(call)
    return ended()


def letters_to_nobody() -> list[Letter]:
    return list(Letter.objects.filter(participation__asker=None, user=None, asker=None, invitation=None))


def test_links_that_were_asked_for_are_not_written() -> None:
    factories.proposed(email=ADDRESS)
    assert forget(lambda: links.send_again({"email": ADDRESS}, network=NETWORK)) is None
    assert letters_to_nobody() == []


@pytest.mark.parametrize("door", [joining.send_again, links.send_again])
def test_a_confirmation_that_was_asked_for_again_is_not_written(door: Callable[..., None]) -> None:
    factories.unconfirmed(email=ADDRESS)
    Letter.objects.all().delete()
    assert forget(lambda: door({"email": ADDRESS}, network=NETWORK)) is None
    assert letters_to_nobody() == []


def test_a_reply_is_not_answered() -> None:
    question = factories.proposed(email=ADDRESS)
    part = factories.asker(question)
    letter = part.letters.exclude(event=None).first()
    assert letter is not None

    def answer() -> None:
        with transaction.atomic():
            mail.answer_reply(letter, "reply_closed")

    assert forget(answer) is None
    assert letters_to_nobody() == []


def test_who_joins_something_else_joins_anew() -> None:
    factories.proposed(email=ADDRESS)
    other = factories.shown(email="eerste@school.example")
    part = forget(lambda: joining.me_too(other, {"email": ADDRESS}, network=NETWORK))
    assert isinstance(part, Participation)
    assert factories.reload(part).asker == Asker.objects.get(email=ADDRESS)


def test_who_asks_or_follows_begins_anew() -> None:
    factories.proposed(email=ADDRESS)
    asked = forget(lambda: intake.ask(factories.asking(email=ADDRESS), network=NETWORK))
    assert not isinstance(asked, Exception)
    assert factories.reload(asked[1]).asker == Asker.objects.get(email=ADDRESS)


def test_what_is_asked_just_before_is_forgotten_with_the_rest() -> None:
    factories.proposed(email=ADDRESS)
    with transaction.atomic():
        question, _part = intake.ask(factories.asking(email=ADDRESS), network=NETWORK)
        ended = while_held(lambda: privacy.erase(Asker.objects.get(email=ADDRESS)))
    assert ended() is None
    assert not Asker.objects.filter(email=ADDRESS).exists()
    assert Question.objects.get(pk=question.pk).text == "[…]"
    assert letters_to_nobody() == []


def test_who_asks_when_an_unproved_address_is_swept_up_is_kept() -> None:
    asker = Asker.objects.create(email=ADDRESS)
    with transaction.atomic():
        _question, part = intake.ask(factories.asking(email=ADDRESS), network=NETWORK)
        ended = while_held(lambda: Asker.forget_unknown([asker.pk]))
    assert ended() is None
    assert factories.reload(part).asker == asker


def test_who_follows_when_the_address_is_forgotten_follows_anew() -> None:
    factories.proposed(email=ADDRESS)
    data = {"email": ADDRESS, "answer": factories.public_answer().number, "often": "weekly"}
    assert forget(lambda: following.ask(data, network=NETWORK)) is None
    assert Follow.objects.get().asker.email == ADDRESS
    assert retention.forget_follows() == 0
