"""The acceptance criteria: kept by the desk, checked in a case, and never changed under what was found."""

import pytest
from django.core.exceptions import ValidationError

from brokers.models import Desk, User
from questions import criteria, privacy
from questions.models import Check, Criterion, Question
from questions.refusals import NotNow, NotYou
from tests import factories

pytestmark = pytest.mark.django_db
WORDS = {"text_nl": "Het is te doen.", "text_en": "It can be done."}


def first(question: Question) -> Criterion:
    return criteria.of(question)[0].criterion


def test_a_desk_begins_with_criteria_in_two_languages_and_gets_them_once() -> None:
    desk = Desk.objects.create(slug="mbo", name="Loket mbo")
    made = criteria.furnish(desk)
    assert made > 4
    assert criteria.furnish(desk) == 0
    assert all(one.text_nl and one.text_en for one in criteria.of_desk(desk))
    outside = Desk.objects.create(slug="uit", name="Buiten", external_url="https://uit.example/")
    assert criteria.furnish(outside) == 0


def test_what_was_found_says_by_whom_and_stays_when_nothing_new_is_said(coordinator: User) -> None:
    question = factories.submitted()
    key = str(first(question).pk)
    criteria.check(question, {key: {"verdict": "unclear", "remark": "Welke groep?"}}, by=coordinator)
    check = question.checks.get()
    assert (check.verdict, check.remark, check.by) == ("unclear", "Welke groep?", coordinator)
    event = question.events.last()
    assert (event.name, event.user, event.data) == ("check", coordinator, {key: "unclear"})
    criteria.check(question, {key: {"verdict": "unclear", "remark": "Welke groep?"}}, by=coordinator)
    assert question.events.last() == event
    criteria.check(question, {key: {"verdict": "yes"}}, by=coordinator)
    assert [one.data for one in question.events.filter(name="check")] == [{key: "unclear"}, {key: "yes"}]


def test_what_is_open_is_what_nobody_checked_or_is_not_clear(coordinator: User) -> None:
    question = factories.submitted()
    lines = criteria.of(question)
    verdicts = ["yes", "no", "unclear"]
    data = {str(line.criterion.pk): {"verdict": one} for line, one in zip(lines, verdicts, strict=False)}
    criteria.check(question, data, by=coordinator)
    assert criteria.still_open(criteria.of(question)) == [line.criterion for line in lines[2:]]


@pytest.mark.parametrize(
    "data",
    [
        {"verdict": "maybe"},
        {"verdict": ""},
        {"remark": "alleen dit"},
        {"verdict": "yes", "remark": "x" * 501},
        {"verdict": "no", "remark": "bel 06-12345678"},
        {"verdict": "yes", "colour": "red"},
    ],
)
def test_what_is_no_finding_is_refused_by_criterion_and_nothing_is_stored(coordinator: User, data: dict) -> None:
    question = factories.submitted()
    lines = criteria.of(question)
    good, bad = str(lines[0].criterion.pk), str(lines[1].criterion.pk)
    with pytest.raises(ValidationError) as refusal:
        criteria.check(question, {good: {"verdict": "yes"}, bad: data}, by=coordinator)
    assert all(name.startswith(f"{bad}-") for name in refusal.value.error_dict)
    assert not Check.objects.exists()


def test_a_criterion_of_another_desk_is_none_here(coordinator: User) -> None:
    question = factories.submitted()
    desk = Desk.objects.create(slug="mbo", name="Loket mbo")
    criteria.furnish(desk)
    for key in (str(desk.criteria.first().pk), "0", "x"):  # type: ignore[union-attr]
        with pytest.raises(ValidationError):
            criteria.check(question, {key: {"verdict": "yes"}}, by=coordinator)


def test_who_holds_the_case_checks_too_and_nobody_does_once_it_ended() -> None:
    team = factories.Desk()
    question = factories.assigned(team)
    data = {str(first(question).pk): {"verdict": "yes"}}
    criteria.check(question, data, by=team.broker)
    for other in (factories.staff("broker"), team.reviewer, factories.asker(question)):
        with pytest.raises(NotYou):
            criteria.check(question, data, by=other)
    question = factories.move(question, "decline", team.coordinator, why="x", alternative="y")
    with pytest.raises(NotNow):
        criteria.check(question, data, by=team.coordinator)


def test_other_words_for_a_criterion_that_was_used_leave_the_old_ones_in_the_cases(coordinator: User) -> None:
    question = factories.submitted()
    old = first(question)
    criteria.check(question, {str(old.pk): {"verdict": "no"}}, by=coordinator)
    new = criteria.change(old, WORDS, by=coordinator)
    assert new.pk != old.pk
    assert first(factories.submitted()) == new, "it takes the old one's place"
    shown = {line.criterion: line.check for line in criteria.of(question)}
    assert shown[old].verdict == "no"  # type: ignore[union-attr]
    assert shown[new] is None
    with pytest.raises(NotNow):
        criteria.change(old, WORDS, by=coordinator)


def test_other_words_for_one_that_nobody_used_are_the_same_criterion(editor: User) -> None:
    row = Criterion.objects.first()
    assert row is not None
    assert criteria.change(row, WORDS, by=editor).pk == row.pk
    row.refresh_from_db()
    assert (row.text_nl, row.changed_by) == ("Het is te doen.", editor)


def test_coordinators_and_editors_keep_the_list_and_nobody_else(broker: User, reviewer: User, editor: User) -> None:
    desk, row = Desk.default(), Criterion.objects.first()
    assert row is not None
    for user in (broker, reviewer):
        for act in (
            lambda user=user: criteria.add(desk, WORDS, by=user),
            lambda user=user: criteria.change(row, WORDS, by=user),
            lambda user=user: criteria.retire(row, by=user),
            lambda user=user: criteria.move_up(row, by=user),
        ):
            with pytest.raises(NotYou):
                act()
    added = criteria.add(desk, WORDS, by=editor)
    assert list(criteria.of_desk(desk))[-1] == added
    criteria.move_up(added, by=editor)
    assert list(criteria.of_desk(desk))[-2] == added
    criteria.retire(added, by=editor)
    assert added not in criteria.of_desk(desk)


def test_erasing_the_asker_takes_the_remarks_and_leaves_what_was_found(coordinator: User) -> None:
    question = factories.submitted()
    key = str(first(question).pk)
    criteria.check(question, {key: {"verdict": "no", "remark": "noemt het dorp"}}, by=coordinator)
    asker = factories.asker(question).asker
    assert asker is not None
    exported = privacy.export(asker)["questions"][0]["checked"]
    assert [(one["found"], one["remark"]) for one in exported] == [("no", "noemt het dorp")]
    privacy.erase(asker)
    check = question.checks.get()
    assert (check.verdict, check.remark) == ("no", "[…]")
    assert "dorp" not in str(list(question.events.values("why", "data")))
