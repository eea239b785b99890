"""How the desk does: numbers over any period that need no asker, tell nobody apart and cost the same for any desk."""

import random
import uuid
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brokers.models import Broker
from evidence.models import Theme
from questions import afterwards, folded, insight, intake, periods, privacy, reporting, sought, tables
from questions.models import Asker, Ending, FollowUp, Participation
from questions.periods import Period
from questions.refusals import NotYou
from questions.states import State
from tests import factories

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Europe/Amsterdam")
NETWORK = "192.0.2.7"
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


def now() -> Period:
    today = timezone.localdate()
    return Period(today - timedelta(days=1), today)


def read(user: Any, period: Period | None = None) -> dict[str, list[tables.Row]]:
    return {name: table.rows for name, table in insight.read(user, period or now()).items()}


def row(rows: list[tables.Row], **which: Any) -> tables.Row:
    (found,) = [one for one in rows if all(one[key] == value for key, value in which.items())]
    return found


def ending(day: date = date(2026, 5, 12), nth: int = 1, case: Any = None, **figures: Any) -> Ending:
    """Figures of a case that ended at noon on `day`; what is not given is nothing."""
    days = dict.fromkeys(("our_days", "asker_days", "submitted_days", "triaged_days", "assigned_days"), 0)
    at = datetime(day.year, day.month, day.day, 12, tzinfo=HERE)
    values = {"outcome": State.REFERRED, "track": "short", "sector": "po", **days, "ended_at": at, **figures}
    return Ending.objects.create(case=case or uuid.uuid4(), nth=nth, **values)


# --- What is counted ------------------------------------------------------------------------


def test_what_came_in_and_what_ended_is_counted_by_state_track_and_month(team: factories.Desk) -> None:
    factories.published(team)
    factories.referred(team)
    factories.assigned(team)
    question = factories.declined(team)
    factories.move(question, "reopen", team.coordinator, why="toch")
    found = read(team.coordinator)
    flow = {one["state"]: (one["all"], one["full"], one["none"]) for one in found["flow"]}
    assert flow["came_in"] == (4, 0, 4), "nothing has a track when it comes in"
    assert (flow["triaged"][0], flow["assigned"][0], flow["answered"][0]) == (4, 3, 1)
    assert (flow["published"][0], flow["referred"][0], flow["declined"][0], flow["back"][0]) == (1, 1, 1, 1)
    month = found["months"][-1]
    assert [month[name] for name in ("came_in", "answered", "referred", "other")] == [4, 1, 1, 1]
    assert row(found["now"], state="assigned")["full"] == 1
    assert row(found["now"], state="submitted")["all"] == 1
    assert row(found["reopened"], outcome="declined") == {"outcome": "declined", "ended": 1, "reopened": 1}


def test_what_was_never_confirmed_is_no_case(team: factories.Desk) -> None:
    factories.unconfirmed()
    found = read(team.coordinator)
    assert row(found["flow"], state="came_in")["all"] == 0
    assert row(found["now"], state="submitted")["all"] == 0


def test_a_day_begins_and_ends_at_midnight_of_the_desk(team: factories.Desk) -> None:
    for at in (datetime(2026, 3, 31, 23, 59, tzinfo=HERE), datetime(2026, 4, 1, 0, 0, tzinfo=HERE)):
        Ending.objects.filter(pk=ending().pk).update(ended_at=at)
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    april = Period(date(2026, 4, 1), date(2026, 4, 30))
    for period in (march, april):
        (one,) = read(team.coordinator, period)["months"]
        assert (one["month"], one["referred"]) == (period.first, 1)
    both = read(team.coordinator, Period(march.first, april.last))["months"]
    assert [one["referred"] for one in both] == [1, 1]


def test_a_long_period_is_told_by_years(team: factories.Desk) -> None:
    ending(date(2024, 2, 2))
    ending(date(2026, 2, 2))
    rows = read(team.coordinator, Period(date(2022, 7, 1), date(2026, 6, 30)))["months"]
    assert [(one["month"].year, one["referred"]) for one in rows] == [  # type: ignore[union-attr]
        (2022, 0), (2023, 0), (2024, 1), (2025, 0), (2026, 1)
    ]  # fmt: skip


