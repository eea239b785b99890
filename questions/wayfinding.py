"""The signpost: who people are, what they want, and where on the way they are lost, without knowing any of them."""

from dataclasses import dataclass
from datetime import date

from brokers.sectors import Role, Sector
from questions import tallies

# Who somebody says they are: their sector and function, as the form for asking knows them.
WHO: dict[str, tuple[str, str]] = {
    "teacher-po": (Sector.PO, Role.TEACHER),
    "teacher-vo": (Sector.VO, Role.TEACHER),
    "teacher-mbo": (Sector.MBO, Role.TEACHER),
    "teacher-so": (Sector.SO, Role.TEACHER),
    "teacher-ho": (Sector.HO, Role.TEACHER),
    "school-leader": ("", Role.SCHOOL_LEADER),
    "care-coordinator": ("", Role.CARE_COORDINATOR),
    "student-teacher": ("", Role.STUDENT_TEACHER),
    "researcher": ("", Role.RESEARCHER),
    "parent": ("", Role.PARENT),
    "other": ("", Role.OTHER),
}
FIND, ASK, READ, MEET, INQUIRE = WANTS = ("find", "ask", "read", "meet", "inquire")


@dataclass(frozen=True)
class Row:
    """How often one choice was made, and how often the goal behind it was reached."""

    who: str
    want: str
    chosen: int
    reached: int


@dataclass(frozen=True)
class Funnel:
    """How often each step was reached. Steps, not people: who comes back counts again."""

    started: int
    chose_who: int
    chose_want: int
    reached: int
    rows: list[Row]

    @property
    def steps(self) -> list[int]:
        return [self.started, self.chose_who, self.chose_want, self.reached]

    @property
    def worst(self) -> int | None:
        """The step (from 1) before which most are lost; None when nobody is."""
        lost = [before - after for before, after in zip(self.steps, self.steps[1:], strict=False)]
        return lost.index(max(lost)) + 1 if max(lost) > 0 else None


def started() -> None:
    tallies.add("guide.start")


def chose(who: str, want: str = "") -> None:
    """Somebody said who they are or, with `want`, what they want; both are known names."""
    tallies.add(f"guide.want.{who}.{want}" if want else f"guide.who.{who}")


def reached(who: str, want: str) -> None:
    tallies.add(f"guide.goal.{who}.{want}")


def funnel(since: date | None = None) -> Funnel:
    """The counts since a day, or ever."""
    pairs = [(who, want) for who in WHO for want in WANTS]
    names = [f"guide.{step}.{who}.{want}" for step in ("want", "goal") for who, want in pairs]
    counted = tallies.totals(["guide.start", *(f"guide.who.{who}" for who in WHO), *names], since)
    rows = [
        Row(who, want, counted[f"guide.want.{who}.{want}"], counted[f"guide.goal.{who}.{want}"]) for who, want in pairs
    ]
    return Funnel(
        started=counted["guide.start"],
        chose_who=sum(counted[f"guide.who.{who}"] for who in WHO),
        chose_want=sum(row.chosen for row in rows),
        reached=sum(row.reached for row in rows),
        rows=[row for row in rows if row.chosen or row.reached],
    )
