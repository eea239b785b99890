"""Tables as files for a spreadsheet."""

import csv
import io
from collections.abc import Iterable

from frontend.pages.around import language

# The wide ones too: a Japanese spreadsheet reads them as the narrow ones.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def file(rows: Iterable[Iterable[str]]) -> str:
    """`rows` as CSV in the reader's language.

    With a byte order mark, by which spreadsheets know UTF-8; in Dutch with semicolons, the only ones a
    Dutch spreadsheet takes apart by itself.
    """
    out = io.StringIO()
    written = csv.writer(out, delimiter=";" if language() == "nl" else ",", lineterminator="\r\n")
    written.writerows([harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def harmless(cell: str) -> str:
    """What a spreadsheet would take for a formula is text to it after a quote mark."""
    starts = cell.startswith(("\t", "\r", "\n")) or cell.lstrip().startswith(FORMULA)
    return f"'{cell}" if starts else cell
