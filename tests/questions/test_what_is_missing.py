"""A refusal lists all that is missing, in one sentence, the same at every door."""

from typing import Any

import pytest

from questions import workflow
from questions.models import Question
from questions.refusals import NotNow
from tests import factories

pytestmark = pytest.mark.django_db


def empty(desk: factories.Desk) -> Question:
    question = factories.move(factories.proposed(desk), "start_research", desk.coordinator, why="spoed")
    factories.write(question, desk.broker, short_answer="", strength="", direction="", citations=[])
    return question


def options(subject: Any, by: Any) -> dict[str, workflow.Option]:
    return {one.name: one for one in workflow.options(subject, by)}


def test_one_sentence_lists_all_that_is_missing() -> None:
    desk = factories.Desk()
    question = empty(desk)
    with pytest.raises(NotNow) as no:
        factories.move(factories.working(question), "submit", desk.broker)
    assert len(no.value.missing) == 3
    assert str(no.value).count(".") == 1
    assert all(one.removesuffix(".")[1:] in str(no.value) for one in no.value.missing)


def test_sending_says_what_the_answer_lacks_as_well_as_the_agreement() -> None:
    desk = factories.Desk()
    question = empty(desk)
    option = options(factories.reload(question), desk.broker)["answer"]
    assert (option.open, len(option.missing)) == (False, 1 + 3 + 1), option.missing


@pytest.mark.parametrize("make", [factories.in_review, factories.drafted])
def test_it_says_which_reviews_are_missing(make: Any) -> None:
    desk = factories.Desk()
    question = make(desk)
    [words] = options(factories.reload(question), desk.broker)["answer"].missing
    assert ("praktijk" in words) == (make is factories.in_review)
    if make is factories.in_review:
        factories.move(factories.working(question), "approve", desk.reviewer, kind="practice")
        [words] = options(factories.reload(question), desk.broker)["answer"].missing
        assert "praktijk" not in words
        assert "inhoud" in words


def test_the_page_and_the_api_list_the_same(client: Any, api: Any) -> None:
    desk = factories.Desk()
    question = empty(desk)
    client.force_login(desk.broker, backend="brokers.backends.ByRole")
    missing = options(factories.working(question), desk.broker)["submit"].missing
    shown = client.get(f"/desk/cases/{question.pk}").content.decode()
    refused = client.post(f"/desk/cases/{question.pk}/answer/do/submit")
    assert refused.status_code == 409
    for one in missing:
        assert f"<li>{one}</li>" in shown
        assert f"<li>{one}</li>" in refused.content.decode()
    answer = api(desk.broker).post(f"/api/v1/questions/{question.pk}/answer/transitions/submit", {})
    assert (answer.status_code, answer.json()["missing"]) == (409, missing)
    [listed] = [
        one
        for one in api(desk.broker).get(f"/api/v1/questions/{question.pk}/answer").json()["transitions"]
        if one["name"] == "submit"
    ]
    assert (listed["open"], listed["missing"]) == (False, missing)


def test_a_gap_is_saved_without_its_kind_and_goes_to_review_with_it() -> None:
    """Nobody but a person says “no research found”: there may be sources that contradict each other."""
    desk = factories.Desk()
    question = factories.drafted(desk)
    version = factories.write(question, desk.broker, gap="Voor wie het geldt.", gap_kind="")
    assert (version.gap_kind, version.citations.count()) == ("", 1)
    told = ["Zeg wat voor soort kennislacune het is."]
    assert options(version, desk.broker)["submit"].missing == told
    assert told[0] in options(factories.reload(question), desk.broker)["answer"].missing
    with pytest.raises(NotNow):
        factories.move(version, "submit", desk.broker)
    version = factories.write(question, desk.broker, gap="Voor wie het geldt.", gap_kind="conflicting")
    factories.move(version, "submit", desk.broker)
    assert factories.working(question).gap_kind == "conflicting"


def test_a_text_without_a_gap_needs_no_kind() -> None:
    desk = factories.Desk()
    version = factories.write(factories.drafted(desk), desk.broker, gap="", gap_kind="")
    assert options(version, desk.broker)["submit"].open
