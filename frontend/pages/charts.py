"""Small drawings of numbers that stand in a table beside them, as shapes for parts/chart.html.

Everything is measured in units of a drawing 320 wide, so that its words can be read on a phone. Looks
come from classes: no colour is written here, and two series differ in more than colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

WIDE = 320
LINE = 13  # from one line of words to the next
TALL = 120  # columns
LEGEND = 18
SERIES = ("one", "two")
MOST = 12  # bars
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    look: str


@dataclass(frozen=True)
class Stroke:
    x1: float
    y1: float
    x2: float
    y2: float
    look: str


@dataclass(frozen=True)
class Words:
    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True)
class Chart:
    """`about` says in a sentence what is to be seen; the numbers themselves stand in the table.

    `reach` explains the thin lines, for everybody to read.
    """

    name: str
    title: str
    about: str
    height: float
    boxes: list[Box]
    strokes: list[Stroke]
    words: list[Words]
    reach: str = ""
    width: int = WIDE


@dataclass(frozen=True)
class Bar:
    """A line of a bar chart: its numbers, one a series; `reach` is how far a thin line goes on."""

    label: str
    values: Sequence[int]
    reach: Sequence[int] = ()


def columns(name: str, title: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]]) -> Chart | None:
    """Columns side by side, for what goes on in time; None when there is nothing to see.

    `labels` name the groups; where there is no room for all, some are left out.
    """
    most = max((max(values, default=0) for _name, values in series), default=0)
    if len(labels) < 2 or not most:
        return None
    top = rounded(most)
    left, foot = 8.0 + 6 * len(str(top)), LEGEND + TALL
    group = (WIDE - left) / len(labels)
    width = min(group * 0.84 / len(series), 24)
    boxes, words = legend([one for one, _values in series])
    strokes = []
    for share in (0, 0.5, 1):
        y = foot - share * (TALL - 8)
        strokes.append(Stroke(left, y, WIDE, y, "line"))
        words.append(Words(left - 4, y + 4, number(top * share), "end"))
    for n, label in enumerate(labels):
        middle = left + (n + 0.5) * group
        for m, (_series, values) in enumerate(series):
            high = values[n] / top * (TALL - 8)
            x = middle + (m - len(series) / 2) * width
            boxes.append(Box(short(x), short(foot - high), short(width * 0.92), short(high), SERIES[m]))
        if n % every(labels, group) == 0:
            words.append(Words(short(middle), foot + LINE, label, "middle"))
    about = highest(labels, series)
    return Chart(name, title, about, foot + LINE + 5, boxes, strokes, words)


def every(labels: Sequence[str], group: float) -> int:
    """One label in how many has room."""
    longest = max(len(label) for label in labels) * 6.2 + 4
    return max(1, -int(-longest // group))


def highest(labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]]) -> str:
    told = []
    for name, values in series:
        most = max(values)
        told.append(
            _("%(what)s: most in %(when)s (%(n)s).")
            % {"what": name, "when": labels[list(values).index(most)], "n": most}
        )
    return " ".join([*told, _("All numbers are in the table.")])


def bars(
    name: str, title: str, series: Sequence[str], rows: Sequence[Bar], reach: str = "", joint: str = " – "
) -> Chart | None:
    """A bar a line, under its label; `reach` says what the thin line means, `joint` stands between the two numbers."""
    rows = rows[:MOST]
    most = max((max([*one.values, *one.reach], default=0) for one in rows), default=0)
    if not most:
        return None
    room = WIDE - 8.0 - 7 * max(len(value_of(one, n, joint)) for one in rows for n in range(len(one.values)))
    boxes, words = legend(series) if len(series) > 1 else ([], [])
    strokes: list[Stroke] = []
    y = float(LEGEND if len(series) > 1 else 0)
    for row in rows:
        words.append(Words(0, y + 11, row.label))
        y += LINE + 3
        for n, value in enumerate(row.values):
            wide, far = value / most * room, (row.reach[n] if row.reach else value) / most * room
            boxes.append(Box(0, short(y), short(wide), 11, SERIES[n]))
            if far > wide:
                strokes.append(Stroke(short(wide), y + 5.5, short(far), y + 5.5, "reach"))
                strokes.append(Stroke(short(far), y + 1, short(far), y + 10, "reach"))
            words.append(Words(short(max(wide, far) + 5), y + 10, value_of(row, n, joint)))
            y += LINE
        y += 6
    return Chart(name, title, _("All numbers are in the table."), y, boxes, strokes, words, reach)


def value_of(row: Bar, n: int, joint: str) -> str:
    return f"{row.values[n]}{joint}{row.reach[n]}" if row.reach else str(row.values[n])


def legend(names: Sequence[str]) -> tuple[list[Box], list[Words]]:
    """What each look stands for, in one line above the drawing."""
    boxes, words, x = [], [], 0.0
    for n, name in enumerate(names):
        boxes.append(Box(x, 1, 10, 10, SERIES[n]))
        words.append(Words(x + 14, 10, name))
        x += 26 + 6.4 * len(name)
    return boxes, words


def rounded(most: int) -> int:
    """The next round number above, so that half of it is easily read."""
    size = 10 ** (len(str(most)) - 1)
    return max(2, int(next(step * size for step in STEPS if step * size >= most)))


def number(value: float) -> str:
    return str(int(value)) if value == int(value) else ""


def short(value: float) -> float:
    """A tenth of a unit is less than can be seen."""
    return round(value, 1)
