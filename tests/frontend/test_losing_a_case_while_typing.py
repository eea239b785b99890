"""What somebody typed when the case was just given to somebody else is kept and said, through every door."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from brokers.models import User
from questions import privacy, writing
from questions.models import Item, KeptDraft
from questions.refusals import NotYou
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


def given_away(question: Any, team: factories.Desk, to: User) -> Any:
    return factories.move(
        factories.reload(question), "transfer", team.coordinator, broker=to.email, why="Bram heeft vrij"
    )


def test_the_text_is_kept_for_who_typed_it_and_for_nobody_else(team: factories.Desk, second_broker: User) -> None:
    question = factories.drafted(team)
    before = factories.working(question)
    given_away(question, team, second_broker)
    typed = factories.texts(short_answer="Wat ik net typte.")
    for _click in range(2):
        with pytest.raises(NotYou, match="bewaard"):
            writing.write(question, typed, by=team.broker, expected=before.etag)
    kept = KeptDraft.objects.get()
    assert (kept.user, kept.version, kept.content["short_answer"]) == (team.broker, before, "Wat ik net typte.")
    assert factories.working(question).short_answer == factories.TEXTS["short_answer"], "it is the other's text now"


def test_also_when_there_was_no_text_before(team: factories.Desk, second_broker: User) -> None:
    question = factories.agreed(team)
    given_away(question, team, second_broker)
    with pytest.raises(NotYou, match="bewaard"):
        writing.write(question, factories.texts(gap="Mijn eerste zin."), by=team.broker, expected=writing.NEW)
    assert KeptDraft.objects.get().content["gap"] == "Mijn eerste zin."
    assert factories.item(question).holder == second_broker
    factories.write(question, second_broker, gap="Van de ander.")
    assert list(factories.working(question).authors.all()) == [second_broker]


def test_who_never_held_the_case_leaves_nothing_behind(team: factories.Desk, second_broker: User) -> None:
    question = factories.agreed(team)
    for by in (second_broker, team.coordinator, team.editor):
        with pytest.raises(NotYou):
            writing.write(question, factories.texts(), by=by, expected=writing.NEW)
    assert not KeptDraft.objects.exists()
    assert not Item.objects.exists()


def test_what_could_not_be_saved_anyway_is_not_kept(team: factories.Desk, second_broker: User) -> None:
    question = factories.drafted(team)
    given_away(question, team, second_broker)
    with pytest.raises(NotYou):
        writing.write(question, factories.texts(gap="\x00"), by=team.broker, expected="*")
    assert not KeptDraft.objects.exists()


def test_the_words_of_an_asker_who_was_erased_meanwhile_do_not_come_back(
    team: factories.Desk, second_broker: User
) -> None:
    question = factories.drafted(team)
    given_away(question, team, second_broker)
    privacy.erase(factories.asker(question).asker)
    with pytest.raises(NotYou, match="bewaard"):
        writing.write(question, factories.texts(asked_as="Helpt het?", gap="x"), by=team.broker, expected="*")
    assert "asked_as" not in KeptDraft.objects.get().content


def test_the_page_says_so_and_shows_the_text(team: factories.Desk, second_broker: User, browser: Any) -> None:
    question = factories.drafted(team)
    etag = factories.working(question).etag
    given_away(question, team, second_broker)
    client = browser(team.broker)
    response = client.post(f"/desk/cases/{question.pk}/answer", {"etag": etag, "short_answer": "VAN MIJ", "go": "save"})
    assert response.status_code == 403
    html = response.content.decode()
    assert "Je tekst is bewaard" in html
    assert "VAN MIJ" in html
    assert "VAN MIJ" in client.get(f"/desk/cases/{question.pk}").content.decode()
    assert "VAN MIJ" not in browser(second_broker).get(f"/desk/cases/{question.pk}").content.decode()


def test_the_api_says_so_and_keeps_it_under_a_key_too(
    team: factories.Desk, second_broker: User, api: Callable[..., APIClient]
) -> None:
    question = factories.drafted(team)
    etag = factories.working(question).etag
    given_away(question, team, second_broker)
    response = api(team.broker).put(
        f"/api/v1/questions/{question.pk}/answer",
        factories.texts(short_answer="VAN MIJ"),
        format="json",
        headers={"If-Match": etag, "Idempotency-Key": "een-sleutel"},
    )
    assert response.status_code == 403
    assert "bewaard" in response.json()["detail"]
    assert KeptDraft.objects.get().content["short_answer"] == "VAN MIJ"
