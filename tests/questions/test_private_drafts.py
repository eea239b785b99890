"""What is typed is kept before it is saved: for its writer alone, whatever happens, and not for ever."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from questions import consulting, drafts, privacy, retention, writing
from questions.models import Event, KeptDraft, PrivateDraft, Question, Version
from questions.refusals import NotNow, NotYou, Stale
from tests import factories

SITTING = uuid.uuid4()
EXPERT = {"name": "Wieke Ster", "role": "lector", "agreed_on": "2025-03-01", "agreed_by": "mail"}


@pytest.fixture
def desk(db: None) -> factories.Desk:
    return factories.Desk()


def keep(question: Question, by: Any, sitting: uuid.UUID = SITTING, **texts: Any) -> Any:
    question = factories.reload(question)
    base = writing.etag(writing.current(question))
    return drafts.put_by(question, texts, by=by, base=base, sitting=sitting)


def test_it_is_neither_a_save_nor_an_event_and_needs_no_answer_yet(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    before = Event.objects.count()
    assert keep(question, desk.broker, short_answer="Half af.") is not None
    assert keep(question, desk.broker, short_answer="Half af. En meer.") is not None
    assert PrivateDraft.objects.get().content == {"short_answer": "Half af. En meer."}
    assert (Event.objects.count(), Version.objects.count()) == (before, 0)


def test_saving_ends_the_draft_of_that_sitting_and_of_no_other(desk: factories.Desk) -> None:
    question, other = factories.agreed(desk), uuid.uuid4()
    keep(question, desk.broker, short_answer="Hier.")
    keep(question, desk.broker, other, short_answer="In een ander venster.")
    writing.write(question, factories.texts(), by=desk.broker, expected=writing.NEW, sitting=SITTING)
    assert [row.sitting for row in PrivateDraft.objects.all()] == [other]
    writing.write(question, factories.texts(), by=desk.broker, expected="*")
    assert PrivateDraft.objects.count() == 1, "a program knows of no sitting"


def test_a_draft_that_says_what_is_saved_is_none(desk: factories.Desk) -> None:
    question = factories.drafted(desk)
    saved = writing.saved_content(writing.current(question))
    keep(question, desk.broker, short_answer="Anders.")
    assert keep(question, desk.broker, **{**saved, "explanation": saved["explanation"] + "\r\n"}) is not None
    assert keep(question, desk.broker, **saved) is None
    assert not PrivateDraft.objects.exists()


@pytest.mark.parametrize("move", ["transfer", "release", "decline"])
def test_it_survives_the_loss_of_the_case_and_goes_on_being_kept(desk: factories.Desk, move: str) -> None:
    question, other = factories.drafted(desk), factories.staff("broker")
    keep(question, desk.broker, short_answer="Van mij.")
    more = {"transfer": {"broker": other.email}, "decline": {"alternative": "elders"}}.get(move, {})
    factories.move(question, move, desk.coordinator, why="vrij", **more)
    assert keep(question, desk.broker, short_answer="Van mij. En meer.")
    assert [row.content["short_answer"] for row in drafts.mine(question, desk.broker)] == ["Van mij. En meer."]


def test_nobody_else_finds_it_goes_on_with_it_or_throws_it_away(desk: factories.Desk, administrator: Any) -> None:
    question = factories.drafted(desk)
    keep(question, desk.broker, short_answer="Van mij.")
    draft = PrivateDraft.objects.get()
    factories.move(question, "transfer", desk.coordinator, broker=administrator.email, why="x")
    for somebody in (desk.coordinator, administrator):
        assert drafts.mine(question, somebody) == []
        with pytest.raises(NotNow):
            drafts.throw_away(question, draft.pk, by=somebody)
    with pytest.raises(NotNow):
        drafts.reopened(
            factories.reload(question), draft.pk, {}, by=administrator, base=writing.NEW, sitting=uuid.uuid4()
        )
    assert PrivateDraft.objects.count() == 1


def test_only_who_writes_answers_keeps_drafts(desk: factories.Desk) -> None:
    for somebody in (desk.reviewer, desk.coordinator):
        with pytest.raises(NotYou):
            keep(factories.drafted(desk), somebody, short_answer="x")


def test_a_draft_has_a_size_and_a_person_a_number_of_them(desk: factories.Desk) -> None:
    question = factories.drafted(desk)
    with pytest.raises(ValidationError):
        keep(question, desk.broker, explanation="x" * drafts.LARGEST)
    for _n in range(drafts.MOST):
        keep(question, desk.broker, uuid.uuid4(), gap="x")
    with pytest.raises(NotNow):
        keep(question, desk.broker, uuid.uuid4(), gap="y")


def test_going_on_keeps_what_stood_in_the_editor_and_merges_with_what_was_saved(desk: factories.Desk) -> None:
    question, sitting = factories.drafted(desk), uuid.uuid4()
    saved = writing.saved_content(writing.current(question))
    keep(question, desk.broker, **{**saved, "gap": "Mijn leemte."})
    old = PrivateDraft.objects.get()
    factories.write(question, desk.broker, conclusion="Begin klein.")
    question = factories.reload(question)
    tag = writing.etag(writing.current(question))
    typed = {"short_answer": "Net getypt."}
    found = drafts.reopened(question, old.pk, typed, by=desk.broker, base=tag, sitting=sitting)
    assert found.merged is not None
    assert (found.merged.content["gap"], found.merged.content["conclusion"]) == ("Mijn leemte.", "Begin klein.")
    assert found.etag == tag
    assert PrivateDraft.objects.get(sitting=sitting).content == typed


def test_an_expert_who_takes_consent_back_is_gone_from_drafts_and_does_not_come_back(desk: factories.Desk) -> None:
    question = factories.drafted(desk)
    read = factories.write(question, desk.broker, consulted=[EXPERT]).etag
    keep(question, desk.broker, consulted=[EXPERT], gap="Wieke Ster zei dit.")
    consulting.forget(question, {"name": "Wieke Ster"}, by=desk.coordinator)
    assert "Wieke Ster" not in str(PrivateDraft.objects.get().content)
    drafts.put_by(question, {"consulted": [EXPERT], "gap": "x"}, by=desk.broker, base=read, sitting=SITTING)
    assert PrivateDraft.objects.get().content == {"consulted": [], "gap": "x"}
    with pytest.raises(Stale) as refusal:
        writing.write(question, factories.texts(consulted=[EXPERT]), by=desk.broker, expected=read)
    assert refusal.value.merged.content["consulted"] == []
    assert "Wieke Ster" not in str(KeptDraft.objects.get().content)
    assert not [row for row in Version.objects.get().revisions.all() if "Wieke Ster" in str(row.content)]


def test_the_words_of_an_asker_who_is_forgotten_leave_every_draft_and_save(desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    keep(question, desk.broker, asked_as=factories.TEXT, gap="blijft")
    written = factories.agreed(desk)
    factories.write(written, desk.broker, asked_as=factories.TEXT)
    for one in (question, written):
        privacy.erase(factories.asker(one).asker)
    assert PrivateDraft.objects.get().content == {"gap": "blijft"}
    assert not [row for row in Version.objects.get().revisions.all() if row.content.get("asked_as")]


def test_three_months_after_a_case_went_quiet_drafts_are_forgotten(desk: factories.Desk) -> None:
    old = timezone.now() - timedelta(days=91)
    open_, ended, fresh = factories.drafted(desk), factories.drafted(desk), factories.drafted(desk)
    for question in (open_, ended, fresh):
        keep(question, desk.broker, gap="x")
    for question in (ended, fresh):
        factories.move(question, "decline", desk.coordinator, why="x", alternative="y")
    PrivateDraft.objects.update(at=old)
    Event.objects.exclude(question=fresh).update(at=old)
    assert retention.forget_drafts() == 1
    assert {row.question_id for row in PrivateDraft.objects.all()} == {open_.pk, fresh.pk}