def test_a_case_with_two_themes_counts_in_both_and_a_theme_that_is_gone_stays(team: factories.Desk) -> None:
    Theme.objects.create(slug="lezen", label_nl="Lezen")
    ending(themes=["lezen", "weg"], outcome=State.ANSWERED)
    ending(themes=["lezen"], outcome=State.MERGED)
    question = factories.submitted()
    factories.move(question, "triage", team.coordinator, track="full", themes=["lezen"])
    rows = read(team.coordinator, YEAR)["themes"]
    assert rows == [
        {"theme": "lezen", "all": 2, "answered": 1, "referred": 0, "other": 1, "open": 1},
        {"theme": "weg", "all": 1, "answered": 1, "referred": 0, "other": 0, "open": 0},
    ]
    assert read(team.coordinator, YEAR)["sectors"] == [
        {"sector": "po", "all": 2, "answered": 1, "referred": 0, "other": 1, "open": 1}
    ]


def test_referrals_tell_how_often_they_helped_and_never_so_that_one_can_be_told(team: factories.Desk) -> None:
    for n in range(7):
        question = factories.referred(team)
        if n < 5:
            factories.move(question, "respond", factories.asker(question), verdict="answered")
    rows = read(team.coordinator)["helped"]
    found = row(rows, given_as="referral_to_source")
    assert (found["given"], found["answered"], found["partly"], found["no"]) == (7, 5, None, None)
    assert found["not_said"] is None
    assert row(rows, given_as="referral_to_answer")["given"] == 0


def test_a_case_that_gets_another_track_changes_no_month_that_is_over(team: factories.Desk, travel: Any) -> None:
    def flow() -> tables.Row:
        return row(read(team.coordinator, periods.whole(date(2026, 4, 1), 1))["flow"], state="triaged")

    travel(datetime(2026, 4, 8, 12, tzinfo=HERE))
    question = factories.triaged(team)
    travel(datetime(2026, 5, 20, 12, tzinfo=HERE))
    before = flow()
    assert (before["full"], before["short"]) == (1, 0)
    question = factories.move(question, "retrack", team.coordinator, track="short", why="korter")
    assert flow() == before
    factories.move(question, "claim", team.broker)
    may = row(read(team.coordinator, periods.whole(date(2026, 5, 1), 1))["flow"], state="assigned")
    assert (may["full"], may["short"]) == (0, 1), "what comes after it counts on the new track"


def test_what_was_said_of_an_answer_stays_when_a_better_one_was_sent(team: factories.Desk, travel: Any) -> None:
    def helped(month: int) -> tuple[Any, ...]:
        found = row(read(team.coordinator, periods.whole(date(2026, month, 1), 1))["helped"], given_as="answer")
        return found["given"], found["answered"], found["partly"], found["no"]

    travel(datetime(2026, 4, 8, 12, tzinfo=HERE))
    questions = [factories.answered(team) for _n in range(5)]
    for question in questions:
        factories.move(question, "respond", factories.asker(question), verdict="no", why="Dit vroeg ik niet.")
    first = helped(4)
    assert (first[0], first[3]) == (5, 5)
    travel(datetime(2026, 5, 20, 12, tzinfo=HERE))
    for question in questions:
        question = factories.move(question, "resume", team.broker, why="niet wat er gevraagd was")
        question = factories.move(question, "answer", team.broker)
        factories.move(question, "respond", factories.asker(question), verdict="answered")
    assert helped(4) == first
    assert (helped(5)[0], helped(5)[1]) == (5, 5)
    assert afterwards.verdicts()["answers"] == {"answered": 5, "partly": None, "no": 5}
    for question in questions:
        privacy.erase(factories.asker(question).asker)
    assert (helped(4), helped(5)[1]) == (first, 5)


def test_what_helped_without_a_case_is_counted_in_all_and_by_answer(team: factories.Desk) -> None:
    item = factories.public_answer()
    for kind, ref in (("answer", str(item.number)), ("answer", str(item.number)), ("source", factories.source().key)):
        intake.helped(kind, ref, network=NETWORK)
    rows = read(team.coordinator)["without_case"]
    assert rows == [{"by": "all", "times": 3}, {"by": item.number, "times": 2}, {"by": "source", "times": 1}]


def test_feedback_is_told_by_version_without_what_was_written(team: factories.Desk) -> None:
    version = factories.public_answer().living()
    assert version is not None
    reporting.helped(version, {"helpful": "yes"}, network=NETWORK)
    reporting.helped(version, {"helpful": "no", "missing": "GEHEIM"}, network=NETWORK)
    reporting.mistake(version, {"what": "GEHEIM"}, network=NETWORK)
    rows = read(team.coordinator)["feedback"]
    assert [(one["version"], one["yes"], one["no"], one["mistakes"]) for one in rows] == [(1, 1, 1, 1)]
    assert "GEHEIM" not in str(rows)
    assert read(team.coordinator, Period(date(2025, 1, 1), date(2025, 2, 1)))["feedback"] == []


