"""What readers say is wrong: the desk sees it in the case and writes down what it did."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from questions import reporting
from questions.models import Correction
from questions.refusals import NotNow, NotYou, TooMany
from tests import factories

FROM = "192.0.2.1"


@pytest.fixture
def desk(db: None) -> factories.Desk:
    return factories.Desk()


@pytest.fixture
def question(desk: factories.Desk) -> Any:
    return factories.published(desk)


@pytest.fixture
def correction(question: Any) -> Correction:
    data = {"what": "Het jaar klopt niet.", "quoted": "in 2020", "section": "source-1"}
    return reporting.mistake(factories.item(question).shown(), data, network=FROM)


def test_a_correction_is_settled_once_with_a_reason_in_the_history(
    question: Any, correction: Correction, desk: factories.Desk
) -> None:
    with pytest.raises(ValidationError):
        reporting.settle(question, correction.pk, {"why": " "}, by=desk.broker)
    done = reporting.settle(question, correction.pk, {"why": "Jaartal verbeterd."}, by=desk.broker)
    assert done.settled_at is not None
    assert (done.settled_by, done.settled_because) == (desk.broker, "Jaartal verbeterd.")
    event = question.events.get(name="settle")
    assert (event.user, event.why, event.version) == (desk.broker, "Jaartal verbeterd.", correction.version)
    with pytest.raises(NotNow):
        reporting.settle(question, correction.pk, {"why": "nog eens"}, by=desk.broker)
    assert question.events.filter(name="settle").count() == 1


def test_a_correction_is_settled_by_brokers_and_editors_in_its_own_case(
    question: Any, correction: Correction, desk: factories.Desk, visitor: Any
) -> None:
    for by in (visitor, desk.reviewer, desk.coordinator):
        with pytest.raises(NotYou):
            reporting.settle(question, correction.pk, {"why": "x"}, by=by)
    for other in (factories.published(desk), factories.triaged(desk)):
        with pytest.raises(NotNow):
            reporting.settle(other, correction.pk, {"why": "x"}, by=desk.broker)
    correction.refresh_from_db()
    assert correction.settled_at is None


def test_nobody_floods_the_desk_with_corrections(question: Any, settings: Any) -> None:
    settings.QUESTIONS_PER_NETWORK_AN_HOUR = 2
    version = factories.item(question).shown()
    for n in range(2):
        reporting.mistake(version, {"what": f"fout {n}"}, network=FROM)
    with pytest.raises(TooMany):
        reporting.mistake(version, {"what": "fout"}, network=FROM)
    with pytest.raises(TooMany):
        reporting.helped(version, {"helpful": "yes"}, network=FROM)
    reporting.mistake(version, {"what": "fout"}, network="198.51.100.1")
    assert Correction.objects.count() == 3
