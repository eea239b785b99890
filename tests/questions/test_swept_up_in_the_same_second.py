"""What nobody confirmed is forgotten; what is confirmed, asked for anew or joined in that second is not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from evidence.models import Theme
from questions import following, joining, news, retention, workflow
from questions.models import Asker, Event, Follow, Letter, Participation, Question
from questions.refusals import NotNow
from tests import factories
from tests.threads import just_before, while_held

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "ook@school.example"
NETWORK = "198.51.100.7"
LONG_AGO = timedelta(days=9)


def age(rows: Any) -> None:
    rows.update(created_at=timezone.now() - LONG_AGO)


def old_question() -> Question:
    question = factories.unconfirmed(email=ADDRESS)
    age(Question.objects.filter(pk=question.pk))
    return question


def old_part() -> Participation:
    part = joining.me_too(factories.shown(), {"email": ADDRESS}, network=NETWORK)
    age(Participation.objects.filter(pk=part.pk))
    return part


def confirm(question: Question) -> Question:
    return workflow.perform(question, "confirm", by=factories.mailed_link(question))


def confirm_part(part: Participation) -> None:
    found = Participation.find_to_confirm(part.confirm_token)
    assert found is not None
    joining.confirm(found)


def first_that_sweeps(call: Callable[[], Any]) -> Any:
    """What the sweep said that began when `call` was done but not yet for others to see."""
    with transaction.atomic():
        call()
        ended = while_held(retention.forget_unconfirmed)
    return ended()


def test_a_question_that_is_confirmed_stays() -> None:
    question = old_question()
    assert first_that_sweeps(lambda: confirm(question)) == 0
    assert factories.reload(question).number
    assert Letter.objects.filter(kind="received", participation__question=question).exists()


def test_a_question_that_is_swept_up_is_confirmed_no_more() -> None:
    question = old_question()
    by = factories.mailed_link(question)
    with just_before("DELETE", lambda: workflow.perform(question, "confirm", by=by)) as ended:
        assert retention.forget_unconfirmed() == 1
    assert isinstance(ended[0], NotNow)
    assert not Question.objects.filter(pk=question.pk).exists()


def test_who_joins_with_their_confirmation_stays() -> None:
    part = old_part()
    first_that_sweeps(lambda: confirm_part(part))
    assert factories.reload(part).kind == Participation.Kind.ME_TOO
    assert Event.objects.filter(participation=part, name="me_too").count() == 1


def test_who_was_carried_along_by_a_merge_stays() -> None:
    desk, part = factories.Desk(), old_part()
    other = factories.submitted(email=ADDRESS)
    data = {"into": str(part.question.number), "why": "dezelfde vraag"}
    first_that_sweeps(lambda: workflow.perform(other, "merge", by=desk.coordinator, data=data))
    assert factories.reload(part).kind == Participation.Kind.MERGED


def test_who_wants_to_know_it_again_is_asked_to_confirm_anew() -> None:
    part = old_part()
    first_that_sweeps(lambda: joining.me_too(part.question, {"email": ADDRESS}, network=NETWORK))
    assert factories.reload(part).is_waiting
    retention.forget_unconfirmed()
    confirm_part(part)


def test_a_confirmation_that_is_asked_for_while_it_is_swept_up_is_written_to_nobody() -> None:
    part = old_part()
    Letter.objects.all().delete()
    with just_before("DELETE", lambda: joining.send_again({"email": ADDRESS}, network=NETWORK)) as ended:
        retention.forget_unconfirmed()
    assert ended == [None]
    assert not Participation.objects.filter(pk=part.pk).exists()
    assert not Letter.objects.exists()


def test_a_confirmation_that_is_asked_for_just_before_goes_with_the_rest() -> None:
    part = old_part()
    with transaction.atomic():
        joining.send_again({"email": ADDRESS}, network=NETWORK)
        ended = while_held(retention.forget_unconfirmed)
    assert ended() == 0
    assert not Participation.objects.filter(pk=part.pk).exists()
    assert not Letter.objects.filter(participation__asker__email=ADDRESS).exists()


def test_what_is_followed_anew_stays() -> None:
    theme = Theme.objects.create(slug="lezen", label_nl="Lezen", label_en="Reading")
    data = {"email": ADDRESS, "theme": theme.slug, "often": "weekly"}
    following.ask(data, network=NETWORK)
    age(Follow.objects.all())
    with transaction.atomic():
        following.ask(data, network=NETWORK)
        ended = while_held(retention.forget_follows)
    assert ended() == 0
    assert retention.forget_follows() == 0
    asker = Asker.objects.get(email=ADDRESS)
    assert following.confirm(asker, [str(row.pk) for row in news.waiting(asker)]) == 1
