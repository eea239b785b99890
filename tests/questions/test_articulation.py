"""Every wording of a question is kept: what was proposed, what the asker made of it, and when they agreed."""

import json

import pytest
from django.core.exceptions import ValidationError

from questions import mail, privacy
from questions.models import Articulation, Event, Letter
from tests import factories
from tests.questions.test_privacy import CANARY, asker, asking, everywhere

pytestmark = pytest.mark.django_db

FIRST, SECOND, OWN = "Helpt stillezen bij lezen?", "Helpt vrij lezen bij begrijpen?", "Helpt vrij lezen in groep 6?"


def test_each_proposal_and_amendment_is_a_row_of_its_own_with_its_frame() -> None:
    desk = factories.Desk()
    question = factories.assigned(desk)
    question = factories.move(question, "propose", desk.broker, articulated=FIRST, for_whom="groep 6", note="Korter.")
    question = factories.move(question, "propose", desk.broker, articulated=SECOND, for_whom="groep 6 en 7")
    part = factories.asker(question)
    question = factories.move(question, "agree", part, articulated=OWN)
    rows = [(row.n, row.kind, row.articulated, row.for_whom, row.note) for row in question.articulations.all()]
    assert rows == [
        (1, "proposed", FIRST, "groep 6", "Korter."),
        (2, "proposed", SECOND, "groep 6 en 7", ""),
        (3, "amended", OWN, "groep 6 en 7", ""),
    ]
    first, second, third = question.articulations.all()
    assert (first.user, third.participation) == (desk.broker, part)
    assert (first.agreed_at, second.agreed_at) == (None, None)
    assert third.agreed_at == question.agreement_at


def test_words_that_everybody_will_read_name_nobody_also_when_a_broker_writes_them() -> None:
    desk = factories.Desk()
    question = factories.assigned(desk)
    with pytest.raises(ValidationError, match="e-mail"):
        factories.move(question, "propose", desk.broker, articulated="Helpt lezen Jan (jan@school.example)?")
    assert not question.articulations.exists()


def test_who_agrees_with_the_words_as_they_stand_agrees_to_the_last_row() -> None:
    question = factories.agreed()
    assert question.articulations.get().agreed_at == question.agreement_at


def test_going_on_without_agreement_agrees_to_nothing() -> None:
    desk = factories.Desk()
    question = factories.move(factories.proposed(desk), "waive", desk.coordinator, why="drie weken stil")
    assert question.articulations.get().agreed_at is None


def test_the_note_goes_to_the_asker_with_the_proposal(mail_dir: object) -> None:
    desk = factories.Desk()
    question = factories.assigned(desk)
    factories.move(question, "propose", desk.broker, articulated=FIRST, note="Zo is er meer onderzoek over.")
    letter = Letter.objects.get(kind="propose")
    assert "Zo is er meer onderzoek over." in mail.render(letter).body  # type: ignore[union-attr]


def test_agreement_by_word_of_mouth_is_written_down_but_does_not_let_the_words_be_shown() -> None:
    desk = factories.Desk()
    question = factories.move(factories.proposed(desk), "note_agreement", desk.broker, why="gebeld op 3 november")
    assert (question.agreement, question.waived_by, question.waived_because) == (
        "spoken",
        desk.broker,
        "gebeld op 3 november",
    )
    with pytest.raises(Exception, match="akkoord"):
        factories.move(question, "show", desk.broker, nobody_recognisable=True)


def test_erasing_leaves_the_agreed_words_alone_and_takes_what_went_before() -> None:
    desk = factories.Desk()
    question = factories.move(
        factories.assigned(desk, **asking()),
        "propose",
        desk.broker,
        articulated=f"Hoe leert {CANARY} lezen?",
        note=f"{CANARY} noemde je zelf",
    )
    factories.move(question, "agree", factories.asker(question), articulated=f"Hoe leert {CANARY} vlot lezen?")
    factories.move(factories.reload(question), "propose", desk.broker, articulated=FIRST, note=f"zonder {CANARY}")
    privacy.erase(asker())
    assert everywhere(CANARY) == []
    assert [row.articulated for row in Articulation.objects.all()] == [FIRST]
    assert Event.objects.filter(question=question, name="propose").count() == 2


def test_a_proposal_after_erasing_gets_a_number_of_its_own() -> None:
    desk = factories.Desk()
    question = factories.proposed(desk)
    question = factories.move(question, "propose", desk.broker, articulated=SECOND)
    privacy.erase(factories.asker(question).asker)  # type: ignore[arg-type]
    question = factories.move(factories.reload(question), "propose", desk.broker, articulated=FIRST)
    assert [row.n for row in question.articulations.all()] == [2, 3]


def test_an_export_holds_every_wording_with_its_note() -> None:
    desk = factories.Desk()
    question = factories.assigned(desk, **asking())
    factories.move(question, "propose", desk.broker, articulated=FIRST, note="Korter.")
    (mine,) = json.loads(json.dumps(privacy.export(asker())))["questions"]
    assert [(row["articulated"], row["note"]) for row in mine["wordings"]] == [(FIRST, "Korter.")]