def test_searches_are_counted_by_month(team: factories.Desk) -> None:
    for found in (True, False):
        sought.looked("schaken", found=found, narrowed=False, network=NETWORK)
    assert {key: read(team.coordinator)["searches"][-1][key] for key in ("made", "empty", "narrowed")} == {
        "made": 2, "empty": 1, "narrowed": 0
    }  # fmt: skip


# --- How long it took -----------------------------------------------------------------------


@pytest.mark.parametrize("n", [10, 11, 57])
def test_median_and_ninetieth_percentile_are_days_that_a_case_really_took(n: int, team: factories.Desk) -> None:
    dice = random.Random(n)
    ours, theirs = ([dice.randint(0, 60) for _n in range(n)] for _who in "ab")
    for our, their in zip(ours, theirs, strict=True):
        ending(our_days=our, asker_days=their, assigned_days=our + their, track=dice.choice(["short", "full"]))
    found = read(team.coordinator, YEAR)
    times = row(found["times"], track="all")
    for days, median, p90 in ((ours, "ours_median", "ours_p90"), (theirs, "asker_median", "asker_p90")):
        assert times[median] == sorted(days)[ceil(n / 2) - 1]
        assert times[p90] == sorted(days)[ceil(n * 0.9) - 1]
    both = sorted(our + their for our, their in zip(ours, theirs, strict=True))
    assert row(found["stages"], track="all")["assigned_p90"] == both[ceil(n * 0.9) - 1]
    assert times["cases"] == n


def test_too_few_cases_give_no_number_but_say_how_many_they_are(team: factories.Desk) -> None:
    for n in range(10):
        ending(our_days=5, track="full" if n else "short")
    found = read(team.coordinator, YEAR)["times"]
    assert [(one["track"], one["cases"], one["ours_median"]) for one in found] == [
        ("all", 10, 5), ("short", 1, None), ("full", 9, None)
    ]  # fmt: skip


def test_other_ways_to_end_take_no_time(team: factories.Desk) -> None:
    for outcome in (State.MERGED, State.DECLINED, State.WITHDRAWN):
        ending(outcome=outcome)
    assert row(read(team.coordinator, YEAR)["times"], track="all")["cases"] == 0


def test_a_case_counts_once_with_its_whole_time_and_changes_no_period_that_is_over(team: factories.Desk) -> None:
    spring, autumn = Period(date(2026, 3, 1), date(2026, 5, 31)), Period(date(2026, 9, 1), date(2026, 11, 30))
    cases = [ending(date(2026, 5, 1), our_days=3).case for _n in range(10)]
    before = read(team.coordinator, spring)
    for case in cases:
        ending(date(2026, 10, 1), nth=2, case=case, our_days=20, outcome=State.ANSWERED)
    assert read(team.coordinator, spring) == before
    assert row(before["times"], track="all")["ours_median"] == 3
    for period in (autumn, YEAR):
        found = row(read(team.coordinator, period)["times"], track="all")
        assert (found["cases"], found["ours_median"]) == (10, 20)


# --- Who may see what -----------------------------------------------------------------------


def test_coordinators_see_the_load_of_all_a_broker_their_own_and_others_nobody_s(team: factories.Desk) -> None:
    other = factories.staff("broker")
    Broker.objects.filter(user=other).update(capacity=2, absent_until=timezone.localdate())
    factories.assigned(team)
    factories.referred(team)
    everybody = {one["broker"]: one for one in read(team.coordinator)["load"]}
    mine = everybody[str(team.broker)]
    assert (mine["open"], mine["capacity"], mine["room"], mine["ended"], mine["absent_until"]) == (1, 40, 39, 1, None)
    assert (everybody[str(other)]["room"], everybody[str(other)]["absent_until"]) == (0, timezone.localdate())
    assert [one["broker"] for one in read(other)["load"]] == [str(other)]
    for person in (team.reviewer, team.editor):
        assert "load" not in read(person)


def test_who_is_not_of_the_desk_reads_nothing(team: factories.Desk) -> None:
    assert team.broker is not None
    team.broker.groups.clear()
    person = type(team.broker).objects.get(pk=team.broker.pk)
    with pytest.raises(NotYou):
        insight.read(person, now())


