"""Consulted experts: named with their consent only, and gone from everywhere when they take it back."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from questions import consulting, writing
from questions.models import Consultation, Event, KeptDraft
from questions.refusals import NotNow, NotYou, Stale
from tests import factories

NAME = "Wieke Ster"
EXPERT = {"name": NAME, "role": "lector", "agreed_on": "2025-03-01", "agreed_by": "mail"}


@pytest.fixture
def desk(db: None) -> factories.Desk:
    return factories.Desk()


@pytest.mark.parametrize("missing", ["name", "agreed_on", "agreed_by"])
def test_nobody_is_stored_without_the_day_and_way_of_their_consent(desk: factories.Desk, missing: str) -> None:
    question = factories.agreed(desk)
    with pytest.raises(ValidationError) as refusal:
        factories.write(question, desk.broker, consulted=[{**EXPERT, missing: ""}])
    assert list(refusal.value.error_dict) == [f"consulted.0.{missing}"]
    assert not Consultation.objects.exists()


def test_consent_is_not_given_tomorrow(desk: factories.Desk) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError) as refusal:
        factories.write(factories.agreed(desk), desk.broker, consulted=[{**EXPERT, "agreed_on": str(tomorrow)}])
    assert list(refusal.value.error_dict) == ["consulted.0.agreed_on"]


@pytest.mark.parametrize("field", ["short_answer", "explanation", "gap", "team_watch", "asked_as"])
def test_a_name_that_may_be_taken_back_stands_in_no_text(desk: factories.Desk, field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        factories.write(factories.agreed(desk), desk.broker, **{field: "Volgens wieke STER."}, consulted=[EXPERT])
    assert list(refusal.value.error_dict) == [field]


def test_a_name_is_not_found_inside_another_word(desk: factories.Desk) -> None:
    short = {**EXPERT, "name": "Jan"}
    version = factories.write(factories.agreed(desk), desk.broker, gap="Sinds januari.", consulted=[short])
    assert version.consulted.get().name == "Jan"


def test_a_new_version_begins_with_the_same_experts(desk: factories.Desk) -> None:
    question = factories.revising(desk)
    factories.item(question).versions.get(n=1).consulted.create(n=1, **EXPERT)
    factories.working(question).delete()
    fresh = factories.item(question).versions.get(n=1).succeed()
    assert [str(value) for value in fresh.consulted.values_list(*Consultation.WORDS).get()] == list(EXPERT.values())


def everywhere(desk: factories.Desk) -> Any:
    """A case whose old version, new version and a kept draft name the expert."""
    question = factories.revising(desk)
    factories.item(question).versions.get(n=1).consulted.create(n=1, **EXPERT)
    factories.write(question, desk.broker, consulted=[EXPERT, {**EXPERT, "name": "Iemand Anders"}])
    with pytest.raises(Stale):
        writing.write(question, factories.texts(consulted=[EXPERT]), by=desk.broker, expected='"oud"')
    return question


def test_who_takes_consent_back_is_gone_from_every_version_and_every_kept_draft(desk: factories.Desk) -> None:
    question = everywhere(desk)
    seen = factories.working(question).etag
    assert consulting.named(question) == ["Iemand Anders", NAME]
    assert consulting.forget(question, {"name": "wieke ster"}, by=desk.coordinator) == 2
    assert consulting.named(question) == ["Iemand Anders"]
    assert KeptDraft.objects.get().content["consulted"] == []
    assert KeptDraft.objects.get().content["short_answer"]
    assert factories.working(question).etag != seen
    assert NAME not in str(list(Event.objects.values()))
    assert question.events.filter(name="consent_withdrawn").count() == 1
    with pytest.raises(NotNow):
        consulting.forget(question, {"name": NAME}, by=desk.coordinator)


def test_only_people_of_the_desk_take_a_name_out(desk: factories.Desk, visitor: Any, reviewer: Any) -> None:
    question = everywhere(desk)
    for by in (visitor, reviewer):
        with pytest.raises(NotYou):
            consulting.forget(question, {"name": NAME}, by=by)
    assert NAME in consulting.named(question)
