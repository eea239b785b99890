"""What stands around an answer (the asker's words, the team sheet): part of the text that is reviewed."""

import pytest
from django.core.exceptions import ValidationError

from questions import limits, privacy, writing
from questions.models import Asker, KeptDraft, Participation, Version
from questions.models.revision import TEXTS, WRITTEN
from questions.refusals import Stale
from questions.states import VersionState
from tests import factories

AROUND = {
    "asked_as": "Helpt het?",
    "conclusion": "Begin klein.",
    "team_questions": "Wat doen we?",
    "team_try": "Lees.",
    "team_watch": "De tijd.",
}


@pytest.fixture
def desk(db: None) -> factories.Desk:
    return factories.Desk()


def test_every_text_of_the_form_is_copied_to_the_next_version(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    version = factories.write(question, desk.broker, **AROUND, look_again_on="2031-03-01")
    fresh = version.succeed()
    assert {name: getattr(fresh, name) for name in TEXTS} == {name: getattr(version, name) for name in TEXTS}
    assert fresh.asked_as == "Helpt het?"
    assert fresh.look_again_on is None, "the new version is that look"
    assert (fresh.significance, fresh.change_note) == ("", ""), "what it changes is still to be said"
    assert set(WRITTEN) == set(writing.Texts.base_fields)


@pytest.mark.parametrize("day", ["1000-01-01", "9999-12-31"])
def test_a_day_to_look_again_that_is_a_slip_of_the_pen_is_refused(desk: factories.Desk, day: str) -> None:
    with pytest.raises(ValidationError, match="2000"):
        factories.write(factories.agreed(desk), desk.broker, look_again_on=day)


@pytest.mark.parametrize("field", AROUND)
def test_changing_what_stands_around_an_approved_answer_voids_the_approval(desk: factories.Desk, field: str) -> None:
    question = factories.approved(desk)
    seen = factories.working(question).etag
    version = factories.write(question, desk.broker, **{field: "Anders."})
    assert version.state == VersionState.DRAFT
    assert version.etag != seen
    with pytest.raises(Stale):
        writing.write(question, factories.texts(**{field: "Te laat."}), by=desk.broker, expected=seen)
    assert KeptDraft.objects.get().content[field] == "Te laat."


@pytest.mark.parametrize("words", ["bel 06 12345678", "mail jan@school.nl", "bsn 111222333"])
def test_the_askers_words_go_public_without_personal_data(desk: factories.Desk, words: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        factories.write(factories.agreed(desk), desk.broker, asked_as=f"Helpt het, {words}?")
    (error,) = refusal.value.error_dict["asked_as"]
    assert error.code == "personal_data"


def test_a_team_sheet_has_at_most_three_questions(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    version = factories.write(question, desk.broker, team_questions=" een?\n\n twee? \r\ndrie?\n")
    assert version.team_questions == "een?\ntwee?\ndrie?"
    with pytest.raises(ValidationError) as refusal:
        factories.write(question, desk.broker, team_questions="a?\nb?\nc?\nd?")
    assert list(refusal.value.error_dict) == ["team_questions"]


@pytest.mark.parametrize("field", ["team_questions", "team_try", "team_watch"])
def test_a_part_of_the_team_sheet_is_no_longer_than_the_sheet(desk: factories.Desk, field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        factories.write(factories.agreed(desk), desk.broker, **{field: "x" * (limits.TEAM + 1)})
    assert list(refusal.value.error_dict) == [field]


def test_an_asker_who_is_forgotten_takes_their_words_along(desk: factories.Desk) -> None:
    question = factories.published(desk)
    Version.objects.update(asked_as=factories.TEXT)
    draft = {"version": factories.item(question).shown(), "user": desk.broker, "base": "x"}
    KeptDraft.objects.create(**draft, content={"asked_as": factories.TEXT, "gap": "blijft"})
    privacy.erase(factories.asker(question).asker)
    assert set(Version.objects.values_list("asked_as", flat=True)) == {""}
    assert KeptDraft.objects.get().content == {"gap": "blijft"}
    assert factories.item(question).shown().short_answer == factories.TEXTS["short_answer"]


@pytest.mark.parametrize(("kind", "left"), [("on_behalf", factories.TEXT), ("me_too", "")])
def test_the_words_stay_while_somebody_else_asked_the_same(desk: factories.Desk, kind: str, left: str) -> None:
    question = factories.published(desk)
    mine, other = factories.asker(question).asker, Asker.objects.create(email="ander@school.example")
    Participation.join(question=question, asker=other, kind=kind)
    Version.objects.update(asked_as=factories.TEXT)
    privacy.erase(mine)
    assert Version.objects.get().asked_as == left, "who only joined never wrote these words"