# --- Afterwards -----------------------------------------------------------------------------


def said(day: date, n: int = 1, used: str = "team", kind: str = "6w") -> list[FollowUp]:
    """As many people who were asked, and answered, on `day`."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=HERE)
    made = []
    for _n in range(n):
        asker = Asker.objects.create(email=f"{uuid.uuid4().hex}@school.example")
        made.append(FollowUp.begin(Participation.join(question=QUESTIONS["one"], asker=asker, kind="me_too"), kind))
        FollowUp.objects.filter(pk=made[-1].pk).update(asked_at=at, answered_at=at, used=[used], helped=["clear"])
    return made


QUESTIONS: dict[str, Any] = {}


@pytest.fixture
def question(team: factories.Desk) -> Any:
    QUESTIONS["one"] = factories.referred(team)
    yield QUESTIONS["one"]
    QUESTIONS.clear()


def told(first: date, last: date) -> Any:
    return afterwards.numbers(Period(first, last))[0]


@pytest.mark.usefixtures("question")
def test_what_people_said_is_told_in_blocks_of_whole_months_with_five_of_them_at_least() -> None:
    said(date(2026, 1, 10), 3)
    said(date(2026, 2, 20), 2)
    said(date(2026, 3, 5), 6, used="leader")
    said(date(2026, 4, 5), 1, used="leader")
    whole = told(date(2026, 1, 1), date(2026, 12, 31))
    assert (whole.first, whole.last, whole.answered) == (date(2026, 1, 1), date(2026, 3, 31), 11)
    assert (whole.used["team"], whole.used["leader"]) == (5, 6)
    # A day more or less moves nothing, so two periods laid side by side tell no single person.
    for last in (date(2026, 3, 31), date(2026, 4, 5), date(2026, 4, 30)):
        assert told(date(2026, 1, 1), last) == whole
    half = told(date(2026, 1, 1), date(2026, 3, 30))
    assert (half.last, half.used["team"]) == (date(2026, 2, 28), 5)
    assert told(date(2026, 1, 2), date(2026, 2, 28)).answered is None
    assert told(date(2026, 1, 1), date(2026, 1, 31)).used["team"] is None


@pytest.mark.usefixtures("question")
def test_what_comes_in_later_moves_no_block_that_is_full() -> None:
    said(date(2026, 1, 10), 5)
    before = told(date(2026, 1, 1), date(2026, 1, 31))
    said(date(2026, 2, 10), 4)
    assert told(date(2026, 1, 1), date(2026, 1, 31)) == before
    assert told(date(2026, 1, 1), date(2026, 6, 30)) == before


# --- Erasing --------------------------------------------------------------------------------


def test_every_number_of_the_past_stays_when_all_askers_are_erased(team: factories.Desk) -> None:
    Theme.objects.create(slug="lezen", label_nl="Lezen")
    for make in (factories.answered, factories.published, factories.merged, factories.declined, factories.withdrawn):
        make(team)
    for n in range(6):
        one = factories.referred(team)
        if n:
            factories.move(one, "respond", factories.asker(one), verdict="no" if n == 5 else "answered")
    QUESTIONS["one"] = factories.published(team)
    for part in Participation.objects.filter(question=QUESTIONS["one"]):
        factories.move(QUESTIONS["one"], "respond", part, verdict="answered")
    begin = now().first.replace(day=1)
    for kind in FollowUp.Kind.values:
        said(begin, 6, kind=kind)
        said(begin, 2, used="leader", kind=kind)
    version = factories.item(QUESTIONS["one"]).living()
    assert version is not None
    reporting.helped(version, {"helpful": "yes"}, network=NETWORK)
    sought.looked("schaken", found=False, narrowed=False, network=NETWORK)
    intake.helped("answer", str(version.item.number), network=NETWORK)
    askers = list(Asker.objects.all())
    spans = [now(), periods.choices()["twelve_months"], periods.whole(begin, 1)]

    def everything() -> Any:
        return (
            [read(team.coordinator, one) for one in spans],
            afterwards.numbers(),
            afterwards.verdicts(),
            [folded.counts(kind) for kind in FollowUp.Kind.values],
        )

    before = everything()
    after = row(before[0][1]["afterwards"], about="used", said="team")
    assert (after["6w"], after["6m"]) == (6, 6)
    for asker in askers:
        privacy.erase(asker)
    assert (Asker.objects.count(), FollowUp.objects.count()) == (0, 0)
    assert everything() == before
    assert QUESTIONS.pop("one")


# --- Any desk, any period -------------------------------------------------------------------


def test_an_empty_desk_has_every_table_and_no_number(team: factories.Desk) -> None:
    found = insight.read(team.coordinator, now())
    assert tuple(found) == insight.NAMES
    assert [name for name, table in found.items() if not table.is_empty] == ["load"]
    for table in found.values():
        assert all(set(one) == set(table.columns) for one in table.rows), table.name


def test_it_costs_the_same_number_of_queries_for_any_desk(team: factories.Desk) -> None:
    def cost(period: Period) -> int:
        with CaptureQueriesContext(connection) as queries:
            insight.read(team.coordinator, period)
        return len(queries)

    reporting.helped(factories.public_answer().living(), {"helpful": "yes"}, network=NETWORK)  # type: ignore[arg-type]
    cost(now())  # now the rights of this person are known
    few = cost(now())
    for make in (factories.published, factories.referred, factories.merged, factories.assigned):
        make(team)
    for n in range(20):
        ending(date(2026, 1 + n % 12, 3), themes=["lezen"], our_days=n)
    reporting.helped(factories.public_answer().living(), {"helpful": "yes"}, network=NETWORK)  # type: ignore[arg-type]
    assert cost(periods.choices()["twelve_months"]) == few
    assert few < 40


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"from": "gisteren"}, "from"),
        ({"from": "2026-02-30"}, "from"),
        ({"from": "22-11-2026"}, "from"),
        ({"from": "9999-12-31"}, "from"),
        ({"to": "9999-12-31"}, "to"),
        ({"from": "0001-01-01"}, "from"),
        ({"from": "1999-12-31"}, "from"),
        ({"from": "٢٠٢٦-٠١-٠١"}, "from"),
        ({"from": "2026-01-01\x00"}, "from"),
        ({"from": "2026-01-01T00:00"}, "from"),
        ({"from": "1" * 5000}, "from"),
        ({"from": "2026-05-02", "to": "2026-05-01"}, "to"),
        ({"from": "2001-01-01", "to": "2025-01-01"}, "to"),
    ],
)
def test_a_period_that_cannot_be_is_refused_at_its_field(given: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        periods.read(given)
    assert list(refused.value.message_dict) == [field]


def test_what_is_left_out_of_a_period_is_filled_in() -> None:
    usual = periods.choices()["twelve_months"]
    assert periods.read({}) == usual
    assert periods.read({"from": "2026-01-05", "to": "2026-01-05"}) == Period(date(2026, 1, 5), date(2026, 1, 5))
    assert periods.read({"from": usual.first.isoformat()}) == usual
    assert periods.read({"to": "2024-02-10"}) == Period(date(2023, 3, 1), date(2024, 2, 10))


@pytest.mark.parametrize(
    ("today", "name", "first", "last"),
    [
        ("2026-11-22", "month", "2026-11-01", "2026-11-30"),
        ("2026-02-01", "quarter", "2026-01-01", "2026-03-31"),
        ("2026-12-31", "quarter", "2026-10-01", "2026-12-31"),
        ("2026-07-31", "school_year", "2025-08-01", "2026-07-31"),
        ("2026-08-01", "school_year", "2026-08-01", "2027-07-31"),
        ("2026-01-15", "school_year_before", "2024-08-01", "2025-07-31"),
        ("2024-02-29", "twelve_months", "2023-03-01", "2024-02-29"),
    ],
)
def test_periods_that_are_often_asked_for(today: str, name: str, first: str, last: str) -> None:
    found = periods.choices(date.fromisoformat(today))[name]
    assert found == Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("parts", "hidden"),
    [
        ({"a": 9, "b": 7, "c": 8}, set()),
        ({"a": 9, "b": 4, "c": 3}, {"b", "c"}),
        ({"a": 9, "b": 4, "c": 8}, {"b", "c"}),
        ({"a": 9, "b": 0, "c": 8}, {"b", "c"}),
        ({"a": 0, "b": 0, "c": 0}, set()),
    ],
)
def test_one_number_that_is_not_told_cannot_be_worked_out_from_the_sum(parts: dict[str, int], hidden: set[str]) -> None:
    assert {name for name, count in tables.guarded(parts).items() if count is None} == hidden
