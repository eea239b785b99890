"""How long an answer takes, in words: of the desk, and of one question."""

from dataclasses import dataclass
from math import ceil

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from questions import throughput
from questions.models import Question
from questions.throughput import DateRange, Range

WEEK = 5  # working days
IN_DAYS = 10  # up to so many working days are said in days


@dataclass(frozen=True)
class Pace:
    """A sentence, and what it rests on (empty when it rests on nothing)."""

    sentence: str
    basis: str = ""


def usual(track: str = "") -> Pace:
    """How long most questions take."""
    found = throughput.usual(track)
    if found is None:
        return Pace(unknown())
    return Pace(
        how_long(found),
        _("Measured over the last %(cases)s cases. Days on which we wait for the asker do not count.")
        % {"cases": found.cases},
    )


def unknown() -> str:
    return _("We cannot say yet how long an answer takes: too few questions have been answered so far.")


def how_long(found: Range) -> str:
    in_days = found.last <= IN_DAYS
    first, last = (found.first, found.last) if in_days else (max(1, found.first // WEEK), ceil(found.last / WEEK))
    if last == 1:
        return _("Most questions get an answer within one working day.")
    if in_days and first == last:
        words = _("Most questions get an answer within %(last)s working days.")
    elif in_days:
        words = _("Most questions get an answer within %(first)s to %(last)s working days.")
    elif first == last:
        words = _("Most questions get an answer within %(last)s weeks.")
    else:
        words = _("Most questions get an answer within %(first)s to %(last)s weeks.")
    return words % {"first": first, "last": last}


def of(question: Question, *, waits: bool, is_mine: bool) -> Pace | None:
    """When this asker may expect an answer; `waits`: whether somebody works for them now.

    `is_mine`: whether it is this person who is waited for when the clock stands still.
    """
    found = throughput.expected(question)
    if found is None:
        return Pace(unknown()) if waits else None
    if found.is_paused:
        return Pace(_("Your question waits until we hear from you.") if is_mine else paused())
    return in_words(found)


def paused() -> str:
    return _("As long as we wait for the asker, the clock stands still.")


def in_words(found: DateRange) -> Pace:
    measured = _("This is how long most questions take, measured over the last %(cases)s cases. It is no promise.")
    if found.first is None or found.last is None:
        late = _("This question takes longer than most. We cannot say when the answer will be there.")
        return Pace(late, measured_over(found.cases))
    if found.first == found.last:
        words = _("You can expect an answer around %(last)s.")
    else:
        words = _("You can expect an answer between %(first)s and %(last)s.")
    days = {"first": date_format(found.first, "j F Y"), "last": date_format(found.last, "j F Y")}
    return Pace(words % days, measured % {"cases": found.cases})


def measured_over(cases: int) -> str:
    return _("Compared with the last %(cases)s cases.") % {"cases": cases}
