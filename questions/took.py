"""How long cases took, from the figures that were kept when they ended.

A case counts once in a period, by its last ending in it, with all its time since it was confirmed: also
what went by before an earlier ending. So no later turn of a case changes a period that is over. The
median is the least number of working days within which half of the cases ended, the 90th percentile
that of nine in ten (`percentile_disc`: a number that a case really had, nothing between two).
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Aggregate, Count, Exists, OuterRef, PositiveIntegerField

from questions.models import Ending
from questions.periods import Period
from questions.states import OPEN, State, Track
from questions.tables import Row, Table
from questions.throughput import FEWEST

HELPED = (State.ANSWERED, State.REFERRED)
SHARES = {"median": 0.5, "p90": 0.9}
TRACKS = (*Track.values, "")  # the last: referred before there was a track
OF = {"ours": "our_days", "asker": "asker_days", **{str(state): f"{state}_days" for state in OPEN}}


class Percentile(Aggregate):
    """The value at a share of the rows in order; whole numbers stay whole."""

    function = "percentile_disc"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = PositiveIntegerField()

    def __init__(self, expression: str, share: float) -> None:
        super().__init__(expression, share=share)


def last_endings(period: Period) -> Any:
    """The endings in a period, of each case only the last of them."""
    later = Ending.objects.filter(case=OuterRef("case"), nth__gt=OuterRef("nth"), ended_at__lt=period.end)
    return in_period(period).exclude(Exists(later))


def in_period(period: Period) -> Any:
    return Ending.objects.filter(ended_at__gte=period.begin, ended_at__lt=period.end).order_by()


def tables(period: Period) -> Iterator[Table]:
    """Our time and the asker's for each track, and how long cases were in each state; in working days."""
    rows = last_endings(period).filter(outcome__in=HELPED)
    figures = {
        f"{name}_{share}": Percentile(column, value) for name, column in OF.items() for share, value in SHARES.items()
    }
    measured: dict[str, Row] = {"all": rows.aggregate(cases=Count("pk"), **figures)}
    for row in rows.values("track").annotate(cases=Count("pk"), **figures):
        measured[row["track"]] = row
    shown = ["all", *(track for track in TRACKS if track in measured)]
    told = ("ours_median", "ours_p90", "asker_median", "asker_p90")
    yield Table("times", ("track", "cases", *told), [of_track(one, measured[one], told) for one in shown], few=FEWEST)
    stages = tuple(f"{state}_{share}" for state in OPEN for share in SHARES)
    yield Table(
        "stages", ("track", "cases", *stages), [of_track(one, measured[one], stages) for one in shown], few=FEWEST
    )


def of_track(track: str, figures: Row, names: tuple[str, ...]) -> Row:
    """The figures called `names`, where enough cases carry them."""
    cases = figures["cases"]
    enough = isinstance(cases, int) and cases >= FEWEST
    return {"track": track or "none", "cases": cases, **{name: figures[name] if enough else None for name in names}}
