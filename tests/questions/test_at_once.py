"""People who work on one case in the same second wait for each other; nobody waits in a circle."""

import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from questions import dialogue, mail, privacy, workflow, writing
from questions.models import Question, Version
from questions.refusals import NotNow, NotYou, Stale
from questions.states import VersionState
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

REFUSED = (NotNow, NotYou, Stale)


def unexpected(results: list[Any]) -> list[Any]:
    return [result for result in results if isinstance(result, Exception) and not isinstance(result, REFUSED)]


def test_writing_submitting_and_judging_one_answer_at_once_never_locks_up() -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    version = factories.working(question)
    texts = factories.texts(citations=[], gap="geen")

    def write() -> Version:
        return writing.write(question, texts, by=desk.broker, expected="*")

    def move(name: str, by: Any, **data: Any) -> Callable[[], Version]:
        return lambda: workflow.perform(version, name, by=by, data=data)

    for _round in range(6):
        calls = [
            write,
            write,
            move("submit", desk.broker),
            move("submit", desk.broker),
            move("void", desk.broker),
            move("approve", desk.reviewer, kind="all"),
            move("request_changes", desk.reviewer, remarks="x", kind="all"),
            lambda: dialogue.say(question, {"body": "x"}, by=desk.broker),
        ]
        random.shuffle(calls)
        assert unexpected(at_once(calls)) == []
    moves = list(version.events.exclude(name="write").order_by("id").values_list("source", "target"))
    assert all(later[0] == earlier[1] for earlier, later in pairwise(moves)), (
        "each move begins where the one before it ended"
    )


def test_publishing_and_taking_back_one_answer_at_once_is_one_or_the_other() -> None:
    desk = factories.Desk()
    for _round in range(4):
        question = factories.answered(desk)
        version = factories.working(question)
        results = at_once(
            [
                lambda question=question: workflow.perform(question, "publish", by=desk.editor),
                lambda question=question: workflow.perform(question, "resume", by=desk.broker, data={"why": "x"}),
                lambda version=version: workflow.perform(version, "void", by=desk.broker),
                lambda question=question: workflow.perform(question, "publish", by=desk.editor),
            ]
        )
        assert unexpected(results) == []
        state = (factories.reload(question).state, factories.reload(version).state)
        assert state in {
            ("published", VersionState.PUBLISHED),
            ("assigned", VersionState.APPROVED),
            ("assigned", VersionState.DRAFT),
        }
        assert question.events.filter(name="publish").count() <= 1


def test_erasing_somebody_while_the_desk_works_on_their_case_never_locks_up() -> None:
    desk = factories.Desk()
    for _round in range(4):
        question = factories.proposed(desk)
        asker = factories.asker(question).asker
        assert asker is not None
        results = at_once(
            [
                lambda asker=asker: privacy.erase(asker),
                lambda question=question: workflow.perform(question, "waive", by=desk.coordinator, data={"why": "x"}),
                lambda question=question: dialogue.say(question, {"body": "x"}, by=desk.broker),
                lambda question=question: workflow.perform(
                    question, "decline", by=desk.coordinator, data={"why": "x", "alternative": "y"}
                ),
                mail.deliver,
            ]
        )
        assert unexpected(results) == []
        left = Question.objects.get(pk=question.pk).participations.get()
        assert left.asker is None
