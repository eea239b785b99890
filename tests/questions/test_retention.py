"""What the desk forgets by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from questions import retention, tasks
from questions.models import Asker, Event, Idempotency, Letter, Question, Quota
from tests import factories

pytestmark = pytest.mark.django_db


def age(question: Question, **past: int) -> None:
    Question.objects.filter(pk=question.pk).update(created_at=timezone.now() - timedelta(**past))


def test_a_question_that_nobody_confirmed_is_forgotten_after_its_link_has_run_out_with_whoever_asked() -> None:
    old, recent, kept = factories.unconfirmed(), factories.unconfirmed(), factories.submitted()
    age(old, days=9)
    age(recent, days=7)
    age(kept, days=400)
    email = factories.asker(old).asker.email
    assert retention.forget_unconfirmed() == 1
    assert set(Question.objects.all()) == {recent, kept}
    assert not Asker.objects.filter(email=email).exists()
    assert Asker.objects.count() == 2
    assert not Event.objects.filter(question=None).exists()
    assert Letter.objects.filter(kind="confirm").count() == 2


def test_an_asker_with_another_question_is_not_forgotten() -> None:
    old = factories.unconfirmed(email="trouw@school.example")
    factories.submitted(email="trouw@school.example")
    age(old, days=9)
    retention.forget_unconfirmed()
    assert Asker.objects.filter(email="trouw@school.example").exists()


def test_counts_and_answers_to_keys_are_forgotten_after_two_days() -> None:
    factories.unconfirmed()
    Idempotency.objects.create(key="old", body_hash="x", status=201, answer={})
    Idempotency.objects.create(key="new", body_hash="x", status=201, answer={})
    Idempotency.objects.filter(key="old").update(created_at=timezone.now() - timedelta(days=3))
    Quota.objects.update(window=timezone.now() - timedelta(days=3))
    tasks.housekeeping()
    assert [row.key for row in Idempotency.objects.all()] == ["new"]
    assert not Quota.objects.exists()
