"""No case is ever held by two brokers, and no broker holds more than fits."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from brokers import roles
from brokers.models import Broker, User
from questions import queue, workflow
from questions.models import Event, Question
from questions.refusals import NotNow, NotYou
from questions.states import State
from tests import factories
from tests.threads import at_once

CASES, BROKERS = 20, 8


def waiting(count: int) -> list[Question]:
    desk = factories.Desk()
    return [factories.triaged(desk) for _n in range(count)]


def brokers(count: int = BROKERS) -> list[User]:
    return [factories.staff(roles.BROKER) for _n in range(count)]


def greedy(claims: list[Callable[[], Any]]) -> Callable[[], list[Any]]:
    """Claims everything, one after the other, and tells what came of each."""

    def run() -> list[Any]:
        results: list[Any] = []
        for claim in claims:
            try:
                results.append(claim())
            except NotNow as refusal:
                results.append(refusal)
        return results

    return run


def assert_everybody_has_their_own(cases: list[Question], users: list[User]) -> None:
    claims = Event.objects.filter(name="claim", question__in=cases)
    assert claims.count() == len(cases), "each case is claimed exactly once"
    for case in Question.objects.filter(pk__in=[case.pk for case in cases]):
        assert case.state == State.ASSIGNED
        assert case.assignee_id in {user.pk for user in users}
        assert case.assignee_id == claims.get(question=case).user_id


@pytest.mark.django_db(transaction=True)
def test_eight_brokers_who_claim_the_same_twenty_cases_never_share_one() -> None:
    cases, users = waiting(CASES), brokers()
    results = at_once(
        [
            greedy([lambda case=case, user=user: workflow.perform(case, "claim", by=user) for case in cases])
            for user in users
        ]
    )
    won = [result for mine in results for result in mine if isinstance(result, Question)]
    lost = [result for mine in results for result in mine if isinstance(result, NotNow)]
    assert len(won) == CASES
    assert len(won) + len(lost) == CASES * BROKERS, "who comes late is refused, not broken"
    assert_everybody_has_their_own(cases, users)


@pytest.mark.django_db
def test_who_comes_second_reads_who_has_the_case_and_an_asker_does_not(broker: User, second_broker: User) -> None:
    case = factories.triaged(factories.Desk())
    workflow.perform(case, "claim", by=broker)
    with pytest.raises(NotNow) as late:
        workflow.perform(case, "claim", by=second_broker)
    assert broker.name in str(late.value)
    asked_by = case.participations.get()
    asked_by.proved = True
    with pytest.raises(NotNow) as asker:
        workflow.perform(case, "reopen", by=asked_by)
    assert broker.name not in str(asker.value)


@pytest.mark.django_db(transaction=True)
def test_eight_brokers_who_claim_through_the_api_never_share_a_case(api: Callable[..., APIClient]) -> None:
    cases, users = waiting(CASES), brokers()

    def claim_all(client: APIClient) -> Callable[[], list[int]]:
        return lambda: [client.post(f"/api/v1/questions/{case.pk}/transitions/claim", {}).status_code for case in cases]

    results = at_once([claim_all(api(user)) for user in users])
    statuses = [status for mine in results for status in mine]
    assert sorted(set(statuses)) == [200, 409]
    assert statuses.count(200) == CASES
    assert_everybody_has_their_own(cases, users)


@pytest.mark.django_db(transaction=True)
def test_eight_brokers_who_press_claim_on_the_page_never_share_a_case(settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    cases, users = waiting(5), brokers()

    def press_all(client: Client) -> Callable[[], list[int]]:
        return lambda: [client.post(f"/desk/cases/{case.pk}/do/claim").status_code for case in cases]

    def logged_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="brokers.backends.ByRole")
        return client

    results = at_once([press_all(logged_in(user)) for user in users])
    statuses = [status for mine in results for status in mine]
    assert sorted(set(statuses)) == [302, 409], "who comes late is told so"
    assert statuses.count(302) == len(cases)
    assert_everybody_has_their_own(cases, users)


@pytest.mark.django_db(transaction=True)
def test_every_way_to_a_case_at_once_fills_a_broker_to_the_brim_and_no_further(broker: User, coordinator: User) -> None:
    cases = waiting(6)
    team = factories.Desk()
    offered = [factories.assigned(team) for _n in range(2)]
    Broker.objects.filter(user=team.broker).update(absent_until="2999-01-01")
    Broker.objects.filter(user=broker).update(capacity=4)
    ways: list[Callable[[], Any]] = [
        *(lambda case=case: workflow.perform(case, "claim", by=broker) for case in cases[:2]),
        *(
            lambda case=case: workflow.perform(case, "assign", by=coordinator, data={"broker": broker.email})
            for case in cases[2:4]
        ),
        *(lambda case=case: workflow.perform(case, "take", by=broker) for case in offered),
        lambda: queue.claim_next(broker),
        lambda: queue.claim_next(broker),
    ]
    results = at_once(ways)
    refused = [one for one in results if isinstance(one, NotNow)]
    assert len(refused) == len(results) - 4, results
    assert Question.objects.open_cases_of(broker).count() == 4


@pytest.mark.django_db(transaction=True)
def test_eight_brokers_who_take_the_next_case_get_different_ones_and_none_goes_without_while_cases_wait() -> None:
    cases, users = waiting(CASES), brokers()
    results = at_once([lambda user=user: [queue.claim_next(user).case for _n in range(2)] for user in users])
    assert not [result for result in results if isinstance(result, Exception)], "nobody waits for, or loses to, another"
    taken = [case.pk for mine in results for case in mine]
    assert len(set(taken)) == len(taken) == 16
    taken += [queue.claim_next(users[0]).case.pk for _n in range(4)]
    assert sorted(taken) == sorted(case.pk for case in cases)
    assert_everybody_has_their_own(cases, users)
    with pytest.raises(NotNow):
        queue.claim_next(users[0])


@pytest.mark.django_db(transaction=True)
def test_a_broker_who_claims_in_eight_windows_at_once_never_gets_more_than_fits() -> None:
    cases, user = waiting(8), brokers(1)[0]
    user.broker.capacity = 3
    user.broker.save()
    at_once([lambda case=case: workflow.perform(case, "claim", by=user) for case in cases])
    assert Question.objects.open_cases_of(user).count() == 3


@pytest.mark.django_db
def test_the_oldest_case_comes_first_and_only_from_the_sectors_of_the_broker(broker: User) -> None:
    desk = factories.Desk()
    first = factories.triaged(desk, sector="vo")
    second = factories.triaged(desk, sector="po")
    third = factories.triaged(desk, sector="vo")
    broker.broker.sectors = ["vo"]
    broker.broker.save()
    assert [queue.claim_next(broker).case.pk, queue.claim_next(broker).case.pk] == [first.pk, third.pk]
    with pytest.raises(NotNow):
        queue.claim_next(broker)
    broker.broker.sectors = []
    broker.broker.save()
    assert queue.claim_next(broker).case.pk == second.pk


@pytest.mark.django_db
def test_who_is_no_broker_is_absent_or_has_no_room_gets_no_case(
    broker: User, coordinator: User, reviewer: User, second_broker: User
) -> None:
    case = factories.triaged()
    with pytest.raises(NotYou):
        queue.claim_next(reviewer)
    broker.broker.capacity = 0
    broker.broker.save()
    with pytest.raises(NotNow, match=r"ruimte|room"):
        workflow.perform(case, "assign", by=coordinator, data={"broker": broker.email})
    broker.broker.capacity, broker.broker.absent_until = 5, "2999-01-01"
    broker.broker.save()
    with pytest.raises(NotNow):
        workflow.perform(case, "claim", by=factories.reload(broker))
    second_broker.groups.clear()
    with pytest.raises(NotNow):
        workflow.perform(case, "assign", by=coordinator, data={"broker": second_broker.email})
    assert factories.reload(case).assignee is None
