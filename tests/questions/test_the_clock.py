"""The desk's clock: it runs on working days of the desk's turn only, and what is stored is what the rules say."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from brokers import clock
from questions import dialogue, inputs, privacy, throughput, timing, workflow
from questions.models import Question
from questions.refusals import NotNow
from questions.states import State, Turn
from questions.throughput import Step
from tests import factories
from tests.conftest import Travel

HERE = ZoneInfo("Europe/Amsterdam")


def at(month: int, day: int, hour: int = 10, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=HERE)


# --- Counting, with a calendar on the wall as the judge -------------------------------------------------

TURNS = st.sampled_from(["desk", "asker"])
WALK = st.lists(st.tuples(st.integers(0, 60 * 24 * 9), TURNS), min_size=1, max_size=12)
BEGIN = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))


def steps_of(begin: datetime, walk: list[tuple[int, str]]) -> list[Step]:
    """A case that is confirmed at `begin`, and passes the turn on after so many minutes each."""
    moment, steps = begin, [Step("confirm", "submitted", "desk", begin)]
    for minutes, turn in walk:
        moment += timedelta(minutes=minutes)
        steps.append(Step("message", "submitted", turn, moment))
    return steps


def on_the_wall(steps: list[Step], until: datetime, whose: str) -> int:
    """Every working day at whose end it was the turn of `whose`."""
    days, day = 0, throughput.day_of(steps[0].at)
    while day < throughput.day_of(until):
        midnight = datetime(day.year, day.month, day.day, tzinfo=HERE) + timedelta(days=1)
        turn = next((step.turn for step in reversed(steps) if step.at < midnight), "")
        days += clock.is_working_day(day) and turn == whose
        day += timedelta(days=1)
    return days


@given(BEGIN, WALK)
def test_a_working_day_belongs_to_whoever_s_turn_it_is_when_it_ends(begin: datetime, walk: list[Any]) -> None:
    steps = steps_of(begin, walk)
    until = steps[-1].at + timedelta(days=5)
    assert throughput.spent(steps, until) == on_the_wall(steps, until, "desk")
    assert throughput.spent(steps, until, Turn.ASKER) == on_the_wall(steps, until, "asker")


@given(BEGIN, WALK, st.lists(st.integers(0, 60 * 24 * 4), min_size=2, max_size=6))
def test_used_days_never_decrease_and_the_asker_s_time_never_counts(
    begin: datetime, walk: list[Any], looks: list[int]
) -> None:
    steps = steps_of(begin, walk)
    moment, used = begin, 0
    for minutes in looks:
        moment += timedelta(minutes=minutes)
        seen = throughput.spent([step for step in steps if step.at <= moment], moment)
        assert seen >= used
        used = seen
    asked = [*steps, Step("propose", "assigned", "asker", steps[-1].at)]
    end = steps[-1].at
    assert throughput.spent(asked, end + timedelta(days=900)) == throughput.spent(asked, end)


def test_a_night_in_which_an_hour_is_lost_or_comes_twice_moves_no_day() -> None:
    for begin, end in ((at(3, 27, 23), at(3, 30, 1)), (at(10, 23, 23), at(10, 26, 1))):
        assert throughput.spent([Step("confirm", "submitted", "desk", begin)], end) == 1, begin
    late = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)  # the next day already in Amsterdam
    assert throughput.day_of(late) == date(2026, 7, 2)


# --- Dates of cases ------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


def due(question: Question) -> date | None:
    found: date | None = factories.reload(question).due_on
    return found


def test_triage_has_three_days_and_a_track_counts_from_confirmation(team: factories.Desk, travel: Travel) -> None:
    travel(at(11, 20))  # a Friday
    question = factories.submitted()
    assert (question.turn_now, due(question)) == ("desk", date(2026, 11, 25))
    travel(at(11, 24))
    factories.move(question, "triage", team.coordinator, track="short")
    assert due(question) == clock.after(date(2026, 11, 20), 20), "the days of triage are part of it"


def test_christmas_and_the_end_of_the_year_move_the_date(travel: Travel, settings: Any) -> None:
    travel(at(12, 23))
    question = factories.submitted()
    assert due(question) == date(2026, 12, 29), "24, 28 and 29 December: two days off and a weekend between"
    settings.TRIAGE_DAYS = 6
    travel(at(12, 28))
    assert due(factories.submitted()) == date(2027, 1, 6)


def test_before_confirmation_it_is_the_asker_s_turn_and_no_date_holds() -> None:
    question = factories.unconfirmed()
    assert (question.turn_now, question.due_on) == ("asker", None)


def test_the_clock_stops_with_a_proposal_and_moves_on_by_as_many_days(team: factories.Desk, travel: Travel) -> None:
    travel(at(11, 2))
    question = factories.assigned(team)
    before = due(question)
    travel(at(11, 4))
    factories.move(question, "propose", team.broker, articulated=factories.ARTICULATED)
    assert (factories.reload(question).turn_now, due(question)) == ("asker", None)
    travel(at(11, 18))
    factories.move(question, "agree", factories.asker(question))
    assert before is not None
    assert due(question) == clock.after(before, 10), "two weeks of ten working days"


def test_a_message_stops_the_clock_only_when_the_broker_says_so(team: factories.Desk) -> None:
    question = factories.assigned(team)
    dialogue.say(question, {"body": "Ik ben bezig."}, by=team.broker)
    assert due(question) is not None
    dialogue.say(question, {"body": "Om welke groep gaat het?", "waits": True}, by=team.broker)
    row = factories.reload(question)
    assert (row.turn_now, row.due_on, row.waits_for) == ("asker", None, "reply")
    dialogue.say(question, {"body": "Groep 6."}, by=factories.asker(question))
    row = factories.reload(question)
    assert (row.turn_now, row.waits_for) == ("desk", "")
    assert row.due_on is not None


def test_who_answers_a_proposal_with_a_message_passes_the_turn_back(team: factories.Desk) -> None:
    question = factories.proposed(team)
    dialogue.say(question, {"body": "Ik bedoel eigenlijk iets anders."}, by=factories.asker(question))
    assert factories.reload(question).turn_now == "desk"
    factories.move(question, "agree", factories.asker(question))


def test_the_desk_may_go_on_without_the_answer_it_asked_for(team: factories.Desk) -> None:
    question = factories.assigned(team)
    dialogue.say(question, {"body": "Om welke groep gaat het?", "waits": True}, by=team.broker)
    factories.move(question, "go_on", team.broker, why="staat in de vraag")
    assert due(question) is not None
    with pytest.raises(NotNow):
        factories.move(question, "go_on", team.broker, why="nog eens")


def test_a_proposal_waits_for_nobody_while_no_broker_has_the_case(team: factories.Desk, travel: Travel) -> None:
    travel(at(11, 2))
    question = factories.proposed(team)
    travel(at(11, 4))
    factories.move(question, "release", team.broker, why="vol")
    assert factories.reload(question).turn_now == "desk"
    travel(at(11, 10))
    factories.move(question, "claim", team.broker)
    row = factories.reload(question)
    assert row.turn_now == "asker"
    assert row.waiting_since == at(11, 10), "who is asked anew gets the whole time anew"


def test_what_was_opened_again_has_all_its_days_again(team: factories.Desk, travel: Travel) -> None:
    travel(at(9, 1))
    question = factories.triaged(team)
    travel(at(11, 2))
    factories.move(question, "decline", team.coordinator, why="x", alternative="y")
    assert due(question) is None
    travel(at(11, 16))
    factories.move(question, "reopen", team.coordinator, why="toch")
    factories.move(question, "triage", team.coordinator, track="signpost")
    assert due(question) == date(2026, 11, 23)


def test_a_case_taken_up_again_after_its_answer_has_what_was_left(team: factories.Desk, travel: Travel) -> None:
    travel(at(11, 2))
    question = factories.answered(team)
    assert (question.turn_now, question.due_on) == ("desk", None)
    travel(at(11, 16))
    factories.move(question, "resume", team.broker, why="niet goed")
    assert due(question) == clock.after(date(2026, 11, 16), 60)


def test_when_the_asker_is_forgotten_nobody_is_waited_for(team: factories.Desk) -> None:
    question = factories.proposed(team)
    asker = factories.asker(question).asker
    assert asker is not None
    privacy.erase(asker)
    row = factories.reload(question)
    assert row.turn_now == "desk"
    assert row.due_on is not None
    assert row.events.last().name == "erase"
    assert list(timing.wrong()) == []


def test_a_case_that_is_late_says_so_and_by_how_much(team: factories.Desk, travel: Travel) -> None:
    travel(at(11, 2))
    question = factories.submitted()
    travel(at(11, 5))
    found = timing.clock_of(factories.reload(question))
    assert (found.used, found.limit, found.is_near, found.is_overdue) == (3, 3, True, False)
    travel(at(11, 6))
    found = timing.clock_of(factories.reload(question))
    assert (found.used, found.is_near, found.is_overdue, found.due_on) == (4, False, True, date(2026, 11, 5))
    assert (found.turn, found.since, found.confirmed_on) == (Turn.DESK, date(2026, 11, 2), date(2026, 11, 2))


def test_the_clock_of_a_case_knows_since_when_it_waits_for_the_asker(team: factories.Desk, travel: Travel) -> None:
    travel(at(11, 2))
    question = factories.assigned(team)
    travel(at(11, 4))
    factories.move(question, "propose", team.broker, articulated=factories.ARTICULATED)
    travel(at(11, 10))
    found = timing.clock_of(factories.reload(question))
    assert (found.turn, found.since, found.used, found.asker_days) == (Turn.ASKER, date(2026, 11, 4), 2, 4)
    assert (found.reminds_on, found.closes_on, found.due_on) == (date(2026, 11, 18), None, None)


# --- What is stored ------------------------------------------------------------------------------------


def test_other_limits_are_carried_over_to_what_is_stored(team: factories.Desk, settings: Any) -> None:
    question = factories.triaged(team)
    settings.TRACK_DAYS = {**settings.TRACK_DAYS, "full": 30}
    with pytest.raises(CommandError, match="1 case"):
        call_command("keep_time", check=True)
    assert timing.mend() == 1
    assert timing.mend() == 0
    call_command("keep_time", check=True)
    assert due(question) == clock.after(throughput.day_of(question.confirmed_at), 30)


def data_for(name: str, team: factories.Desk, other: Question) -> dict[str, Any]:
    given: dict[str, dict[str, Any]] = {
        "triage": {"track": "short"},
        "retrack": {"track": "signpost"},
        "assign": {"broker": team.broker.email},  # type: ignore[union-attr]
        "propose": {"articulated": factories.ARTICULATED},
        "refer": {"source": factories.source().key, "note": "lees dit"},
        "respond": {"verdict": "no", "why": "x"},
        "merge": {"into": str(other.number), "why": "x"},
        "decline": {"why": "x", "alternative": "elders"},
        "show": {"nobody_recognisable": True},
    }
    fields = inputs.INPUTS[Question][name].base_fields
    why = {"why": "x"} if "why" in fields and fields["why"].required else {}
    return {**why, **given.get(name, {})}


def one_step(question: Question, team: factories.Desk, other: Question, dice: random.Random) -> str:
    """Something that may happen now; which is chance."""
    asker = factories.asker(question)
    people = [team.broker, team.coordinator, *([asker] if asker.asker else [])]
    by = dice.choice(people)
    if dice.random() < 0.25:
        waits = {"waits": True} if by is not asker and dice.random() < 0.7 else {}
        dialogue.say(question, {"body": f"Bericht {dice.random()}", **waits}, by=by)
        return "message"
    names = [
        one.name for one in workflow.options(question, by) if one.open and one.name not in ("transfer", "withdraw")
    ]
    # The ways out end the walk soon: they come less often.
    names = [name for name in names if name not in ("decline", "merge", "refer") or dice.random() < 0.2]
    if not names:
        return ""
    name = dice.choice(names)
    workflow.perform(question, name, by=by, data=data_for(name, team, other))
    return name


@pytest.mark.parametrize("seed", range(6))
def test_on_every_walk_stored_and_computed_are_the_same(seed: int, team: factories.Desk, travel: Travel) -> None:
    dice, moment = random.Random(seed), at(11, 2, year=2026)
    travel(moment)
    question, other = factories.submitted(), factories.submitted()
    walked = []
    for n in range(25):
        moment += timedelta(hours=dice.randint(0, 80))
        travel(moment)
        question = factories.reload(question)
        if dice.random() < 0.1:
            Question.objects.filter(pk=question.pk, turn_now="asker").update(reminded_at=moment)
        try:
            walked.append(one_step(question, team, other, dice))
        except (NotNow, ValidationError):  # closed after all, or it asks for what the walk does not know
            continue
        if n == 20 and (asker := factories.asker(question).asker):
            privacy.erase(asker)
        row = factories.reload(question)
        stored = (row.turn_now, row.due_on)
        timing.keep(row)
        assert stored == (row.turn_now, row.due_on), walked
        runs = list(throughput.turns(timing.steps_of(row)))[-1][1]
        expected = row.turn if row.state in (State.SUBMITTED, State.TRIAGED, State.ASSIGNED) else Turn.NOBODY
        assert runs == expected, ("the history tells the same as the case", walked)
    assert len(set(walked)) > 4, walked
