from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction

from evidence import bells
from evidence.index import Part, put
from evidence.models import Vector
from evidence.tasks import embed


class Bell:
    """What a task is to `ring`: a name and a way to send it; here it keeps count."""

    def __init__(self, name: str, *, broken: bool = False) -> None:
        self.name = name
        self.broken = broken
        self.rung: list[dict[str, Any]] = []

    def apply_async(self, **options: Any) -> None:
        if self.broken:
            raise ConnectionError("no broker")
        self.rung.append(options)


@pytest.mark.django_db(transaction=True)
def test_a_bell_rings_once_after_the_commit_however_often_it_was_asked_for() -> None:
    bell = Bell("tests.once")
    with transaction.atomic():
        for _ in range(50):
            bells.ring(bell)
        assert bell.rung == []
    assert bell.rung == [{"retry": False, "expires": 60, "ignore_result": True}]


@pytest.mark.django_db(transaction=True)
def test_one_bell_of_a_kind_is_outstanding_until_it_is_answered() -> None:
    bell = Bell("tests.outstanding")
    bells.ring(bell)
    bells.ring(bell)
    assert len(bell.rung) == 1
    bells.answered(bell.name)
    bells.ring(bell)
    assert len(bell.rung) == 2


@pytest.mark.django_db(transaction=True)
def test_a_rollback_rings_nothing() -> None:
    bell = Bell("tests.rollback")
    with transaction.atomic():
        bells.ring(bell)
        transaction.set_rollback(True)
    assert bell.rung == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_is_nobodys_error_and_the_next_bell_tries_again() -> None:
    bell = Bell("tests.broken", broken=True)
    bells.ring(bell)
    bell.broken = False
    bells.ring(bell)
    assert len(bell.rung) == 1


@pytest.mark.django_db(transaction=True)
def test_the_embedding_task_answers_its_bell_and_does_the_work() -> None:
    put("thing", "a", [Part("Titel", "Tekst")], public=True, ring=False)
    cache.add(f"bell:{embed.name}", True, 60)
    embed()
    assert cache.get(f"bell:{embed.name}") is None
    assert Vector.objects.exclude(embedding=None).count() == 1
