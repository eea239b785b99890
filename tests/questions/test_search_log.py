"""The search log: one press writes down what the library gave, another broker does it again, nothing is changed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from evidence.models import Source
from questions import ledger, privacy, searchlog
from questions.models import SearchEntry
from questions.refusals import NotNow, NotYou
from tests import factories

pytestmark = pytest.mark.django_db

WORDS = "zwerfkeien tellen"


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


def about(words: str = WORDS) -> Source:
    return factories.source(title=f"Kinderen en {words}")


def test_a_search_of_the_library_is_counted_by_the_system(desk: factories.Desk) -> None:
    question, source = factories.agreed(desk), about()
    entry = searchlog.log_own(question, {"terms": WORDS}, by=factories.staff("broker"))
    assert (entry.is_own, entry.terms, entry.searched_on) == (True, WORDS, timezone.localdate())
    assert entry.hits == len(entry.seen) >= 1
    assert str(source.pk) in entry.seen


def test_another_broker_does_it_again_and_sees_what_is_new(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    about()
    first = searchlog.log_own(question, {"terms": WORDS, "sector": ""}, by=desk.broker)
    new, other = about(), factories.staff("broker")
    again = searchlog.repeat(question, first.pk, by=other)
    assert (again.repeats, again.user, again.terms) == (first, other, WORDS)
    assert str(new.pk) in set(again.seen) - set(first.seen)
    assert again.fresh == len(set(again.seen) - set(first.seen))
    assert factories.reload(first).hits == first.hits


def test_a_second_press_writes_nothing_new(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    first = searchlog.log_found(question, by=desk.broker)
    assert first.terms == question.title
    assert searchlog.log_found(question, by=desk.broker) == first


def test_a_second_press_writes_no_second_search_done_elsewhere(desk: factories.Desk) -> None:
    question, other = factories.agreed(desk), factories.staff("broker")
    line = {"place": "ERIC", "terms": WORDS, "hits": 3}
    first = searchlog.log(question, line, by=desk.broker)
    assert searchlog.log(question, line, by=desk.broker) == first
    assert searchlog.log(question, {**line, "hits": 4}, by=desk.broker) != first
    assert searchlog.log(question, line, by=desk.broker) != first, "it was done once more, after another"
    assert searchlog.log(question, line, by=other) != first
    assert question.searches.count() == question.events.filter(name="search").count() == 4


def test_filters_narrow_and_are_kept(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    old = factories.source(title=f"Over {WORDS}", issued={"date-parts": [[1990]]})
    entry = searchlog.log_own(question, {"terms": WORDS, "year_from": "2015"}, by=desk.broker)
    assert entry.filters == {"year_from": 2015}
    assert str(old.pk) not in entry.seen
    assert str(old.pk) not in searchlog.repeat(question, entry.pk, by=desk.broker).seen


def test_what_is_put_in_the_ledger_belongs_to_the_search_before_or_after_it(desk: factories.Desk) -> None:
    question, source = factories.agreed(desk), about()
    before = ledger.add(question, {"source": source.key}, by=desk.broker)
    assert before.search is None
    entry = searchlog.log_own(question, {"terms": WORDS}, by=desk.broker)
    assert factories.reload(before).search == entry
    second = about()
    later = searchlog.repeat(question, entry.pk, by=desk.broker)
    assert ledger.add(question, {"source": second.key}, by=desk.broker).search == later


def test_a_mistake_is_put_right_by_a_new_line(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    wrong = searchlog.log(question, {"place": "ERIC", "terms": "reding"}, by=desk.broker)
    right = searchlog.correct(question, wrong.pk, {"place": "ERIC", "terms": "reading"}, by=desk.broker)
    assert (right.corrects, factories.reload(wrong).terms) == (wrong, "reding")
    with pytest.raises(NotNow):
        searchlog.correct(question, wrong.pk, {"place": "ERIC", "terms": "x"}, by=desk.broker)
    own = searchlog.log_own(question, {"terms": WORDS}, by=desk.broker)
    with pytest.raises(NotNow):
        searchlog.correct(question, own.pk, {"place": "ERIC", "terms": "x"}, by=desk.broker)
    with pytest.raises(NotNow):
        searchlog.repeat(question, right.pk, by=desk.broker)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"searched_on": str(timezone.localdate() + timedelta(days=2))}, "searched_on"),
        ({"searched_on": "1999-12-31"}, "searched_on"),
        ({"terms": "bel juf op 06 12345678"}, "terms"),
        ({"place": "mail piet@school.example"}, "place"),
        ({"hits": "-1"}, "hits"),
    ],
)
def test_what_cannot_stand_in_the_log(desk: factories.Desk, data: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        searchlog.log(factories.agreed(desk), {"place": "ERIC", "terms": "reading", **data}, by=desk.broker)
    assert field in error.value.message_dict
    assert not SearchEntry.objects.exists()


def test_only_brokers_write_in_it(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    for by in (desk.reviewer, desk.editor, desk.coordinator):
        with pytest.raises(NotYou):
            searchlog.log_found(question, by=by)


def test_the_asker_s_own_words_go_out_of_the_log_when_they_are_erased(desk: factories.Desk) -> None:
    question = factories.assigned(desk, text="Hoe help ik mijn klas met zwerfkeien tellen?")
    question = factories.move(question, "start_research", desk.coordinator, why="dringend")
    own = searchlog.log_found(question, by=desk.broker)
    mine = searchlog.log_own(question, {"terms": WORDS}, by=desk.broker)
    assert (own.asked_words, mine.asked_words) == (True, False)
    asker = factories.asker(question).asker
    assert asker is not None
    assert privacy.export(asker)["questions"][0]["searched_with"] == [question.text]
    privacy.erase(asker)
    assert (factories.reload(own).terms, factories.reload(mine).terms) == ("[…]", WORDS)
