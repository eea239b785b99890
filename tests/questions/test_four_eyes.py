"""Nobody judges or publishes their own words."""

import pytest

from brokers import roles
from brokers.models import User
from questions import workflow, writing
from questions.models import Version
from questions.refusals import NotNow, NotYou
from questions.states import VersionState
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(administrator: User) -> User:
    """Somebody with every right of the desk."""
    return administrator


def test_who_wrote_an_answer_cannot_review_it_whatever_their_rights(both: User) -> None:
    desk = factories.Desk(broker=both)
    question = factories.in_review(desk)
    for move, data in (("approve", {"kind": "all"}), ("request_changes", {"kind": "all", "remarks": "mooi"})):
        with pytest.raises(NotYou):
            workflow.perform(factories.working(question), move, by=both, data=data)
    assert factories.working(question).state == VersionState.IN_REVIEW
    assert not factories.working(question).reviews.exists()


def test_who_wrote_an_answer_cannot_review_it_after_the_case_went_to_somebody_else(both: User) -> None:
    desk = factories.Desk(broker=both)
    other = factories.staff(roles.BROKER)
    question = factories.drafted(desk)
    factories.move(question, "transfer", desk.coordinator, broker=other.email, why="vakantie")
    factories.move(factories.working(question), "submit", other)
    with pytest.raises(NotYou):
        workflow.perform(factories.working(question), "approve", by=both, data={"kind": "all"})
    workflow.perform(factories.working(question), "approve", by=desk.reviewer, data={"kind": "all"})


def test_an_editor_who_wrote_in_the_answer_cannot_publish_it(both: User) -> None:
    desk = factories.Desk(broker=both)
    question = factories.answered(desk)
    with pytest.raises(NotYou):
        workflow.perform(question, "publish", by=both)
    workflow.perform(question, "publish", by=desk.editor)


def test_an_editor_who_revises_can_write_and_submit_but_neither_review_nor_publish_it(both: User) -> None:
    desk = factories.Desk()
    question = factories.published(desk)
    editor = desk.editor
    question = factories.move(question, "revise", editor, why="nieuwe studie")
    factories.write(question, editor, short_answer="Nieuw antwoord.")
    factories.move(factories.working(question), "submit", editor)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    with pytest.raises(NotYou):
        workflow.perform(question, "publish", by=editor)
    workflow.perform(question, "publish", by=both)


def test_whose_words_were_taken_over_into_a_new_version_cannot_review_that_one_either(both: User) -> None:
    desk = factories.Desk(broker=both)
    question = factories.published(desk)
    other = factories.staff(roles.BROKER)
    question = factories.move(question, "revise", other, why="een komma")
    factories.write(question, other)
    factories.move(factories.working(question), "submit", other)
    with pytest.raises(NotYou):
        workflow.perform(factories.working(question), "approve", by=both, data={"kind": "all"})


def test_only_who_holds_the_answer_writes_in_it() -> None:
    desk = factories.Desk()
    question = factories.revising(desk)
    other = factories.staff(roles.BROKER)
    for somebody in (other, desk.coordinator, desk.reviewer, desk.editor, factories.asker(question)):
        with pytest.raises(NotYou):
            factories.write(question, somebody)
    question = factories.published()
    factories.move(question, "revise", other, why="x")
    with pytest.raises(NotYou):
        factories.write(question, question.assignee)
    factories.write(question, other)


def test_a_changed_answer_loses_its_approval(broker: User) -> None:
    desk = factories.Desk(broker=broker)
    question = factories.approved(desk)
    version = factories.write(question, broker, short_answer="Toch net anders.")
    assert version.state == VersionState.DRAFT
    assert version.approved_at is None
    assert version.events.filter(name="answer_void").count() == 1
    with pytest.raises(NotNow):
        workflow.perform(question, "answer", by=broker)


def test_a_refused_change_leaves_the_approval_alone(broker: User) -> None:
    question = factories.approved(factories.Desk(broker=broker))
    with pytest.raises(Exception, match="strength"):
        factories.write(question, broker, strength="huge")
    with pytest.raises(writing.Stale):
        writing.write(question, factories.texts(), by=broker, expected='"something else"')
    assert factories.working(question).state == VersionState.APPROVED


def test_a_new_version_stays_hidden_and_the_old_one_public_until_it_is_published() -> None:
    desk = factories.Desk()
    question = factories.published(desk)
    old = factories.item(question).living()
    factories.move(question, "revise", desk.broker, why="nieuwe studie")
    factories.write(question, desk.broker, short_answer="Het nieuwe antwoord.")
    new = factories.working(question)
    assert new.n == old.n + 1
    assert factories.item(question).living() == old
    factories.move(new, "submit", desk.broker)
    factories.move(factories.reload(new), "approve", desk.reviewer, kind="all")
    assert factories.item(question).living() == old
    factories.move(question, "publish", desk.editor)
    assert factories.item(question).living() == new
    assert factories.reload(old).state == VersionState.SUPERSEDED
    assert factories.reload(old).short_answer == factories.TEXTS["short_answer"], "published text never changes"


def test_a_retracted_answer_keeps_its_page_and_can_be_followed_by_a_new_version() -> None:
    desk = factories.Desk()
    question = factories.retracted(desk)
    shown: Version = factories.item(question).shown()  # type: ignore[assignment]
    assert (shown.state, shown.retraction) == (VersionState.RETRACTED, "de studie is ingetrokken")
    factories.move(question, "revise", desk.broker, why="opnieuw")
    factories.write(question, desk.broker)
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    factories.move(question, "publish", desk.editor)
    assert factories.item(question).shown().n == 2  # type: ignore[union-attr]
