"""What was made of public text is kept until public text changes, and never from within a transaction."""

from typing import Any

import pytest
from django.core.cache import caches
from django.db import transaction

from evidence import index, kept
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


class Maker:
    """Counts how often something is made."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def put(public: bool = True) -> None:
    index.put("answer", "1", [index.Part("Lezen", "lezen")], public=public)


def test_it_is_made_once_for_each_key() -> None:
    make = Maker()
    assert [kept.value("one", make), kept.value("one", make), kept.value("other", make)] == [1, 1, 2]


@pytest.mark.parametrize(
    "change",
    [put, lambda: index.drop("answer", "1"), factories.source, kept.forget],
    ids=["put", "drop", "source", "said"],
)
def test_a_change_of_public_text_makes_it_anew(change: Any) -> None:
    make = Maker()
    kept.value("one", make)
    change()
    assert kept.value("one", make) == 2


def test_internal_text_changes_nothing_for_the_public() -> None:
    make = Maker()
    kept.value("one", make)
    put(public=False)
    assert kept.value("one", make) == 1


def test_what_was_begun_before_a_change_is_given_to_nobody_after_it() -> None:
    def slow() -> str:
        kept.forget()  # somebody publishes while this page is being made
        return "old"

    assert kept.value("one", slow) == "old"
    assert kept.value("one", lambda: "new") == "new"


def test_a_change_that_is_rolled_back_leaves_everything_kept() -> None:
    make = Maker()
    kept.value("one", make)
    with transaction.atomic():
        put()
        transaction.set_rollback(True)
    assert kept.value("one", make) == 1


def test_nothing_is_kept_or_taken_inside_a_transaction() -> None:
    make = Maker()
    with transaction.atomic():
        kept.value("one", make)
        kept.value("one", make)
    assert kept.value("one", make) == 3


def test_without_its_mark_nothing_that_was_kept_holds() -> None:
    make = Maker()
    kept.value("one", make)
    caches["pages"].delete(kept.MARK)
    assert kept.value("one", make) == 2


def test_without_its_table_everything_is_made_anew(settings: Any) -> None:
    pages = {**settings.CACHES["pages"], "LOCATION": "not_made_yet"}
    settings.CACHES = {**settings.CACHES, "pages": pages}
    make = Maker()
    assert [kept.value("one", make), kept.value("one", make)] == [1, 2]
