"""Naming the answer that replaces another: only a living one, never in a circle."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from questions import workflow
from questions.models import Item
from questions.refusals import NotNow
from questions.states import VersionState
from tests import factories
from tests.threads import at_once


@pytest.fixture
def desk(db: None) -> factories.Desk:
    return factories.Desk()


def retract(question: Any, desk: factories.Desk, by: Any) -> Any:
    return factories.move(question, "retract", desk.editor, why="oud", replaced_by=str(by.number))


def stands(question: Any) -> bool:
    item = factories.item(question)
    return item.replaced_by is None and item.shown().state == VersionState.PUBLISHED


def test_an_answer_does_not_replace_itself(desk: factories.Desk) -> None:
    question = factories.published(desk)
    with pytest.raises(NotNow):
        retract(question, desk, question)
    assert stands(question)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(number=question.number).update(replaced_by=factories.item(question))


@pytest.mark.parametrize("state", ["answered", "retracted", "triaged"])
def test_only_a_public_answer_replaces_another(desk: factories.Desk, state: str) -> None:
    question, other = factories.published(desk), getattr(factories, state)(desk)
    with pytest.raises(ValidationError) as refusal:
        retract(question, desk, other)
    assert list(refusal.value.error_dict) == ["replaced_by"]
    assert stands(question)


def test_two_answers_cannot_replace_each_other(desk: factories.Desk) -> None:
    first, second = factories.published(desk), factories.published(desk)
    retract(first, desk, second)
    with pytest.raises(ValidationError):
        retract(second, desk, first)
    assert stands(second)


def test_the_history_says_what_replaced_it(desk: factories.Desk) -> None:
    first, second = factories.published(desk), factories.published(desk)
    retract(first, desk, second)
    event = first.events.get(name="retract")
    assert event.data == {"replaced_by": str(factories.item(second).pk)}


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_too_two_answers_never_replace_each_other() -> None:
    desk = factories.Desk()
    for _round in range(4):
        pair = [factories.published(desk), factories.published(desk)]

        def call(one: Any, other: Any) -> Any:
            data = {"why": "oud", "replaced_by": str(other.number)}
            return lambda: workflow.perform(one, "retract", by=desk.editor, data=data)

        results = at_once([call(*pair), call(*reversed(pair))])
        assert all(isinstance(one, type(pair[0]) | NotNow | ValidationError) for one in results), results
        assert any(stands(one) for one in pair)
