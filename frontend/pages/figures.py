"""What tables of numbers, their columns and their values are called."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brokers.sectors import Sector
from questions.models import FollowUp
from questions.states import State, Track, VersionState
from questions.tables import FEWEST, Row, Table

# Title, and what the numbers mean where the title does not say it.
TITLES: dict[str, tuple[Any, Any]] = {
    "flow": (
        gettext_lazy("How often cases went into each state"),
        gettext_lazy("By the track a case has now. A case that is released and claimed again counts twice."),
    ),
    "months": (
        gettext_lazy("What came in and what ended"),
        gettext_lazy("A case that was opened again and ended twice counts twice."),
    ),
    "now": (gettext_lazy("Open at this moment"), gettext_lazy("Whatever the period above.")),
    "reopened": (
        gettext_lazy("Ended, and opened again"),
        gettext_lazy("A case that is opened again may have ended before this period."),
    ),
    "themes": (gettext_lazy("Themes"), gettext_lazy("A case with two themes counts in both. Open is at this moment.")),
    "sectors": (gettext_lazy("Sectors"), gettext_lazy("Open is at this moment.")),
    "times": (
        gettext_lazy("How long cases took"),
        gettext_lazy(
            "In working days, of cases that ended in this period with an answer or a referral: each once, by its last ending, with all its time since it was confirmed. Half of the cases took so long or less, and nine in ten. With fewer than ten cases we give no number."
        ),
    ),
    "stages": (
        gettext_lazy("Where the time went"),
        gettext_lazy("The same cases: working days in each state, our time and that of the asker together."),
    ),
    "load": (
        gettext_lazy("Load of each broker"),
        gettext_lazy("In hand at this moment, against what somebody can carry; ended is in this period."),
    ),
    "helped": (
        gettext_lazy("Did it answer the question?"),
        gettext_lazy(
            "Referrals of this period, and what was said of them up to now. Of answers: those sent in this period, and what was said in it by everybody who asked."
        ),
    ),
    "without_case": (
        gettext_lazy("Helped without a case"),
        gettext_lazy("How often somebody who was about to ask said that what they were shown answers them."),
    ),
    "searches": (
        gettext_lazy("Searches"),
        gettext_lazy(
            "Searches on the public pages, not people: somebody who searches again counts again. Robots are left out as far as they say what they are, and so are people of the desk."
        ),
    ),
    "words": (
        gettext_lazy("Words that were not found"),
        gettext_lazy(
            "Only words that visitors typed in at least five places on the internet. Of others a code is kept for some time, which nobody can read."
        ),
    ),
    "feedback": (
        gettext_lazy("What readers say of answers"),
        gettext_lazy("By version of the answer. What they wrote is in the case."),
    ),
    "afterwards": (
        gettext_lazy("What became of answers"),
        gettext_lazy(
            "In whole months, as many together as it takes until five people answered, so that nobody can be told apart. Months in which fewer did are added when there are more."
        ),
    ),
}
COLUMNS: dict[str, Any] = {
    "about": gettext_lazy("About"),
    "absent_until": gettext_lazy("Absent until"),
    "all": gettext_lazy("All"),
    "answered": gettext_lazy("Answered"),
    "asker_median": gettext_lazy("Asker's time: half"),
    "asker_p90": gettext_lazy("Asker's time: nine in ten"),
    "assigned_median": gettext_lazy("With a broker: half"),
    "assigned_p90": gettext_lazy("With a broker: nine in ten"),
    "broker": gettext_lazy("Broker"),
    "by": gettext_lazy("By what"),
    "came_in": gettext_lazy("Came in"),
    "capacity": gettext_lazy("Can carry"),
    "cases": gettext_lazy("Cases"),
    "empty": gettext_lazy("Nothing found"),
    "ended": gettext_lazy("Ended"),
    "given": gettext_lazy("Given"),
    "given_as": gettext_lazy("What was given"),
    "language": gettext_lazy("Language"),
    "made": gettext_lazy("Searches"),
    "mistakes": gettext_lazy("Mistakes reported"),
    "month": gettext_lazy("When"),
    "narrowed": gettext_lazy("Nothing within the filters"),
    "no": gettext_lazy("No"),
    "none": gettext_lazy("No track"),
    "not_said": gettext_lazy("Not said yet"),
    "number": gettext_lazy("Number"),
    "open": gettext_lazy("Open now"),
    "other": gettext_lazy("Otherwise"),
    "ours_median": gettext_lazy("Our time: half"),
    "ours_p90": gettext_lazy("Our time: nine in ten"),
    "outcome": gettext_lazy("How it ended"),
    "partly": gettext_lazy("Partly"),
    "referred": gettext_lazy("Referred"),
    "reopened": gettext_lazy("Opened again"),
    "room": gettext_lazy("Room left"),
    "said": gettext_lazy("What was said"),
    "sector": gettext_lazy("Sector"),
    "state": gettext_lazy("State"),
    "submitted_median": gettext_lazy("Until accepted: half"),
    "submitted_p90": gettext_lazy("Until accepted: nine in ten"),
    "theme": gettext_lazy("Theme"),
    "times": gettext_lazy("How often"),
    "title": gettext_lazy("Question"),
    "track": gettext_lazy("Track"),
    "triaged_median": gettext_lazy("Until a broker has it: half"),
    "triaged_p90": gettext_lazy("Until a broker has it: nine in ten"),
    "version": gettext_lazy("Version"),
    "word": gettext_lazy("Word"),
    "yes": gettext_lazy("Yes"),
    **dict(FollowUp.Kind.choices),
}
# A column that is called otherwise in one table.
IN: dict[tuple[str, str], Any] = {
    ("helped", "answered"): gettext_lazy("Yes"),
    ("feedback", "yes"): gettext_lazy("Helped"),
    ("feedback", "no"): gettext_lazy("Did not help"),
}
SAID: dict[str, Any] = {
    "months": gettext_lazy("Months that are counted"),
    "people": gettext_lazy("People"),
    "used": gettext_lazy("What the answer was used for"),
    "helped": gettext_lazy("What helped"),
    "hindered": gettext_lazy("What made it difficult"),
    "first": gettext_lazy("from"),
    "last": gettext_lazy("up to and including"),
    "asked": gettext_lazy("people we asked"),
    "answered": gettext_lazy("people who answered"),
}
# What the values of a column are called; others are said as they are.
VALUES: dict[str, Mapping[str, Any]] = {
    "state": {
        **dict(VersionState.choices),
        **dict(State.choices),
        "came_in": gettext_lazy("came in"),
        "back": gettext_lazy("opened again"),
    },
    "outcome": dict(State.choices),
    "sector": dict(Sector.choices),
    "track": {"all": gettext_lazy("all tracks"), "none": gettext_lazy("no track")},
    "given_as": {
        "referral_to_answer": gettext_lazy("referral to an answer"),
        "referral_to_source": gettext_lazy("referral to a publication"),
        "answer": gettext_lazy("answer of our own"),
    },
    "by": {"all": gettext_lazy("in all"), "source": gettext_lazy("a publication, or not told by what")},
    "about": SAID,
}
SPOKEN: dict[str, Mapping[str, Any]] = {
    "used": dict(FollowUp.Used.choices),
    "helped": dict(FollowUp.Helped.choices),
    "hindered": dict(FollowUp.Hindered.choices),
}
YEAR, MONTH = "Y", "F Y"


def column(table: Table, name: str) -> str:
    if name in Track.values:
        return track(name).capitalize()
    return str(IN.get((table.name, name)) or COLUMNS[name])


def track(name: str) -> str:
    """A track by its name alone, without what it means."""
    return str(Track(name).label).partition(":")[0]


def value(table: Table, name: str, row: Row, themes: Mapping[str, str]) -> str:
    """A cell in words, for a page and a spreadsheet alike; days as 2026-11-22."""
    cell = row[name]
    if name == "theme":
        return themes.get(str(cell), str(cell))
    if name == "said":
        return str(SPOKEN.get(str(row["about"]), SAID)[str(cell)])
    if name == "by" and isinstance(cell, int):
        return _("answer %(number)s") % {"number": cell}
    if name == "track" and cell in Track.values:
        return track(str(cell))
    if cell is None:
        return untold(table)
    return str(VALUES.get(name, {}).get(str(cell), cell))


def untold(table: Table) -> str:
    """Why a number is not there."""
    if not table.few:
        return ""
    return _("fewer than five") if table.few == FEWEST else _("too few")


def day(moment: date, shape: str = "j F Y") -> str:
    return str(date_format(moment, shape))
