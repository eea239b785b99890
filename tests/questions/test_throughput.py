"""How long an answer takes is measured, never promised."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from questions import throughput
from questions.models import Question
from questions.throughput import DateRange, Range, Step
from tests import factories

HERE = ZoneInfo("Europe/Amsterdam")


def at(day: int, hour: int = 10) -> datetime:
    """A moment in a November that begins on a Sunday and knows no holidays."""
    return datetime(2026, 11, day, hour, tzinfo=HERE)


def step(name: str, target: str, moment: datetime) -> Step:
    turn = {"ask": "", "propose": "asker", "note": ""}.get(name, "desk")
    return Step(name, target, turn, moment)


def open_case(*steps: tuple[str, str, datetime]) -> list[Step]:
    whole = [("ask", "submitted", at(2)), ("confirm", "submitted", at(3)), *steps]
    return [step(*one) for one in whole]


def test_time_counts_from_confirmation_in_working_days() -> None:
    assert throughput.spent(open_case(), at(10)) == 5


def test_the_clock_stands_still_while_the_asker_has_to_say_something() -> None:
    steps = open_case(("claim", "assigned", at(4)), ("propose", "assigned", at(5)), ("agree", "assigned", at(12)))
    assert throughput.spent(steps, at(13)) == 2 + 1
    assert throughput.spent(steps[:-1], at(30)) == 2, "who never answers makes no case late"


def test_the_clock_stands_still_while_a_case_is_closed_and_runs_on_when_it_is_reopened() -> None:
    steps = open_case(("refer", "referred", at(4)), ("respond", "submitted", at(16)))
    assert throughput.spent(steps, at(18)) == 1 + 2


def test_a_released_case_with_an_open_proposal_is_the_desk_s_turn_again() -> None:
    steps = open_case(("claim", "assigned", at(3)), ("propose", "assigned", at(4)), ("release", "triaged", at(10)))
    assert throughput.spent(steps, at(12)) == 1 + 2


def test_steps_that_say_no_state_leave_the_clock_as_it_was() -> None:
    assert throughput.spent(open_case(("note", "", at(4))), at(10)) == 5


def test_most_cases_lie_between_the_two_ends_and_a_few_far_out_do_not_move_them() -> None:
    found = throughput.of([*range(10, 30), 1, 300])
    assert found is not None
    assert (found.first, found.last, found.cases) == (13, 26, 22)


def test_few_cases_give_no_figure() -> None:
    assert throughput.of([5] * (throughput.FEWEST - 1)) is None
    assert throughput.of([5] * throughput.FEWEST) == Range(5, 5, throughput.FEWEST)


def test_what_was_answered_the_same_day_took_a_day() -> None:
    assert throughput.of([0] * 10) == Range(1, 1, 10)


def test_the_dates_are_counted_from_today_and_lie_in_the_future() -> None:
    today = date(2026, 11, 20)
    assert throughput.from_today(Range(5, 10, 40), 2, today) == DateRange(
        date(2026, 11, 25), date(2026, 12, 2), cases=40
    )
    half_way = throughput.from_today(Range(5, 10, 40), 7, today)
    assert half_way.first == date(2026, 11, 23), "the first date has gone by: the next working day"


@pytest.mark.parametrize("days", [10, 11, 400])
def test_a_case_that_takes_longer_than_most_gets_no_date(days: int) -> None:
    assert throughput.from_today(Range(5, 10, 40), days, date(2026, 11, 20)) == DateRange(is_late=True, cases=40)


# --- With cases -----------------------------------------------------------------------------------------


def shift(question: Question, days: int, *names: str) -> Question:
    """Move the case, or these steps of it, back in time."""
    ago = timezone.now() - timedelta(days=days)
    rows = question.events.filter(name__in=names) if names else question.events.all()
    rows.update(at=ago)
    return factories.reload(question)


def ended(days_ago: int, took: int) -> Question:
    """A case of the track `full` that was referred `days_ago` calendar days ago."""
    desk = DESKS.setdefault("desk", factories.Desk())
    question = shift(factories.referred(desk), days_ago + took)
    return shift(question, days_ago, "refer")


DESKS: dict[str, Any] = {}


@pytest.fixture
def team(db: Any) -> Any:
    """One desk for all cases of a test: making people is what costs time."""
    DESKS.clear()
    yield
    DESKS.clear()


@pytest.mark.usefixtures("team")
def test_without_enough_cases_the_desk_says_no_figure() -> None:
    for _n in range(throughput.FEWEST - 1):
        ended(days_ago=3, took=14)
    assert throughput.usual() is None
    assert throughput.expected(factories.submitted()) is None
    cache.clear()
    ended(days_ago=3, took=14)
    found = throughput.usual()
    assert found is not None
    assert found.cases == throughput.FEWEST
    assert 8 <= found.first <= found.last <= 10, "two weeks have ten working days, holidays aside"


@pytest.mark.usefixtures("team")
def test_a_track_with_few_cases_takes_the_figure_of_all_and_old_cases_do_not_count() -> None:
    for _n in range(throughput.FEWEST):
        ended(days_ago=3, took=14)
    ended(days_ago=400, took=200)
    assert throughput.usual("short") == throughput.usual("full") == throughput.usual()
    assert throughput.usual().cases == throughput.FEWEST  # type: ignore[union-attr]


@pytest.mark.usefixtures("team")
def test_an_open_case_gets_dates_is_paused_for_the_asker_and_is_late_in_plain_words() -> None:
    for _n in range(throughput.FEWEST):
        ended(days_ago=3, took=28)
    desk = DESKS["desk"]
    question = factories.assigned(desk)
    found = throughput.expected(question)
    assert found is not None
    assert found.first is not None
    assert found.first > timezone.localdate()
    assert found.last is not None
    assert found.last >= found.first
    late = throughput.expected(shift(question, 90))
    assert late is not None
    assert late.is_late
    assert (late.first, late.last) == (None, None)
    asked = factories.move(question, "propose", desk.broker, articulated=factories.ARTICULATED)
    paused = throughput.expected(asked)
    assert paused is not None
    assert paused.is_paused
    assert throughput.expected(factories.unconfirmed()) is None
    assert throughput.expected(factories.withdrawn(desk)) is None


@pytest.mark.usefixtures("team")
def test_the_figure_costs_one_look_once_it_is_known_and_three_before() -> None:
    ended(days_ago=3, took=14)
    with CaptureQueriesContext(connection) as first:
        throughput.usual()
    before = len(first)
    with CaptureQueriesContext(connection) as second:
        throughput.usual()
    assert len(second) == 1
    ended(days_ago=3, took=14)
    cache.clear()
    with CaptureQueriesContext(connection) as again:
        throughput.usual()
    assert len(again) == before
