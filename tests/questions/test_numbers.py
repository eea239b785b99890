"""Public numbers: given at confirmation, once, for good."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from brokers.models import User
from evidence.models import Passage
from questions import inputs, listing, queue, retention, workflow
from questions.models import Question
from questions.refusals import NotNow
from tests import factories
from tests.threads import at_once


@pytest.mark.django_db
def test_a_question_has_no_number_until_its_address_is_confirmed_and_keeps_it_after() -> None:
    question = factories.unconfirmed()
    assert question.number is None
    question = workflow.perform(question, "confirm", by=factories.mailed_link(question))
    assert question.number is not None
    assert question.confirmed_at is not None
    number = question.number
    with pytest.raises(NotNow):
        workflow.perform(question, "confirm", by=factories.mailed_link(question))
    desk = factories.Desk()
    question = factories.move(question, "decline", desk.coordinator, why="x", alternative="y")
    question = factories.move(question, "reopen", desk.coordinator, why="z")
    assert question.number == number


@pytest.mark.django_db
def test_the_tracking_link_alone_does_not_confirm_an_address() -> None:
    question = factories.unconfirmed()
    with pytest.raises(Exception, match="mail"):
        workflow.perform(question, "confirm", by=factories.asker(question))
    assert factories.reload(question).number is None


@pytest.mark.django_db(transaction=True)
def test_twenty_questions_confirmed_at_once_get_twenty_different_numbers() -> None:
    questions = [factories.unconfirmed() for _n in range(20)]
    at_once(
        [
            lambda question=question: workflow.perform(question, "confirm", by=factories.mailed_link(question))
            for question in questions
        ]
    )
    numbers = list(Question.objects.values_list("number", flat=True))
    assert None not in numbers
    assert len(set(numbers)) == 20


@pytest.mark.django_db(transaction=True)
def test_one_question_confirmed_eight_times_at_once_gets_one_number() -> None:
    question = factories.unconfirmed()
    results = at_once(
        [lambda: workflow.perform(question, "confirm", by=factories.mailed_link(question)) for _n in range(8)]
    )
    assert sum(isinstance(result, Question) for result in results) == 1
    assert sum(isinstance(result, NotNow) for result in results) == 7
    assert question.events.filter(name="confirm").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_number_of_a_confirmation_that_was_rolled_back_is_never_given_again() -> None:
    question = factories.unconfirmed()
    lost: list[Any] = []

    def confirm_and_fail() -> None:
        with transaction.atomic():
            lost.append(workflow.perform(question, "confirm", by=factories.mailed_link(question)).number)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        confirm_and_fail()
    assert factories.reload(question).number is None
    kept = [factories.submitted().number for _n in range(3)]
    kept.append(workflow.perform(question, "confirm", by=factories.mailed_link(question)).number)
    assert lost[0] not in kept
    assert min(kept) > lost[0]


@pytest.mark.django_db
def test_the_number_of_a_question_that_is_gone_is_never_given_again() -> None:
    number = factories.submitted().number
    Question.objects.all().delete()
    assert factories.submitted().number > number


@pytest.mark.django_db
def test_the_database_itself_refuses_a_second_question_with_a_number_and_a_number_without_confirmation() -> None:
    first, second, third = factories.submitted(), factories.submitted(), factories.unconfirmed()
    with connection.cursor() as cursor:
        for pk, number in ((second.pk, first.number), (third.pk, 10**6)):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute("UPDATE questions_question SET number = %s WHERE id = %s", [number, pk])


@pytest.mark.django_db
def test_an_unconfirmed_question_is_in_no_queue_list_search_or_count(coordinator: User, api: Any) -> None:
    hidden, seen = factories.unconfirmed(text="Werkt onzichtbaar huiswerk wel echt?"), factories.triaged()
    assert list(queue.waiting()) == [seen]
    assert list(listing.rows(coordinator, listing.Wanted())) == [seen]
    assert list(Question.objects.open()) == [seen]
    assert not Passage.objects.filter(ref=str(hidden.pk)).exists()
    client = api(coordinator)
    listed = client.get("/api/v1/questions").json()["results"]
    assert [row["id"] for row in listed] == [str(seen.pk)]
    assert client.get("/api/v1/questions?q=onzichtbaar").json()["results"] == []
    assert client.get(f"/api/v1/questions/{hidden.pk}").status_code == 404
    found = client.post("/api/v1/suggestions", {"text": "onzichtbaar huiswerk"}).json()
    assert str(hidden.pk) not in str(found)
    assert client.get("/statusz").json()["questions"]["unclaimed"] == 1
    assert inputs.QuestionField().clean(str(seen.number)) == seen
    with pytest.raises(Exception, match=str(hidden.pk)):
        inputs.QuestionField().clean(str(hidden.pk))


@pytest.mark.django_db
def test_forgetting_unconfirmed_questions_takes_no_number_back() -> None:
    factories.unconfirmed()
    number = factories.submitted().number
    retention.forget_unconfirmed()
    assert factories.submitted().number > number
