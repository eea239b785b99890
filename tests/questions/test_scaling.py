"""Cases made in bulk for load tests look like those that went through the door."""

from itertools import pairwise
from typing import Any

import pytest

from questions import casewords, endings, reading, scaling, suggest, timing, workflow
from questions.models import Ending, Letter, Question, Revision, Version
from questions.refusals import NotNow
from questions.states import State
from tests import factories

pytestmark = pytest.mark.django_db


FIGURES = ("case", "nth", "outcome", "track", "sector", "our_days", "asker_days", "assigned_days", "ended_at")


def quiet(line: str) -> None:
    """Says nothing."""


@pytest.fixture
def many(settings: Any) -> list[Question]:
    settings.EMBEDDING_MODEL = "none"
    factories.source()
    scaling.fill(120, quiet)
    return list(Question.objects.prefetch_related("participations", "events"))


def test_every_number_is_fresh_and_every_history_leads_to_the_state(many: list[Question]) -> None:
    assert len({one.number for one in many}) == 120
    declared = {(move.name, move.source, move.target) for move in workflow.moves(Question)}
    for question in many:
        steps = list(question.events.all())
        assert steps[-1].target == question.state
        assert all(before.at <= after.at and before.target == after.source for before, after in pairwise(steps))
        assert {(one.name, one.source, one.target) for one in steps if one.name != "ask"} <= declared


def test_what_is_stored_beside_a_case_is_what_the_rules_would_store(many: list[Question]) -> None:
    kept = set(Ending.objects.values_list(*FIGURES))
    for question in many:
        before = (question.answer_now, question.words.terms)
        if question.item is not None:
            Question.stand(question.item)
        endings.write(question)
        casewords.keep(question)
        again = Question.objects.get(pk=question.pk)
        assert (again.answer_now, again.words.terms) == before
    assert set(Ending.objects.values_list(*FIGURES)) == kept
    assert set(Revision.objects.values_list("version", flat=True)) == set(Version.objects.values_list("pk", flat=True))


def test_turn_and_due_date_are_what_the_rules_say(many: list[Question]) -> None:
    assert list(timing.wrong()) == []


def test_one_can_work_on_with_them(many: list[Question]) -> None:
    desk = factories.Desk()
    waiting = next(one for one in many if one.state == State.TRIAGED)
    assert workflow.perform(waiting, "claim", by=desk.broker).assignee == desk.broker
    with pytest.raises(NotNow):
        workflow.perform(waiting, "claim", by=desk.broker)


def test_their_words_are_found(many: list[Question]) -> None:
    public = next(one for one in many if one.state == State.PUBLISHED)
    assert public.item is not None
    found = suggest.find(public.item.title)
    assert public.number in [one.number for one in found.found]
    assert reading.shown_answer(public.item.number) is not None


def test_nobody_gets_a_letter_and_it_can_be_done_twice(many: list[Question]) -> None:
    scaling.fill(10, quiet)
    assert Question.objects.count() == 130
    assert not Letter.objects.exists()
