"""Who is away: their cases are offered, nothing runs out, and they keep what nobody took."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from brokers.models import Broker, User
from questions import lapsing, lease, mail, profiles, queue, workflow
from questions.models import Letter, Question
from questions.refusals import NotNow, NotYou
from questions.states import State
from tests import factories
from tests.threads import at_once


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def goes_away(user: Any, first: int | None = None, last: int = 14) -> User:
    dates = {"absent_from": in_days(first) if first is not None else "", "absent_until": in_days(last)}
    profiles.change(user, dates, by=user)
    found: User = factories.reload(user)
    return found


def offered_to(user: User) -> list[Question]:
    return list(queue.offered(user))


@pytest.mark.django_db
def test_from_the_first_day_of_an_absence_the_cases_are_offered_and_who_takes_one_has_it(
    team: factories.Desk, second_broker: User
) -> None:
    taken, left = factories.drafted(team), factories.assigned(team)
    goes_away(team.broker, first=3)
    assert offered_to(second_broker) == []
    with pytest.raises(NotNow, match="niet afwezig"):
        workflow.perform(taken, "take", by=second_broker)
    goes_away(team.broker, first=0)
    assert set(offered_to(second_broker)) == {taken, left}
    assert offered_to(team.broker) == [], "nobody is offered their own"
    factories.move(factories.reload(taken), "take", second_broker)
    found = factories.reload(taken)
    assert (found.state, found.assignee, found.item.holder) == (State.ASSIGNED, second_broker, second_broker)
    assert found.held_until == lease.ends_on()
    assert list(factories.working(taken).authors.all()) == [team.broker], "the text stays and stays theirs"
    assert factories.reload(left).assignee == team.broker, "what nobody took stays"
    assert offered_to(second_broker) == [left]


@pytest.mark.django_db
def test_the_one_who_is_away_hears_who_took_it_and_the_asker_who_goes_on(
    team: factories.Desk, second_broker: User
) -> None:
    question = factories.assigned(team)
    goes_away(team.broker)
    factories.move(factories.reload(question), "take", second_broker)
    event = question.events.get(name="take")
    letters = {letter.kind: letter for letter in Letter.objects.filter(event=event)}
    assert set(letters) == {"taken", "took"}
    assert letters["took"].user == team.broker
    message = mail.render(letters["took"])
    assert message is not None
    assert "Bente heeft dossier" in message.subject


@pytest.mark.django_db
def test_only_brokers_who_are_present_and_have_room_take_a_case(team: factories.Desk, second_broker: User) -> None:
    question = factories.assigned(team)
    goes_away(team.broker)
    for by in (team.coordinator, team.reviewer, team.editor, team.broker, factories.asker(question)):
        with pytest.raises(NotYou):
            workflow.perform(question, "take", by=by)
    goes_away(second_broker)
    with pytest.raises(NotNow, match="afwezig"):
        workflow.perform(question, "take", by=second_broker)
    profiles.change(second_broker, {"absent_until": None, "capacity": 0}, by=second_broker)
    with pytest.raises(NotNow, match="ruimte"):
        workflow.perform(question, "take", by=second_broker)
    assert factories.reload(question).assignee == team.broker


@pytest.mark.django_db
def test_after_the_absence_nothing_is_offered_and_the_claims_run_again(
    team: factories.Desk, second_broker: User
) -> None:
    question = factories.assigned(team)
    goes_away(team.broker)
    profiles.change(team.broker, {"absent_until": ""}, by=team.broker)  # type: ignore[arg-type]
    assert offered_to(second_broker) == []
    assert not lapsing.run()
    assert factories.reload(question).assignee == team.broker


@pytest.mark.django_db
def test_cases_of_who_works_here_no_more_are_offered_too(team: factories.Desk, second_broker: User) -> None:
    question = factories.assigned(team)
    User.objects.filter(pk=team.broker.pk).update(is_active=False)  # type: ignore[union-attr]
    assert offered_to(second_broker) == [question]
    factories.move(factories.reload(question), "take", second_broker)
    with pytest.raises(NotNow):
        factories.move(factories.reload(question), "transfer", team.coordinator, broker=second_broker.email, why="x")


@pytest.mark.django_db
def test_a_coordinator_takes_a_case_back_or_gives_it_to_somebody_and_the_broker_hears_why(
    team: factories.Desk, second_broker: User
) -> None:
    first, second = factories.assigned(team), factories.assigned(team)
    for question, step, more in ((first, "transfer", {"broker": second_broker.email}), (second, "release", {})):
        with pytest.raises(ValidationError):
            factories.move(question, step, team.coordinator, **more)
        factories.move(question, step, team.coordinator, why="Bram is ziek", **more)
        letter = Letter.objects.get(event__question=question, event__name=step, user=team.broker)
        message = mail.render(letter)
        assert message is not None
        assert "Bram is ziek" in str(message.body)
    assert factories.reload(first).assignee == second_broker
    assert factories.reload(second).state == State.TRIAGED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(0, -1, "absent_until"), (5, 4, "absent_until"), (5, None, "absent_until"), (None, 800, "absent_until")],
)
def test_an_absence_has_an_end_that_lies_ahead_and_after_its_beginning(
    broker: User, first: int | None, last: int | None, field: str
) -> None:
    dates = {"absent_from": first, "absent_until": last}
    data = {name: in_days(day) if day is not None else "" for name, day in dates.items()}
    with pytest.raises(ValidationError) as refusal:
        profiles.change(broker, {**data, "expertise": "Lezen"}, by=broker)
    assert list(refusal.value.error_dict) == [field]
    assert Broker.objects.get(user=broker).expertise == "", "nothing was changed"
    row = Broker.objects.filter(user=broker)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(absent_from=in_days(5), absent_until=in_days(4))


@pytest.mark.django_db
def test_a_profile_is_changed_by_its_broker_or_a_coordinator_and_only_what_is_named(
    broker: User, second_broker: User, coordinator: User, editor: User
) -> None:
    profiles.change(broker, {"expertise": "Lezen", "capacity": 7}, by=broker)
    profiles.change(broker, {"sectors": ["po", "vo"]}, by=coordinator)
    found = Broker.objects.get(user=broker)
    assert (found.expertise, found.capacity, found.sectors) == ("Lezen", 7, ["po", "vo"])
    for by in (second_broker, editor):
        with pytest.raises(NotYou):
            profiles.change(broker, {"capacity": 1}, by=by)
    with pytest.raises(NotNow):
        profiles.change(coordinator, {"capacity": 1}, by=coordinator)
    for wrong in ({"capacity": -1}, {"capacity": "veel"}, {"capacity": ""}, {"sectors": ["xx"]}, {"salary": 1}):
        with pytest.raises(ValidationError):
            profiles.change(broker, wrong, by=broker)


@pytest.mark.django_db
def test_an_absence_that_is_over_does_not_stand_in_the_way_of_other_changes(broker: User) -> None:
    Broker.objects.filter(user=broker).update(absent_from="2020-01-01", absent_until="2020-02-01")
    profiles.change(factories.reload(broker), {"capacity": 3}, by=broker)
    found = Broker.objects.get(user=broker)
    assert (found.capacity, found.absent_from, found.absent_until) == (3, None, None)


@pytest.mark.django_db(transaction=True)
def test_eight_brokers_who_take_over_the_same_cases_never_share_one() -> None:
    team = factories.Desk()
    cases = [factories.assigned(team) for _n in range(5)]
    goes_away(team.broker)
    users = [factories.staff("broker") for _n in range(8)]

    def take_all(user: User) -> list[Any]:
        results: list[Any] = []
        for case in cases:
            try:
                results.append(workflow.perform(case, "take", by=user))
            except NotNow as refusal:
                results.append(refusal)
        return results

    results = [one for mine in at_once([lambda user=user: take_all(user) for user in users]) for one in mine]
    assert len([one for one in results if isinstance(one, Question)]) == len(cases)
    for case in cases:
        assert factories.reload(case).assignee_id == case.events.get(name="take").user_id
