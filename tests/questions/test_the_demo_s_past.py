"""The demo's cases took their time, in the past and in order."""

import random
from typing import Any

import pytest
from django.utils import timezone

from questions import demo_time, throughput
from questions.models import Review
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("make", [factories.published, factories.referred, factories.proposed, factories.submitted])
def test_a_case_gets_a_past_in_which_its_steps_keep_their_order(make: Any) -> None:
    question = make(factories.Desk()) if make is not factories.submitted else make()
    demo_time.put_back(question, 0.5, random.Random(1))
    moments = [one.at for one in question.events.all()]
    assert moments == sorted(moments)
    assert moments[-1] <= timezone.now()
    question = factories.reload(question)
    assert question.created_at <= question.confirmed_at <= moments[-1]
    confirmed = question.events.get(name="confirm").at
    assert question.confirmed_at == confirmed, "what belongs together stays together"


def test_the_reviews_of_an_answer_lie_between_its_sending_in_and_its_publication() -> None:
    question = factories.published()
    demo_time.put_back(question, 0.5, random.Random(1))
    at = {one.name: one.at for one in question.events.order_by("at")}
    reviews = Review.objects.filter(version__item__questions=question)
    assert reviews
    assert all(at["answer_submit"] < one.at < at["publish"] for one in reviews)


def test_an_answered_case_of_the_demo_took_weeks() -> None:
    question = factories.published()
    demo_time.put_back(question, 0.5, random.Random(1))
    found = list(throughput.ended())
    assert len(found) == 1
    assert 5 <= found[0][1] <= 45
