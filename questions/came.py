"""What came in and what went out: how many cases went into each state, by track, month, theme and sector."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Func, Q
from django.db.models.functions import TruncMonth

from brokers.sectors import Sector
from evidence.models import Theme
from questions.models import Ending, Event, Question
from questions.periods import Period
from questions.states import OPEN, State, Track
from questions.tables import Row, Table, crossed
from questions.took import in_period

CAME, BACK = "came_in", "back"
INTO = tuple(one for one in State if one != State.SUBMITTED)
TRACKS = (*Track.values, "none")
WAYS = ("answered", "referred", "other")


def tables(period: Period) -> Iterator[Table]:
    yield flow(period)
    yield by_month(period)
    yield now()
    yield reopened(period)
    yield by_theme(period)
    yield by_sector(period)


def steps(period: Period) -> Any:
    """What brought a confirmed case into a state, in a period."""
    moved = ~Q(target="") & ~Q(target=F("source")) & ~Q(name="ask")
    rows = Event.objects.filter(Q(name="confirm") | moved, version=None, at__gte=period.begin, at__lt=period.end)
    # Of what was set aside as spam nothing counts but that.
    rows = rows.exclude(Q(question__state=State.SPAM) & ~Q(target=State.SPAM))
    return rows.filter(question__number__isnull=False).order_by()


def flow(period: Period) -> Table:
    """How often a case came in, went into a state and came back, on the track it had then; it may do so more than once.

    So what comes in has none yet, and a case that gets another track changes no period that is over.
    """
    counted: Counter[tuple[str, str]] = Counter()
    rows = steps(period).values_list("name", "source", "target", "track").annotate(n=Count("pk"))
    for name, source, target, track, n in rows:
        back = source not in OPEN and target in OPEN
        counted[CAME if name == "confirm" else BACK if back else target, track or "none"] += n
    found = crossed([CAME, *INTO, BACK], TRACKS, counted, "state")
    return Table("flow", ("state", "all", *TRACKS), found)


def by_month(period: Period) -> Table:
    """The same as it went on: what came in, and what ended in each way."""
    counted: Counter[tuple[date, str]] = Counter()
    came = steps(period).filter(name="confirm").annotate(month=TruncMonth("at"))
    for month, n in came.values_list("month").annotate(n=Count("pk")):
        counted[step_of(period, month), CAME] += n
    ended = in_period(period).annotate(month=TruncMonth("ended_at"))
    for month, outcome, n in ended.values_list("month", "outcome").annotate(n=Count("pk")):
        counted[step_of(period, month), way(outcome)] += n
    names = (CAME, *WAYS)
    rows: list[Row] = [{"month": one, **{name: counted[one, name] for name in names}} for one in period.steps]
    return Table("months", ("month", *names), rows)


def step_of(period: Period, moment: date | datetime) -> date:
    """The step of a period in which a month lies, as `Period.steps` names it."""
    return date(moment.year, 1 if period.is_long else moment.month, 1)


def way(outcome: str) -> str:
    return outcome if outcome in WAYS else "other"


def now() -> Table:
    """Open cases at this moment, by state and track."""
    rows = Question.objects.open().order_by().values_list("state", "track").annotate(n=Count("pk"))
    counted = {(state, track or "none"): n for state, track, n in rows}
    return Table("now", ("state", "all", *TRACKS), crossed(OPEN, TRACKS, counted, "state"))


def reopened(period: Period) -> Table:
    """How many cases ended in each way, and how many that had ended so were opened again, in a period."""
    ended = dict(in_period(period).values_list("outcome").annotate(n=Count("pk")))
    again = Ending.objects.filter(reopened_at__gte=period.begin, reopened_at__lt=period.end).order_by()
    opened = dict(again.values_list("outcome").annotate(n=Count("pk")))
    rows: list[Row] = [
        {"outcome": one, "ended": ended.get(one, 0), "reopened": opened.get(one, 0)} for one in Ending.OUTCOMES
    ]
    return Table("reopened", ("outcome", "ended", "reopened"), rows)


class Unnest(Func):
    """A row for each value of a list."""

    function = "unnest"
    set_returning = True


def by_theme(period: Period) -> Table:
    """How cases with a theme ended, and how many are open now; a case with two themes counts in both."""
    ended = in_period(period).annotate(theme=Unnest(F("themes"))).values_list("theme", "outcome")
    still = Question.objects.open().order_by().exclude(themes=None).values_list("themes__slug")
    return ways_of("themes", "theme", ended, still, Theme.objects.values_list("slug", flat=True))


def by_sector(period: Period) -> Table:
    ended = in_period(period).values_list("sector", "outcome")
    still = Question.objects.open().order_by().values_list("sector")
    return ways_of("sectors", "sector", ended, still, Sector.values)


def ways_of(name: str, about: str, ended: Any, still: Any, known: Iterable[str]) -> Table:
    """A row for each value that has any: those with most endings first."""
    counted: Counter[tuple[str, str]] = Counter()
    for value, outcome, n in ended.annotate(n=Count("pk")):
        counted[value, way(outcome)] += n
    opened = dict(still.annotate(n=Count("pk")))
    rows = crossed(dict.fromkeys([*known, *(value for value, _way in counted)]), WAYS, counted, about)
    for row in rows:
        row["open"] = opened.get(row[about], 0)
    shown = [row for row in rows if row["all"] or row["open"]]
    shown.sort(key=lambda row: (-int(str(row["all"])), -int(str(row["open"])), str(row[about])))
    return Table(name, (about, "all", *WAYS, "open"), shown)
