"""A request with a key counts once, however often and however parallel it is sent."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from brokers.models import User
from questions import workflow
from questions.models import Asker, Idempotency, KeptDraft, Letter, Message, Participation, Question, Quota
from tests import factories
from tests.threads import at_once

URL = "/api/v1/questions"


@pytest.mark.django_db(transaction=True)
def test_twenty_requests_with_one_key_at_once_make_one_question_and_get_twenty_equal_answers(
    api: Callable[..., APIClient],
) -> None:
    body = factories.asking()
    responses = at_once([lambda: api().post(URL, body, headers={"Idempotency-Key": "k1"}) for _n in range(20)])
    assert {response.status_code for response in responses} == {201}
    assert len({response.content for response in responses}) == 1
    assert sum(response.headers.get("Idempotent-Replayed") == "true" for response in responses) == 19
    assert Question.objects.count() == Letter.objects.count() == Asker.objects.count() == 1
    assert set(Quota.objects.values_list("count", flat=True)) == {1}


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_refused(api: Callable[..., APIClient]) -> None:
    body = factories.asking()
    assert api().post(URL, body, headers={"Idempotency-Key": "k"}).status_code == 201
    again = api().post(URL, {**body, "sector": "vo"}, headers={"Idempotency-Key": "k"})
    assert again.status_code == 422
    assert again.headers["Content-Type"] == "application/problem+json"
    assert Question.objects.count() == 1


@pytest.mark.django_db
def test_a_key_belongs_to_a_person_and_to_an_address(
    api: Callable[..., APIClient], broker: User, coordinator: User
) -> None:
    body = factories.asking()
    for client in (api(), api(broker), api(coordinator)):
        assert client.post(URL, body, headers={"Idempotency-Key": "k"}).status_code == 201
    assert Question.objects.count() == 3
    other = api(broker).post("/api/v1/suggestions", {"text": "lezen"}, headers={"Idempotency-Key": "k"})
    assert other.status_code == 200


@pytest.mark.django_db
def test_a_refused_request_may_be_mended_and_sent_again_with_its_key(api: Callable[..., APIClient]) -> None:
    body = factories.asking()
    assert api().post(URL, {**body, "sector": "x"}, headers={"Idempotency-Key": "k"}).status_code == 400
    assert api().post(URL, body, headers={"Idempotency-Key": "k"}).status_code == 201
    assert not Idempotency.objects.filter(status=None).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["x" * 256, "a\x07b"])
def test_a_key_that_cannot_be_kept_is_refused(key: str, api: Callable[..., APIClient]) -> None:
    response = api().post(URL, factories.asking(), headers={"Idempotency-Key": key})
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "Idempotency-Key"
    assert not Question.objects.exists()


@pytest.mark.django_db
def test_every_write_honours_the_key(api: Callable[..., APIClient]) -> None:
    desk = factories.Desk()
    question = factories.agreed(desk)
    client = api(desk.broker)
    address = f"{URL}/{question.pk}"
    calls: list[Callable[[], Any]] = [
        lambda: client.post(f"{address}/messages", {"body": "Hallo"}, headers={"Idempotency-Key": "a"}),
        lambda: client.put(
            f"{address}/answer",
            factories.TEXTS | {"gap": "x", "gap_kind": "none"},
            headers={"Idempotency-Key": "b", "If-Match": '"new"'},
        ),
        lambda: client.post(f"{address}/answer/transitions/submit", {}, headers={"Idempotency-Key": "c"}),
        lambda: client.post(f"{address}/transitions/release", {"why": "x"}, headers={"Idempotency-Key": "d"}),
        lambda: client.post(
            "/api/v1/sources", {"type": "book", "title": "Over lezen"}, headers={"Idempotency-Key": "e"}
        ),
    ]
    for call in calls:
        first, second = call(), call()
        assert first.status_code in (200, 201), first.content
        assert (second.status_code, second.json()) == (first.status_code, first.json())
        assert second.headers["Idempotent-Replayed"] == "true"
        assert second.headers.get("ETag") == first.headers.get("ETag")
    assert Message.objects.count() == 1
    assert question.events.filter(name="release").count() == 1


@pytest.mark.django_db
def test_a_stale_text_is_kept_also_with_a_key_and_the_key_stays_free(api: Callable[..., APIClient]) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    client = api(desk.broker)
    body = factories.TEXTS | {"gap": "te laat"}
    url = f"{URL}/{question.pk}/answer"
    late = client.put(url, body, headers={"Idempotency-Key": "k", "If-Match": '"old"'})
    assert late.status_code == 412
    assert late.headers["Content-Type"] == "application/problem+json"
    assert str(KeptDraft.objects.get().pk) == late.json()["kept"]
    tag = client.get(url).headers["ETag"]
    assert client.put(url, body, headers={"Idempotency-Key": "k", "If-Match": tag}).status_code == 200


@pytest.mark.django_db
def test_no_stored_answer_holds_the_link_to_a_question(api: Callable[..., APIClient]) -> None:
    response = api().post(URL, factories.asking(), headers={"Idempotency-Key": "k"})
    part = Participation.objects.get()
    assert part.token in response.json()["tracking_url"]
    assert part.token not in str(Idempotency.objects.values().get())
    again = api().post(URL, {}, headers={"Idempotency-Key": "k"})
    assert again.status_code == 422


@pytest.mark.django_db
def test_the_first_answer_is_repeated_also_when_things_went_on(api: Callable[..., APIClient]) -> None:
    body = factories.asking()
    first = api().post(URL, body, headers={"Idempotency-Key": "k"}).json()
    question = Question.objects.get()
    workflow.perform(question, "confirm", by=factories.mailed_link(question))
    assert api().post(URL, body, headers={"Idempotency-Key": "k"}).json() == first
