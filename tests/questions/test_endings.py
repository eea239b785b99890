"""When a case ends its figures are kept: they need no asker, and not even the case."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from evidence.models import Theme
from questions import endings
from questions.models import Ending, Event, Question
from questions.states import State
from tests import factories

HERE = ZoneInfo("Europe/Amsterdam")


def at(day: int, hour: int = 10) -> datetime:
    """A moment in a November that begins on a Sunday and knows no holidays."""
    return datetime(2026, 11, day, hour, tzinfo=HERE)


@pytest.fixture
def team(db: Any) -> factories.Desk:
    return factories.Desk()


def move_to(question: Question, *days: int) -> Question:
    """Let the steps of the case happen on these days of the November, in order, and work it out again."""
    for event, day in zip(question.events.order_by("id"), days, strict=True):
        Event.objects.filter(pk=event.pk).update(at=at(day))
    endings.write(factories.reload(question))
    return factories.reload(question)


def of(question: Question) -> list[Ending]:
    return list(Ending.objects.filter(case=question.pk).order_by("nth"))


@pytest.mark.parametrize(
    ("make", "outcome"),
    [
        (factories.answered, State.ANSWERED),
        (factories.referred, State.REFERRED),
        (factories.declined, State.DECLINED),
        (factories.withdrawn, State.WITHDRAWN),
        (factories.merged, State.MERGED),
    ],
)
def test_a_case_that_ends_leaves_its_figures(make: Any, outcome: str, team: factories.Desk) -> None:
    question = make(team)
    row = of(question)[0]
    assert (row.nth, row.outcome, row.track, row.sector) == (1, outcome, "full", "po")
    assert row.reopened_at is None
    held = outcome in (State.ANSWERED, State.REFERRED)
    assert row.broker == (team.broker if held else None)
    assert abs(row.ended_at - timezone.now()) < timedelta(minutes=1)


@pytest.mark.parametrize("make", [factories.unconfirmed, factories.submitted, factories.triaged, factories.drafted])
def test_a_case_that_is_open_has_none(make: Any, team: factories.Desk) -> None:
    assert of(make()) == []


def test_publishing_and_retracting_end_nothing_anew(team: factories.Desk) -> None:
    assert len(of(factories.retracted(team))) == 1


def test_what_was_taken_back_before_it_was_confirmed_was_no_case(db: Any) -> None:
    question = factories.unconfirmed()
    factories.move(question, "withdraw", factories.mailed_link(question))
    assert Ending.objects.count() == 0


def test_our_time_and_the_asker_s_time_are_apart_and_each_state_has_its_own(team: factories.Desk) -> None:
    question = factories.agreed(team)
    factories.move(question, "refer", team.broker, source=str(factories.source().pk), note="Lees dit eens.")
    # ask, confirm, triage, claim, propose, agree, refer
    move_to(question, 2, 3, 4, 6, 9, 13, 17)
    (row,) = of(question)
    assert (row.our_days, row.asker_days) == (1 + 2 + 1 + 2, 4)
    assert (row.submitted_days, row.triaged_days, row.assigned_days) == (1, 2, 7)


def test_a_case_that_is_opened_again_ends_again_with_its_whole_time(team: factories.Desk) -> None:
    question = factories.referred(team)
    factories.move(question, "respond", factories.asker(question), verdict="no")
    assert of(question)[0].reopened_at is not None
    factories.move(factories.reload(question), "decline", team.coordinator, why="x", alternative="y")
    # ask, confirm, triage, claim, refer, respond, decline
    move_to(question, 2, 2, 3, 4, 5, 16, 18)
    first, second = of(question)
    assert (first.outcome, first.our_days) == (State.REFERRED, 3)
    assert first.reopened_at == at(16)
    assert (second.outcome, second.our_days, second.asker_days) == (State.DECLINED, 3 + 2, 0)
    assert second.reopened_at is None


@pytest.mark.parametrize(
    ("make", "name", "who", "data"),
    [
        (factories.answered, "resume", "coordinator", {"why": "x"}),
        (factories.merged, "unmerge", "coordinator", {"why": "x"}),
        (factories.declined, "reopen", "coordinator", {"why": "x"}),
    ],
)
def test_every_way_back_says_when_it_was_opened_again(
    make: Any, name: str, who: str, data: dict[str, str], team: factories.Desk
) -> None:
    question = make(team)
    factories.move(question, name, getattr(team, who), **data)
    assert of(question)[0].reopened_at is not None


def test_a_case_that_was_handed_on_counts_for_who_held_it_last(team: factories.Desk) -> None:
    other = factories.staff("broker")
    question = factories.assigned(team)
    question = factories.move(question, "transfer", team.coordinator, broker=other.email, why="vakantie")
    factories.move(question, "refer", other, source=str(factories.source().pk), note="Lees dit.")
    assert of(question)[0].broker == other


def test_what_a_case_was_then_stays_when_it_changes_or_goes(team: factories.Desk) -> None:
    theme = Theme.objects.create(slug="lezen", label_nl="Lezen")
    question = factories.submitted()
    question = factories.move(question, "triage", team.coordinator, track="short", themes=[theme.slug])
    factories.move(question, "decline", team.coordinator, why="x", alternative="y")
    before = Ending.objects.values().get()
    assert (before["track"], before["themes"]) == ("short", ["lezen"])
    question = factories.move(factories.reload(question), "reopen", team.coordinator, why="toch")
    factories.move(question, "triage", team.coordinator, track="full")
    question.themes.clear()
    endings.write(factories.reload(question))
    after = Ending.objects.values().get()
    assert {**after, "reopened_at": None} == before
    question.delete()
    assert Ending.objects.values().get() == after


def test_the_command_works_all_out_again_and_twice_gives_the_same(team: factories.Desk, capsys: Any) -> None:
    kept = factories.referred(team)
    Ending.objects.create(
        case="00000000-0000-0000-0000-000000000001",
        nth=1,
        outcome=State.REFERRED,
        sector="po",
        ended_at=timezone.now(),
        our_days=3,
        asker_days=0,
        submitted_days=1,
        triaged_days=1,
        assigned_days=1,
    )
    before = list(Ending.objects.order_by("case").values())
    Ending.objects.filter(case=kept.pk).update(our_days=99, outcome=State.MERGED)
    for _n in range(2):
        call_command("write_endings")
        assert list(Ending.objects.order_by("case").values()) == before
    Ending.objects.filter(case=kept.pk).delete()
    call_command("write_endings")
    assert of(kept)[0].outcome == State.REFERRED


def test_a_clock_that_was_set_back_holds_up_no_case(team: factories.Desk) -> None:
    question = factories.assigned(team)
    question.events.all().update(at=timezone.now() + timedelta(days=30))
    factories.move(question, "refer", team.broker, source=str(factories.source().pk), note="Lees dit.")
    assert of(question)[0].our_days == 0
