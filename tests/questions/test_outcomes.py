"""The ways a question ends without an answer of its own: referred, merged, declined, withdrawn."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from brokers import roles
from evidence.models import Passage
from questions import workflow
from questions.models import Event, Participation, Question
from questions.refusals import NotNow
from questions.states import State, Turn, Verdict
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db


# --- Referral -----------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", ["partly", "no"])
def test_a_referral_that_did_not_help_opens_the_question_again(verdict: str) -> None:
    question = factories.referred()
    question = factories.move(question, "respond", factories.asker(question), verdict=verdict, why="te oud")
    assert question.state == State.SUBMITTED
    assert question.turn == Turn.DESK
    assert question.referrals.get().verdict == verdict
    assert Passage.objects.filter(ref=str(question.pk)).exists(), "an open question can be found by the desk"
    assert question.events.last().why == "te oud"


def test_a_referral_that_helped_stays_the_outcome() -> None:
    question = factories.referred()
    question = factories.move(question, "respond", factories.asker(question), verdict="answered")
    assert question.state == State.REFERRED
    assert question.referrals.get().verdict == Verdict.ANSWERED
    assert question.referrals.get().verdict_at is not None


def test_the_verdict_is_about_the_last_referral() -> None:
    desk = factories.Desk()
    question = factories.referred(desk)
    question = factories.move(question, "respond", factories.asker(question), verdict="no")
    answer = factories.published(desk)
    question = factories.move(question, "refer", desk.coordinator, answer=answer.item.number, note="dan dit")
    factories.move(question, "respond", factories.asker(question), verdict="answered")
    assert list(question.referrals.values_list("verdict", flat=True)) == ["no", "answered"]
    assert question.referrals.last().item == answer.item


@pytest.mark.parametrize(
    "data",
    [
        {"note": "zonder doel"},
        {"answer": 999_999, "note": "onbekend"},
        {"source": "onbekend", "note": "onbekend"},
        {"source": "SOURCE"},
        {"source": "SOURCE", "note": "  "},
        {"source": "SOURCE", "answer": "ANSWER", "note": "twee doelen"},
    ],
)
def test_a_referral_needs_a_bridging_note_and_exactly_one_target_that_exists(data: dict[str, object]) -> None:
    desk = factories.Desk()
    real = {"SOURCE": factories.source().key, "ANSWER": factories.published(desk).item.number}
    question = factories.assigned(desk)
    with pytest.raises(ValidationError):
        factories.move(
            question, "refer", desk.broker, **{key: real.get(str(value), value) for key, value in data.items()}
        )
    assert factories.reload(question).state == State.ASSIGNED
    assert not question.referrals.exists()


def test_a_referral_to_an_answer_that_is_not_public_is_refused() -> None:
    desk = factories.Desk()
    hidden = factories.answered(desk)
    question = factories.assigned(desk)
    with pytest.raises(ValidationError):
        factories.move(question, "refer", desk.broker, answer=hidden.item.number, note="lees dit")


# --- Merge ----------------------------------------------------------------------------------------


def letters_to(email: str) -> set[str]:
    parts = Participation.objects.filter(asker__email=email)
    return set(Event.objects.filter(letters__participation__in=parts).values_list("letters__kind", flat=True))


def test_after_a_merge_everybody_who_asked_hears_of_the_answer_and_after_undoing_it_of_their_own_again() -> None:
    desk = factories.Desk()
    main = factories.triaged(desk, email="eerste@school.example")
    other = factories.merged(desk, into=main, email="tweede@school.example")
    assert factories.reload(other).merged_into == main
    assert set(main.participations.values_list("asker__email", "kind")) == {
        ("eerste@school.example", "asked"),
        ("tweede@school.example", "merged"),
    }
    factories.move(main, "claim", desk.broker)
    assert "taken" in letters_to("tweede@school.example")
    other = factories.move(other, "unmerge", desk.coordinator, why="toch anders")
    assert other.state == State.SUBMITTED
    assert other.merged_into is None
    assert main.participations.count() == 1
    assert other.participations.get().asker.email == "tweede@school.example"
    assert "reopened" in letters_to("tweede@school.example")


def test_a_merge_of_a_merge_takes_everybody_along() -> None:
    desk = factories.Desk()
    last, middle = factories.triaged(desk), factories.triaged(desk)
    first = factories.merged(desk, into=middle, email="eerste@school.example")
    factories.move(middle, "merge", desk.coordinator, into=last.number, why="zelfde")
    assert last.participations.filter(asker__email="eerste@school.example").exists()
    assert factories.reload(first).merged_into == middle


def test_somebody_who_asked_both_questions_is_told_once_and_stays_after_undoing() -> None:
    desk = factories.Desk()
    main = factories.triaged(desk, email="zelfde@school.example")
    other = factories.merged(desk, into=main, email="zelfde@school.example")
    assert main.participations.count() == 1
    factories.move(other, "unmerge", desk.coordinator, why="x")
    assert main.participations.count() == 1


def test_who_came_along_by_a_merge_does_not_decide_over_the_other_question() -> None:
    desk = factories.Desk()
    main = factories.proposed(desk)
    factories.merged(desk, into=main)
    part = main.participations.get(kind="merged")
    assert {one.name for one in workflow.options(main, part) if one.open} == set()


@pytest.mark.parametrize("made", ["merged", "declined", "withdrawn", "referred", "unconfirmed", "itself"])
def test_a_question_is_not_merged_into_one_that_brings_no_answer(made: str) -> None:
    desk = factories.Desk()
    question = factories.triaged(desk)
    into = (
        question
        if made == "itself"
        else factories.unconfirmed()
        if made == "unconfirmed"
        else getattr(factories, made)(desk)
    )
    with pytest.raises((NotNow, ValidationError)):
        factories.move(question, "merge", desk.coordinator, into=str(into.pk), why="zelfde")
    assert factories.reload(question).state == State.TRIAGED


@pytest.mark.django_db(transaction=True)
def test_two_questions_that_are_merged_into_each_other_at_once_do_not_both_vanish() -> None:
    desk = factories.Desk()
    for _round in range(3):
        one, two = factories.triaged(desk), factories.triaged(desk)
        results = at_once(
            [
                lambda one=one, two=two: factories.move(one, "merge", desk.coordinator, into=two.number, why="x"),
                lambda one=one, two=two: factories.move(two, "merge", desk.coordinator, into=one.number, why="x"),
            ]
        )
        states = [factories.reload(question).state for question in (one, two)]
        assert states.count(State.MERGED) <= 1
        assert all(isinstance(result, Question | NotNow) for result in results), results


# --- Decline, withdraw, reopen ----------------------------------------------------------------------


@pytest.mark.parametrize("data", [{}, {"why": "x"}, {"alternative": "y"}, {"why": " ", "alternative": "y"}])
def test_declining_needs_a_reason_and_an_alternative(data: dict[str, str]) -> None:
    desk = factories.Desk()
    question = factories.triaged(desk)
    with pytest.raises(ValidationError) as refusal:
        factories.move(question, "decline", desk.coordinator, **data)
    assert set(refusal.value.error_dict) <= {"why", "alternative"}
    assert factories.reload(question).state == State.TRIAGED


def test_a_declined_question_keeps_reason_and_alternative_and_can_be_opened_again() -> None:
    desk = factories.Desk()
    question = factories.declined(desk)
    assert (question.declined_because, question.alternative) == ("een rechtsvraag", "juridisch loket")
    assert question.turn == Turn.NOBODY
    assert not Passage.objects.filter(ref=str(question.pk)).exists()
    question = factories.move(question, "reopen", desk.coordinator, why="toch onderwijs")
    assert question.state == State.SUBMITTED
    assert Passage.objects.filter(ref=str(question.pk)).exists()


def test_every_end_takes_the_case_from_its_broker() -> None:
    desk = factories.Desk()
    ends = {
        "refer": {"source": factories.source().key, "note": "lees dit"},
        "merge": {"into": str(factories.triaged(desk).number), "why": "x"},
        "decline": {"why": "x", "alternative": "y"},
    }
    for name, data in ends.items():
        question = factories.move(factories.drafted(desk), name, desk.coordinator, **data)
        assert question.assignee is None
        assert question.item.holder is None, "nobody goes on writing in a case that has ended"
    question = factories.drafted(desk)
    question = factories.move(question, "withdraw", factories.asker(question))
    assert question.assignee is None


def test_a_case_that_ended_with_a_draft_gives_it_to_the_next_broker() -> None:
    desk = factories.Desk()
    question = factories.move(factories.drafted(desk), "decline", desk.coordinator, why="x", alternative="y")
    question = factories.move(question, "reopen", desk.coordinator, why="z")
    question = factories.move(question, "triage", desk.coordinator, track="short")
    other = factories.staff(roles.BROKER)
    question = factories.move(question, "claim", other)
    factories.write(question, other, short_answer="verder geschreven")
    assert question.item.holder == other
    assert set(factories.working(question).authors.all()) == {desk.broker, other}


# --- Embargo, agreement ---------------------------------------------------------------------------


def test_an_embargo_keeps_the_answer_from_the_public_until_it_has_passed() -> None:
    desk = factories.Desk()
    later = timezone.now() + timedelta(days=2)
    question = factories.move(factories.approved(desk), "answer", desk.broker, embargo_until=later.isoformat())
    with pytest.raises(NotNow):
        factories.move(question, "publish", desk.editor)
    Question.objects.filter(pk=question.pk).update(embargo_until=timezone.now() - timedelta(seconds=1))
    assert factories.move(question, "publish", desk.editor).state == State.PUBLISHED


@pytest.mark.parametrize(
    "moment",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "9999-12-31T23:59:59-23:59",
        "2200-12-31T23:59:59-23:59",
        "morgen",
        "2026-02-30",
    ],
)
def test_an_embargo_that_is_no_sensible_date_is_refused(moment: str) -> None:
    desk = factories.Desk()
    question = factories.approved(desk)
    with pytest.raises(ValidationError):
        factories.move(question, "answer", desk.broker, embargo_until=moment)


def test_an_embargo_in_a_zone_that_only_python_knows_is_kept_in_utc() -> None:
    desk = factories.Desk()
    question = factories.approved(desk)
    factories.move(question, "answer", desk.broker, embargo_until="2100-01-01T00:00:00+23:59")
    assert factories.reload(question).embargo_until.isoformat() == "2099-12-31T00:01:00+00:00"


@pytest.mark.parametrize("words", ["Bel Jan op 06-12345678?", "Mag jan@school.nl dit?"])
def test_personal_data_does_not_become_the_public_question(words: str) -> None:
    question = factories.proposed()
    with pytest.raises(ValidationError) as refusal:
        factories.move(question, "agree", factories.asker(question), articulated=words)
    (error,) = refusal.value.error_dict["articulated"]
    assert error.code == "personal_data"
    assert {"kind", "start", "end"} <= set(error.params or {})
    assert factories.reload(question).articulated == factories.ARTICULATED


def test_an_asker_may_agree_in_better_words() -> None:
    question = factories.proposed()
    question = factories.move(question, "agree", factories.asker(question), articulated="Mijn eigen woorden?")
    assert question.articulated == "Mijn eigen woorden?"
    assert question.agreed_by == factories.asker(question)
    assert factories.asker(question).agreed_at is not None


def test_a_new_proposal_voids_the_agreement_and_a_waiver_says_why_and_by_whom() -> None:
    desk = factories.Desk()
    question = factories.agreed(desk)
    question = factories.move(question, "propose", desk.broker, articulated="Toch anders?")
    assert question.agreement == ""
    assert question.turn == Turn.ASKER
    question = factories.move(question, "waive", desk.coordinator, why="telefonisch besproken")
    assert (question.agreement, question.waived_by, question.waived_because) == (
        "waived",
        desk.coordinator,
        "telefonisch besproken",
    )


def test_the_history_of_a_case_tells_who_did_what_from_where_to_where() -> None:
    desk = factories.Desk()
    question = factories.published(desk)
    rows = list(question.events.values_list("name", "source", "target", "user", "participation"))
    asker = factories.asker(question).pk
    assert rows == [
        ("ask", "", "submitted", None, asker),
        ("confirm", "submitted", "submitted", None, asker),
        ("triage", "submitted", "triaged", desk.coordinator.pk, None),
        ("claim", "triaged", "assigned", desk.broker.pk, None),
        ("propose", "assigned", "assigned", desk.broker.pk, None),
        ("agree", "assigned", "assigned", None, asker),
        ("write", "draft", "draft", desk.broker.pk, None),
        ("answer_submit", "draft", "in_review", desk.broker.pk, None),
        ("answer_approve", "in_review", "approved", desk.reviewer.pk, None),
        ("answer", "assigned", "answered", desk.broker.pk, None),
        ("publish", "answered", "published", desk.editor.pk, None),
        ("answer_publish", "approved", "published", None, None),
    ]


def test_the_database_itself_refuses_a_state_that_is_not_one() -> None:
    question = factories.published()
    with connection.cursor() as cursor:
        for table, pk in (("question", question.pk), ("version", factories.item(question).living().pk)):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(f"UPDATE questions_{table} SET state = 'lost' WHERE id = %s", [pk])
