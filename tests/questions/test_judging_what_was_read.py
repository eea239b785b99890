"""Whoever judges a text has read that text, and that title; and nobody stays away with the only pen."""

from typing import Any

import pytest

from brokers import roles
from questions import workflow, writing
from questions.models import KeptDraft, Version
from questions.refusals import NotNow, NotYou, Stale
from questions.states import VersionState
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


@pytest.mark.parametrize(
    ("name", "data"), [("approve", {"kind": "all"}), ("request_changes", {"kind": "all", "remarks": "x"})]
)
def test_a_text_that_changed_since_it_was_read_is_not_judged(
    name: str, data: dict[str, Any], desk: factories.Desk
) -> None:
    question = factories.in_review(desk)
    read = factories.working(question).etag
    factories.write(question, desk.broker, short_answer="Heel iets anders.")
    factories.move(factories.working(question), "submit", desk.broker)
    version = factories.working(question)
    with pytest.raises(Stale) as refusal:
        workflow.perform(version, name, by=desk.reviewer, data=data, expected=read)
    assert (refusal.value.kept, refusal.value.current) == (None, version)
    assert factories.working(question).state == VersionState.IN_REVIEW
    workflow.perform(version, name, by=desk.reviewer, data=data, expected=version.etag)


def test_a_judgement_on_whatever_stands_there_stays_possible(desk: factories.Desk) -> None:
    question = factories.in_review(desk)
    workflow.perform(factories.working(question), "approve", by=desk.reviewer, data={"kind": "all"}, expected="*")
    assert factories.working(question).state == VersionState.APPROVED


@pytest.mark.parametrize("state", ["in_review", "approved"])
def test_another_sharpened_question_takes_the_answer_back_from_review(state: str, desk: factories.Desk) -> None:
    question = getattr(factories, state)(desk)
    read = factories.working(question).etag
    factories.move(question, "propose", desk.broker, articulated="Een heel andere titel?")
    version = factories.working(question)
    assert (version.state, version.approved_at) == (VersionState.DRAFT, None)
    assert version.events.get(name="answer_void").user is None, "the desk did it itself"
    factories.move(version, "submit", desk.broker)
    with pytest.raises(Stale):
        workflow.perform(version, "approve", by=desk.reviewer, data={"kind": "all"}, expected=read)


def test_an_asker_who_agrees_in_other_words_changes_the_title_as_well(desk: factories.Desk) -> None:
    question = factories.move(factories.proposed(desk), "start_research", desk.coordinator, why="spoed")
    factories.write(question, desk.broker)
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    factories.move(question, "agree", factories.asker(question), articulated="Mijn eigen woorden?")
    assert factories.working(question).state == VersionState.DRAFT


def test_an_asker_who_just_agrees_takes_nothing_back(desk: factories.Desk) -> None:
    question = factories.move(factories.proposed(desk), "start_research", desk.coordinator, why="spoed")
    factories.write(question, desk.broker)
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(question, "agree", factories.asker(question))
    assert factories.working(question).state == VersionState.IN_REVIEW


def test_a_proposal_leaves_a_draft_as_it_is(desk: factories.Desk) -> None:
    question = factories.drafted(desk)
    read = factories.working(question).etag
    factories.move(question, "propose", desk.broker, articulated="Toch anders?")
    assert factories.working(question).etag == read


def test_what_the_asker_has_is_taken_back_by_taking_up_the_case(desk: factories.Desk) -> None:
    question = factories.answered(desk)
    with pytest.raises(NotNow, match="vraagsteller"):
        factories.move(factories.working(question), "void", desk.broker)
    assert factories.working(question).state == VersionState.APPROVED
    factories.move(question, "resume", desk.broker, why="een fout")
    version = factories.write(question, desk.broker, short_answer="Beter.")
    assert (version.state, version.approved_at) == (VersionState.DRAFT, None)


# --- A new version whose writer is away -----------------------------------------------------------


@pytest.mark.parametrize("role", [roles.BROKER, roles.EDITOR])
def test_somebody_else_takes_over_a_new_version_as_it_stands(role: str, desk: factories.Desk) -> None:
    question = factories.revising(desk)
    factories.write(question, desk.broker, short_answer="Half klaar.")
    before, other = factories.working(question), factories.staff(role)
    factories.move(question, "revise", other, why="Bea is ziek")
    assert factories.working(question) == before
    assert Version.objects.filter(item=before.item, state=VersionState.DRAFT).count() == 1
    assert factories.item(question).holder == other
    assert factories.write(question, other, short_answer="Klaar.").short_answer == "Klaar."
    with pytest.raises(NotYou):
        factories.write(question, desk.broker)
    factories.move(question, "revise", desk.broker, why="weer beter")
    factories.write(question, desk.broker)


def test_who_holds_the_new_version_has_nothing_to_take_over(desk: factories.Desk) -> None:
    question = factories.revising(desk)
    with pytest.raises(NotYou):
        factories.move(question, "revise", desk.broker, why="nog eens")


def test_an_editor_who_took_a_version_over_does_not_publish_it(desk: factories.Desk) -> None:
    question = factories.revising(desk)
    factories.move(question, "revise", desk.editor, why="Bea is ziek")
    factories.write(question, desk.editor)
    factories.move(factories.working(question), "submit", desk.editor)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    with pytest.raises(NotYou):
        factories.move(question, "publish", desk.editor)
    factories.move(question, "publish", factories.staff(roles.EDITOR))


# --- In between the look and the lock -------------------------------------------------------------


def test_who_lost_the_case_after_the_page_was_loaded_writes_nothing(
    desk: factories.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = factories.agreed(desk)
    other = factories.staff(roles.BROKER)
    look = writing.check

    def transferred(data: Any) -> Any:
        if factories.reload(question).assignee == desk.broker:
            factories.move(question, "transfer", desk.coordinator, broker=other.email, why="vakantie")
        return look(data)

    monkeypatch.setattr(writing, "check", transferred)
    with pytest.raises(NotYou):
        writing.write(question, factories.texts(), by=desk.broker, expected=writing.NEW)
    assert factories.working(question).short_answer == ""
    assert KeptDraft.objects.get(user=desk.broker).content["short_answer"] == factories.TEXTS["short_answer"]
