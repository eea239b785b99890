"""The page that tells how the desk does: tables with words, drawings of some of them, and the same as CSV."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evidence.models import Theme
from frontend.pages import figures, spreadsheet
from frontend.pages.around import local, short_month
from frontend.pages.charts import Bar, Chart, bars, columns
from questions import insight, periods
from questions.periods import Period
from questions.tables import Row, Table

MOST = 40  # rows of a table on the page; the file has all
PARTS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("cases", gettext_lazy("Cases"), ("months", "flow", "now", "reopened")),
    ("time", gettext_lazy("Time"), ("times", "stages")),
    ("people", gettext_lazy("Brokers"), ("load",)),
    ("help", gettext_lazy("Did it help?"), ("helped", "without_case", "feedback", "afterwards")),
    ("subjects", gettext_lazy("What is asked"), ("themes", "sectors")),
    ("searching", gettext_lazy("Searching"), ("searches", "words")),
)
CHOICES: dict[str, Any] = {
    "month": gettext_lazy("this month"),
    "quarter": gettext_lazy("this quarter"),
    "school_year": gettext_lazy("this school year"),
    "school_year_before": gettext_lazy("last school year"),
    "twelve_months": gettext_lazy("last twelve months"),
}


@dataclass(frozen=True)
class Choice:
    label: str
    url: str
    chosen: bool


@dataclass(frozen=True)
class Line:
    heads: list[str]
    cells: list[str]


@dataclass(frozen=True)
class Shown:
    """A table in words. `left` is how many rows stand only in the file."""

    name: str
    title: str
    about: str
    heads: list[str]
    columns: list[str]
    lines: list[Line]
    left: int
    file: str
    is_empty: bool
    chart: Chart | None


@dataclass(frozen=True)
class Part:
    name: str
    title: str
    tables: list[Shown]


@dataclass(frozen=True)
class Insight:
    first: date
    last: date
    choices: list[Choice]
    short: list[str]
    parts: list[Part]


def page(user: Any, period: Period) -> Insight:
    tables = insight.read(user, period)
    themes = labels_of_themes()
    parts = [
        Part(name, str(title), [shown(tables[one], period, themes) for one in names if one in tables])
        for name, title, names in PARTS
    ]
    return Insight(
        period.first, period.last, choices(period), list(in_short(tables)), [part for part in parts if part.tables]
    )


def choices(period: Period | None = None) -> list[Choice]:
    return [Choice(str(CHOICES[name]), f"?{asked(one)}", one == period) for name, one in periods.choices().items()]


def asked(period: Period) -> str:
    return urlencode({"from": period.first.isoformat(), "to": period.last.isoformat()})


def labels_of_themes() -> dict[str, str]:
    return {theme.slug: local(theme, "label") for theme in Theme.objects.all()}


def in_short(tables: Mapping[str, Table]) -> Iterator[str]:
    """What somebody wants to know first, in sentences."""
    came = sum_of(tables["months"], "came_in")
    ended = {name: sum_of(tables["months"], name) for name in ("answered", "referred", "other")}
    yield ngettext("%(n)s question came in.", "%(n)s questions came in.", came) % {"n": came}
    yield _("Ended: %(answered)s with an answer, %(referred)s with a referral, %(other)s otherwise.") % ended
    times = tables["times"].rows[0]
    if times["ours_median"] is not None:
        yield _("Half of the cases took us %(half)s working days or less, nine in ten %(most)s or less.") % {
            "half": times["ours_median"],
            "most": times["ours_p90"],
        }
    still = tables["now"].rows
    yield _("Open at this moment: %(n)s.") % {"n": sum(int(str(row["all"])) for row in still)}


def sum_of(table: Table, name: str) -> int:
    return sum(int(str(row[name])) for row in table.rows)


def shown(table: Table, period: Period, themes: Mapping[str, str]) -> Shown:
    title, about = figures.TITLES[table.name]
    rows = table.rows[:MOST]
    return Shown(
        name=table.name,
        title=str(title),
        about=str(about),
        heads=[figures.column(table, name) for name in table.columns[: table.heads]],
        columns=[figures.column(table, name) for name in table.numbers],
        lines=[
            Line(
                [in_words(table, name, row, period, themes) for name in table.columns[: table.heads]],
                [in_words(table, name, row, period, themes) for name in table.numbers],
            )
            for row in rows
        ],
        left=len(table.rows) - len(rows),
        file=f"{reverse('insight-file', args=[table.name])}?{asked(period)}",
        is_empty=table.is_empty,
        chart=chart(table, period, themes),
    )


def in_words(table: Table, name: str, row: Row, period: Period, themes: Mapping[str, str]) -> str:
    cell = row[name]
    if isinstance(cell, date):
        return figures.day(cell, *([figures.YEAR if period.is_long else figures.MONTH] if name == "month" else []))
    return figures.value(table, name, row, themes)


# --- Drawings -------------------------------------------------------------------------------


def chart(table: Table, period: Period, themes: Mapping[str, str]) -> Chart | None:
    made = {"months": of_months, "searches": of_searches, "times": of_times, "load": of_load, "themes": of_themes}
    return made[table.name](table, period, themes) if table.name in made and not table.is_empty else None


def of_months(table: Table, period: Period, themes: Mapping[str, str]) -> Chart | None:
    ended = [sum(int(str(row[name])) for name in ("answered", "referred", "other")) for row in table.rows]
    series = [(_("came in"), numbers(table, "came_in")), (_("ended"), ended)]
    return columns(table.name, str(figures.TITLES[table.name][0]), when(table, period), series)


def of_searches(table: Table, period: Period, themes: Mapping[str, str]) -> Chart | None:
    series = [(_("searches"), numbers(table, "made")), (_("nothing found"), numbers(table, "empty"))]
    return columns(table.name, str(figures.TITLES[table.name][0]), when(table, period), series)


def of_times(table: Table, period: Period, themes: Mapping[str, str]) -> Chart | None:
    rows = [row for row in table.rows if row["ours_median"] is not None]
    lines = [
        Bar(
            figures.value(table, "track", row, themes),
            [int(str(row[f"{who}_median"])) for who in ("ours", "asker")],
            [int(str(row[f"{who}_p90"])) for who in ("ours", "asker")],
        )
        for row in rows
    ]
    reach = _("A bar ends at the days of half of the cases, the thin line at those of nine in ten.")
    return bars(table.name, str(figures.TITLES[table.name][0]), [_("we"), _("the asker")], lines, reach)


def of_load(table: Table, period: Period, themes: Mapping[str, str]) -> Chart | None:
    lines = [
        Bar(str(row["broker"]), [int(str(row["open"]))], [max(int(str(row["open"])), int(str(row["capacity"])))])
        for row in table.rows
    ]
    reach = _("A bar ends at the open cases, the thin line at what somebody can carry.")
    of = _("of")
    return bars(table.name, str(figures.TITLES[table.name][0]), [_("open")], lines, reach, f" {of} ")


def of_themes(table: Table, period: Period, themes: Mapping[str, str]) -> Chart | None:
    lines = [
        Bar(figures.value(table, "theme", row, themes), [int(str(row["all"]))]) for row in table.rows if row["all"]
    ]
    return bars(table.name, _("Ended cases by theme"), [_("ended")], lines)


def numbers(table: Table, name: str) -> list[int]:
    return [int(str(row[name])) for row in table.rows]


def when(table: Table, period: Period) -> list[str]:
    """Months by their first letters, with the year where it begins."""
    if period.is_long:
        return [figures.day(day, figures.YEAR) for row in table.rows if isinstance(day := row["month"], date)]
    return [figures.day(day, short_month()) for row in table.rows if isinstance(day := row["month"], date)]


# --- CSV ------------------------------------------------------------------------------------


def file(user: Any, period: Period, name: str) -> str | None:
    """Table `name` as CSV in the reader's language, or None when there is none of that name for them.

    Days are written 2026-11-22.
    """
    table = insight.read(user, period).get(name)
    if table is None:
        return None
    themes = labels_of_themes()
    head = [figures.column(table, one) for one in table.columns]
    return spreadsheet.file(
        [head, *([in_file(table, one, row, themes) for one in table.columns] for row in table.rows)]
    )


def in_file(table: Table, name: str, row: Row, themes: Mapping[str, str]) -> str:
    cell = row[name]
    if isinstance(cell, date):
        return cell.isoformat()
    return figures.value(table, name, row, themes)
