"""Undoing a merge while somebody who came along does something there: both count, or one is asked to try again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from questions import joining, links, mail, workflow
from questions.models import Event, Letter, Participation, Question
from questions.refusals import NotNow
from questions.states import State
from tests import factories
from tests.threads import while_held

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "mee@school.example"
NETWORK = "198.51.100.7"


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


def came_along(desk: factories.Desk, into: Question) -> tuple[Question, Participation]:
    """A question that was merged into another one, and the part of its asker there."""
    question = factories.merged(desk, into, email=ADDRESS)
    return question, Participation.objects.get(question=into, origin=question)


def unmerge(desk: factories.Desk, question: Question) -> Any:
    return workflow.perform(question, "unmerge", by=desk.coordinator, data={"why": "toch anders"})


def judge(part: Participation) -> Question:
    return workflow.perform(part.question, "respond", by=part, data={"verdict": "answered"})


def join(part: Participation) -> Participation:
    return joining.me_too(part.question, {"email": ADDRESS}, network=NETWORK)


@pytest.mark.parametrize(("into", "act"), [(factories.answered, judge), (factories.shown, join)])
def test_whoever_is_at_work_there_is_not_taken_away(
    desk: factories.Desk, into: Callable[..., Question], act: Callable[..., Any]
) -> None:
    question, part = came_along(desk, into(desk))
    with transaction.atomic():
        act(part)
        ended = while_held(lambda: unmerge(desk, question))
    assert isinstance(ended(), NotNow)
    assert factories.reload(question).state == State.MERGED
    unmerge(desk, question)
    assert not Participation.objects.filter(pk=part.pk).exists()


def test_whoever_was_taken_away_says_nothing_there_any_more(desk: factories.Desk) -> None:
    question, part = came_along(desk, factories.answered(desk))
    with transaction.atomic():
        unmerge(desk, question)
        ended = while_held(lambda: judge(part))
    assert isinstance(ended(), NotNow)
    assert not Event.objects.filter(name="respond").exists()


def test_whoever_joins_there_when_they_are_taken_away_joins_anew(desk: factories.Desk) -> None:
    question, part = came_along(desk, factories.shown(desk))
    with transaction.atomic():
        unmerge(desk, question)
        ended = while_held(lambda: join(part))
    fresh = ended()
    assert isinstance(fresh, Participation)
    assert fresh.pk != part.pk
    assert factories.reload(fresh).is_waiting


def test_a_letter_that_was_begun_goes_with_the_part_it_was_for(desk: factories.Desk) -> None:
    question, part = came_along(desk, factories.triaged(desk))
    with transaction.atomic():
        links.send_again({"email": ADDRESS}, network=NETWORK)
        ended = while_held(lambda: unmerge(desk, question))
    assert not isinstance(ended(), Exception)
    assert not Participation.objects.filter(pk=part.pk).exists()
    assert not Letter.objects.filter(kind="links").exists()


def test_who_stopped_the_mail_in_that_second_gets_none_of_their_own_question_either(desk: factories.Desk) -> None:
    question, part = came_along(desk, factories.triaged(desk))
    with transaction.atomic():
        mail.stop(part)
        ended = while_held(lambda: unmerge(desk, question))
    assert not isinstance(ended(), Exception)
    assert factories.asker(question).mail_stopped_at is not None


@pytest.mark.parametrize("onward_first", [True, False])
def test_nobody_is_carried_on_who_was_taken_back(desk: factories.Desk, onward_first: bool) -> None:
    into, last = factories.triaged(desk), factories.triaged(desk)
    question, _part = came_along(desk, into)

    def onward() -> Question:
        data = {"into": str(last.number), "why": "dezelfde"}
        return workflow.perform(into, "merge", by=desk.coordinator, data=data)

    first, second = (onward, lambda: unmerge(desk, question))[:: 1 if onward_first else -1]
    with transaction.atomic():
        first()
        ended = while_held(second)
    assert isinstance(ended(), NotNow) == onward_first
    if onward_first:
        unmerge(desk, question)
    assert factories.reload(question).state == State.SUBMITTED
    assert set(Participation.objects.filter(asker__email=ADDRESS).values_list("question", flat=True)) == {question.pk}
