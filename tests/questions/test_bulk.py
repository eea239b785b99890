"""The same with several cases at once: each by itself, with a sentence for what was refused."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from evidence.models import Theme
from questions import bulk
from questions.models import Event, Question
from tests import factories

pytestmark = pytest.mark.django_db


def ids(*cases: Question) -> list[str]:
    return [str(case.pk) for case in cases]


def told(outcomes: list[bulk.Outcome]) -> dict[int | None, str]:
    return {one.number: one.reason for one in outcomes}


def test_cases_are_given_to_a_broker_and_one_refusal_undoes_no_other() -> None:
    desk = factories.Desk()
    waiting, held, done = factories.triaged(desk), factories.assigned(desk), factories.published(desk)
    other = factories.staff("broker", "Bente")
    outcomes = bulk.run(desk.coordinator, ids(waiting, held, done), "assign", {"broker": other.email})
    found = told(outcomes)
    assert found[waiting.number] == ""
    assert found[held.number] == f"Zeg waarom: {held.assignee} heeft dit dossier."
    assert found[done.number]
    assert factories.reload(waiting).assignee == other
    assert factories.reload(held).assignee == desk.broker
    again = bulk.run(desk.coordinator, ids(held), "assign", {"broker": other.email, "why": "vakantie"})
    assert told(again) == {held.number: ""}
    assert held.events.latest("id").why == "vakantie"
    assert factories.reload(held).assignee == other


def test_a_case_that_somebody_claimed_meanwhile_is_not_taken_from_them() -> None:
    desk = factories.Desk()
    case, other = factories.assigned(desk), factories.staff("broker", "Bente")
    data = {"broker": other.email, "why": "vakantie"}
    (outcome,) = bulk.run(desk.coordinator, ids(case), "assign", data, held=[])
    assert str(desk.broker) in outcome.reason
    assert factories.reload(case).assignee == desk.broker
    (outcome,) = bulk.run(desk.coordinator, ids(case), "assign", data, held=ids(case))
    assert outcome.is_done
    assert factories.reload(case).assignee == other


def test_a_full_broker_gets_as_many_as_there_is_room_for() -> None:
    desk = factories.Desk()
    desk.broker.broker.capacity = 2
    desk.broker.broker.save()
    cases = [factories.triaged(desk) for _n in range(4)]
    outcomes = bulk.run(desk.coordinator, ids(*cases), "assign", {"broker": desk.broker.email})
    assert [one.is_done for one in outcomes].count(True) == 2
    assert Question.objects.open_cases_of(desk.broker).count() == 2


def test_themes_are_added_and_removed_and_stand_in_the_history() -> None:
    desk = factories.Desk()
    for slug in ("lezen", "rekenen"):
        Theme.objects.create(slug=slug, label_nl=slug)
    one, other = factories.submitted(), factories.triaged(desk)
    factories.move(other, "retheme", desk.coordinator, add=["lezen", "rekenen"])
    outcomes = bulk.run(desk.coordinator, ids(one, other), "themes", {"add": ["rekenen"], "remove": ["lezen"]})
    assert set(told(outcomes).values()) == {""}
    for case in (one, other):
        assert [theme.slug for theme in case.themes.all()] == ["rekenen"]
        assert case.events.latest("id").name == "retheme"
    again = bulk.run(desk.coordinator, ids(one), "themes", {"add": ["rekenen"]})
    assert not again[0].is_done


def test_who_may_not_is_refused_case_by_case() -> None:
    desk = factories.Desk()
    theme = Theme.objects.create(slug="lezen", label_nl="Lezen")
    mine, other = factories.assigned(desk), factories.triaged(desk)
    found = told(bulk.run(desk.broker, ids(mine, other), "themes", {"add": [theme.slug]}))
    assert (found[mine.number], bool(found[other.number])) == ("", True)
    assert other.themes.count() == 0


def test_a_wrong_choice_or_form_changes_nothing() -> None:
    desk = factories.Desk()
    case, hidden = factories.triaged(desk), factories.unconfirmed()
    Theme.objects.create(slug="lezen", label_nl="Lezen")
    good: dict[str, Any] = {"broker": desk.broker.email}
    events = Event.objects.count()
    wrong: list[tuple[list[str], str, dict[str, Any], str]] = [
        ([], "assign", good, "questions"),
        (["x"], "assign", good, "questions"),
        ([str(uuid.uuid4()) for _n in range(26)], "assign", good, "questions"),
        (ids(case), "close", good, "do"),
        (ids(case), "assign", {}, "broker"),
        (ids(case), "assign", {"broker": "niemand@desk.example"}, "broker"),
        (ids(case), "themes", {}, "non_field_errors"),
        (ids(case), "themes", {"add": ["nergens"]}, "add"),
        (ids(case), "themes", {"add": ["lezen"], "state": "triaged"}, "state"),
    ]
    for chosen, what, data, field in wrong:
        with pytest.raises(ValidationError) as refused:
            bulk.run(desk.coordinator, chosen, what, data)
        assert field in refused.value.message_dict, (chosen, what, data)
    for gone in (str(hidden.pk), str(uuid.uuid4())):
        (outcome,) = bulk.run(desk.coordinator, [gone], "assign", good)
        assert (outcome.number, outcome.is_done) == (None, False)
    assert Event.objects.count() == events


def test_a_case_that_was_chosen_twice_is_changed_once() -> None:
    desk = factories.Desk()
    case = factories.triaged(desk)
    assert len(bulk.run(desk.coordinator, ids(case, case), "assign", {"broker": desk.broker.email})) == 1
