"""A silent asker is reminded once, then the case closes politely; one word brings it back where it was."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import call_command

from brokers import clock
from brokers.models import Broker
from questions import dialogue, enclosed, mail, privacy, silence, timing
from questions.models import Letter, Notice, Participation, Question
from questions.permissions import SYSTEM
from questions.refusals import NotNow, NotYou
from questions.rendering import render
from questions.states import State
from tests import factories
from tests.conftest import Travel
from tests.threads import at_once

pytestmark = pytest.mark.django_db

# In 2026 no school has a holiday from 26 October to 18 December.
BEGIN, REMIND, CLOSE = date(2026, 11, 2), date(2026, 11, 16), date(2026, 11, 30)


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


@pytest.fixture
def on(travel: Travel) -> Any:
    def to(day: date) -> None:
        travel(datetime(day.year, day.month, day.day, 10, tzinfo=UTC))

    to(BEGIN)
    return to


def letters(question: Question, kind: str) -> int:
    return Letter.objects.filter(event__question=question, kind=kind).count()


def closed(team: factories.Desk, on: Any) -> Question:
    question = factories.proposed(team)
    on(REMIND)
    assert silence.remind() == 1
    on(CLOSE)
    assert silence.close() == 1
    return factories.reload(question)


def test_who_is_silent_for_ten_working_days_is_reminded_once(team: factories.Desk, on: Any) -> None:
    question = factories.proposed(team)
    on(date(2026, 11, 13))
    assert silence.remind() == 0
    on(REMIND)
    assert (silence.remind(), silence.remind()) == (1, 0)
    assert letters(question, "reminder") == 1
    assert factories.reload(question).events.last().name == "remind"
    on(date(2026, 11, 27))
    assert (silence.remind(), silence.close()) == (0, 0)


def test_the_reminder_says_what_happens_when(team: factories.Desk, on: Any) -> None:
    question = factories.proposed(team)
    on(REMIND)
    silence.remind()
    message = render(Letter.objects.get(event__question=question, kind="reminder"))
    assert message is not None
    assert "30 november 2026" in str(message.body)


def test_ten_days_after_the_reminder_the_case_closes_with_a_letter(team: factories.Desk, on: Any) -> None:
    question = closed(team, on)
    assert (question.state, question.closed_from, question.assignee) == (State.WITHDRAWN, State.ASSIGNED, None)
    assert (question.turn_now, question.due_on) == ("nobody", None)
    assert letters(question, "closed_silent") == 1
    assert letters(question, "left") == 0, "the broker reads it among the notices"
    assert Notice.objects.get(user=team.broker, kind=Notice.Kind.CLOSED).question == question
    assert silence.close() == 0
    assert list(timing.wrong()) == []


def test_whoever_answers_in_time_is_neither_reminded_nor_closed(team: factories.Desk, on: Any) -> None:
    question = factories.proposed(team)
    on(REMIND)
    silence.remind()
    dialogue.say(question, {"body": "Sorry, ik was ziek."}, by=factories.asker(question))
    on(date(2027, 1, 20))
    assert (silence.remind(), silence.close()) == (0, 0)
    assert factories.reload(question).reminded_at is None


def test_a_question_in_a_message_is_waited_for_in_the_same_way(team: factories.Desk, on: Any) -> None:
    question = factories.submitted()
    dialogue.say(question, {"body": "Om welke groep gaat het?", "waits": True}, by=team.coordinator)
    assert letters(question, "asks_you") == 1
    on(REMIND)
    assert silence.remind() == 1
    on(CLOSE)
    assert silence.close() == 1
    row = factories.reload(question)
    assert row.closed_from == State.SUBMITTED
    factories.move(row, "come_back", factories.asker(row))
    assert factories.reload(row).state == State.SUBMITTED


def test_nobody_is_reminded_in_a_school_holiday_nor_do_its_days_count(team: factories.Desk, on: Any) -> None:
    on(date(2026, 10, 5))
    north = factories.proposed(team)
    south = factories.proposed(team)
    Question.objects.filter(pk=north.pk).update(region="noord")
    Question.objects.filter(pk=south.pk).update(region="zuid")
    on(date(2026, 10, 19))  # in the south, holiday begins; ten working days have gone by for the desk
    assert (
        timing.reminds_on(factories.reload(north)) == timing.reminds_on(factories.reload(south)) == date(2026, 10, 26)
    )
    assert silence.remind() == 0
    on(date(2026, 10, 26))
    assert silence.remind() == 2, "each had a week off between"
    assert factories.reload(north).reminded_at is not None


def test_a_case_does_not_close_in_the_christmas_holiday(team: factories.Desk, on: Any) -> None:
    on(date(2026, 11, 23))
    question = factories.proposed(team)
    on(date(2026, 12, 7))
    silence.remind()
    on(date(2026, 12, 28))
    assert clock.is_working_day(date(2026, 12, 28))
    assert silence.close() == 0
    on(date(2027, 1, 4))
    assert silence.close() == 1
    assert factories.reload(question).closed_from


def test_at_a_weekend_nobody_is_written_to(team: factories.Desk, on: Any) -> None:
    factories.proposed(team)
    on(date(2026, 11, 21))
    assert silence.remind() == 0


def test_unconfirmed_questions_are_left_to_the_housekeeping(on: Any) -> None:
    factories.unconfirmed()
    on(date(2026, 12, 1))
    assert (silence.remind(), silence.close()) == (0, 0)


# --- Where a person has to decide ----------------------------------------------------------------------


def test_a_case_that_others_wait_for_is_not_closed_but_put_to_its_broker(team: factories.Desk, on: Any) -> None:
    question = factories.proposed(team)
    other = factories.asker(factories.submitted()).asker
    Participation.join(question=question, asker=other, kind=Participation.Kind.ME_TOO)
    on(REMIND)
    silence.remind()
    on(CLOSE)
    assert (silence.close(), silence.close()) == (0, 0)
    assert factories.reload(question).state == State.ASSIGNED
    assert Notice.objects.filter(user=team.broker, kind=Notice.Kind.DECIDE).count() == 1


def test_who_wants_no_mail_cannot_be_reminded_and_so_is_not_closed(team: factories.Desk, on: Any) -> None:
    question = factories.proposed(team)
    mail.stop(factories.asker(question))
    on(REMIND)
    assert silence.remind() == 0
    on(date(2026, 12, 15))
    assert (silence.remind(), silence.close()) == (0, 0)
    assert Notice.objects.filter(user=team.broker, kind=Notice.Kind.DECIDE).count() == 1


def test_only_the_desk_itself_and_coordinators_close_and_never_before_the_reminder(
    team: factories.Desk, on: Any
) -> None:
    question = factories.proposed(team)
    with pytest.raises(NotNow):
        factories.move(question, "close_silent", SYSTEM)
    on(REMIND)
    silence.remind()
    with pytest.raises(NotYou):
        factories.move(question, "close_silent", team.broker)
    factories.move(question, "close_silent", team.coordinator)


# --- And back ------------------------------------------------------------------------------------------


def test_the_asker_brings_it_back_to_the_same_broker(team: factories.Desk, on: Any) -> None:
    question = closed(team, on)
    on(date(2026, 12, 7))
    factories.move(question, "come_back", factories.asker(question))
    row = factories.reload(question)
    assert (row.state, row.assignee, row.closed_from) == (State.ASSIGNED, team.broker, "")
    assert (row.turn_now, row.reminded_at) == ("asker", None), "what was asked still waits, with all its time"
    assert Notice.objects.filter(user=team.broker, kind=Notice.Kind.BACK).exists()
    factories.move(row, "agree", factories.asker(row))
    found = timing.clock_of(factories.reload(question))
    assert found.used == 0, "while it was closed and while we waited no day of the desk went by"
    assert list(timing.wrong()) == []


def test_a_message_is_enough_to_bring_it_back(team: factories.Desk, on: Any) -> None:
    question = closed(team, on)
    dialogue.say(question, {"body": "Ik ben er nog!"}, by=factories.asker(question))
    row = factories.reload(question)
    assert (row.state, row.turn_now) == (State.ASSIGNED, "desk")
    assert [one.name for one in row.events.order_by("id")][-2:] == ["come_back", "message"]
    assert letters(row, "message_to_broker") == 1


@pytest.mark.parametrize("why", ["full", "absent", "gone"])
def test_without_the_same_broker_it_comes_back_into_the_pool(why: str, team: factories.Desk, on: Any) -> None:
    question = closed(team, on)
    changes: dict[str, Any] = {"full": {"capacity": 0}, "absent": {"absent_until": date(2027, 1, 1)}}.get(why, {})
    Broker.objects.filter(user=team.broker).update(**changes) if changes else team.broker.delete()  # type: ignore[union-attr]
    factories.move(question, "come_back", factories.asker(question))
    row = factories.reload(question)
    assert (row.state, row.assignee, row.turn_now) == (State.TRIAGED, None, "desk")


def test_a_coordinator_brings_it_back_and_the_asker_hears_of_it(team: factories.Desk, on: Any) -> None:
    question = closed(team, on)
    factories.move(question, "come_back", team.coordinator, why="gebeld")
    assert factories.reload(question).assignee == team.broker
    assert letters(question, "reopened") == 1


def test_what_the_asker_withdrew_themselves_is_not_brought_back_so(team: factories.Desk) -> None:
    question = factories.withdrawn(team)
    with pytest.raises(NotNow):
        factories.move(question, "come_back", factories.asker(question))
    with pytest.raises(NotNow):
        dialogue.say(question, {"body": "Toch wel"}, by=factories.asker(question))


def test_opened_anew_by_the_desk_it_forgets_that_it_was_closed(team: factories.Desk, on: Any) -> None:
    question = closed(team, on)
    factories.move(question, "reopen", team.coordinator, why="opnieuw")
    row = factories.reload(question)
    assert (row.state, row.closed_from, row.waits_for, row.turn_now) == (State.SUBMITTED, "", "", "desk")


def test_the_links_that_are_sent_again_lead_to_it_as_well(team: factories.Desk, on: Any) -> None:
    question = closed(team, on)
    assert [part.question for part in enclosed.live(factories.asker(question).asker)] == [question]


def test_who_is_forgotten_while_it_is_closed_leaves_no_words_and_gets_no_letter(team: factories.Desk, on: Any) -> None:
    question = closed(team, on)
    asker = factories.asker(question).asker
    assert asker is not None
    kept = privacy.export(asker)["questions"][0]
    assert kept["reminded_at"].startswith("2026-11-16")
    privacy.erase(asker)
    row = factories.reload(question)
    assert not Letter.objects.filter(participation__question=row).exists()
    factories.move(row, "come_back", team.coordinator, why="anderen vragen het ook")
    assert factories.reload(row).turn_now == "desk", "nobody is left to wait for"


# --- Two workers at once -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_workers_remind_and_close_exactly_once(on: Any) -> None:
    team = factories.Desk()
    questions = [factories.proposed(team) for _n in range(3)]
    on(REMIND)
    assert sum(at_once([silence.remind] * 4)) == 3
    on(CLOSE)
    assert sum(at_once([silence.close] * 4)) == 3
    for question in questions:
        assert (letters(question, "reminder"), letters(question, "closed_silent")) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_an_answer_in_the_same_second_is_not_lost(on: Any) -> None:
    team = factories.Desk()
    question = factories.proposed(team)
    on(REMIND)
    silence.remind()
    on(CLOSE)
    asker = factories.asker(question)

    def write() -> Any:
        return dialogue.say(question, {"body": "Ik ben er nog"}, by=asker)

    results = at_once([silence.close, write])
    assert [one for one in results if isinstance(one, Exception)] == []
    assert factories.reload(question).state == State.ASSIGNED


def test_the_command_does_both(team: factories.Desk, on: Any, capsys: Any) -> None:
    factories.proposed(team)
    on(REMIND)
    call_command("remind")
    assert capsys.readouterr().out == "1 reminded, 0 closed\n"
