"""An answer in paragraphs, so that somebody can say something of one, and find it again when the text changes."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils import translation
from django.utils.formats import date_format

from evidence.strength import Strength
from questions.states import Direction, GapKind, Significance

HEADING = re.compile(r"\n*#{1,6}\s[^\n]*")
# A paragraph that has this much in common with the one that was quoted is that one, changed.
ALIKE = 0.6
TITLE, SURE, SOURCES, ASKED, EXPERTS = "title", "sure", "citations", "asked_as", "consulted"
GAP_KIND, AGAIN, SIGNIFICANCE, NOTE = "gap_kind", "look_again_on", "significance", "change_note"
TEAM = ("team_questions", "team_try", "team_watch")
# All that readers get, in the order in which they read it; at the end what only a next version says.
FIELDS = (
    TITLE,
    "short_answer",
    SURE,
    ASKED,
    "explanation",
    "conclusion",
    GAP_KIND,
    "gap",
    SOURCES,
    *TEAM,
    EXPERTS,
    AGAIN,
    SIGNIFICANCE,
    NOTE,
)
# Without Markdown.
PLAIN = (TITLE, SURE, ASKED, EXPERTS, GAP_KIND, AGAIN, SIGNIFICANCE, NOTE)
# Words of other people, which they may take back: no copy of them is kept with a remark or a verdict.
OTHERS_WORDS = (ASKED, EXPERTS)


@dataclass(frozen=True)
class Paragraph:
    """Paragraph `n` (from 0) of a field, as it was written."""

    field: str
    n: int
    text: str

    @property
    def quote(self) -> str:
        """What is kept of it beside a remark."""
        return "" if self.field in OTHERS_WORDS else self.text


@dataclass(frozen=True)
class Place:
    """Where a remark belongs now: at a paragraph, which may have changed since, or nowhere any more."""

    paragraph: Paragraph | None
    changed: bool


def split(text: str) -> list[str]:
    """The paragraphs of a Markdown text; a heading belongs to the one below it."""
    found: list[str] = []
    for part in re.split(r"\n[^\S\n]*\n", text.replace("\r\n", "\n")):
        if found and HEADING.fullmatch(found[-1]):
            found[-1] += f"\n\n{part}"
        elif part.strip():
            found.append(part)
    return [part.strip("\n") for part in found]


def paragraphs(version: Any) -> list[Paragraph]:
    """All of an answer, in the order in which it is read."""
    return [Paragraph(field, n, part) for field in FIELDS for n, part in enumerate(parts(version, field))]


def parts(version: Any, field: str) -> list[str]:
    """The paragraphs of one field; its labels and days in the language of the answer, whoever looks."""
    if field in LINES:
        return [words for words in LINES[field](version) if words.strip()]
    if field in LABELLED:
        with translation.override(version.language):
            return [words] if (words := LABELLED[field](version)) else []
    if field == NOTE and version.n == 1:
        return []
    return split(getattr(version, field))


def title(version: Any) -> str:
    """The sharpened question; never the asker's own words."""
    question = version.item.questions.order_by("created_at").first()
    return question.articulated if question is not None else ""


def sure(version: Any) -> str:
    labels = [Strength(version.strength).label] if version.strength else []
    labels += [Direction(version.direction).label] if version.direction else []
    return " – ".join(map(str, labels))


def gap_kind(version: Any) -> str:
    return str(GapKind(version.gap_kind).label) if version.gap_kind else ""


def again(version: Any) -> str:
    return date_format(version.look_again_on, "j F Y") if version.look_again_on else ""


def significance(version: Any) -> str:
    return str(Significance(version.significance).label) if version.significance and version.n > 1 else ""


def sources(version: Any) -> list[str]:
    return [cited(row) for row in version.citations.select_related("source")]


def cited(row: Any) -> str:
    place = f" ({row.locator})" if row.locator else ""
    return f"[@{row.source.key}] {row.claim}{place}"


def experts(version: Any) -> list[str]:
    return [" – ".join(filter(None, [one.name, one.role])) for one in version.consulted.all()]


def team_questions(version: Any) -> list[str]:
    return list(version.team_questions.splitlines())


LINES: dict[str, Callable[[Any], list[str]]] = {SOURCES: sources, EXPERTS: experts, TEAM[0]: team_questions}
LABELLED: dict[str, Callable[[Any], str]] = {
    TITLE: title,
    SURE: sure,
    GAP_KIND: gap_kind,
    AGAIN: again,
    SIGNIFICANCE: significance,
}


def place(field: str, n: int, quoted: str, now: Sequence[Paragraph]) -> Place:
    """Where what was said of `quoted` belongs in the text as it is `now`."""
    here = [one for one in now if one.field == field]
    if field in OTHERS_WORDS:
        return Place(next((one for one in here if one.n == n), None), changed=False)
    same = [one for one in here if one.text == quoted]
    if same:
        return Place(nearest(same, n), changed=False)
    scored = [(likeness(one.text, quoted), -abs(one.n - n), one) for one in here]
    best = max(scored, key=lambda row: row[:2], default=None)
    return Place(best[2] if best and best[0] >= ALIKE else None, changed=True)


def nearest(rows: Iterable[Paragraph], n: int) -> Paragraph:
    return min(rows, key=lambda one: abs(one.n - n))


def likeness(text: str, other: str) -> float:
    """How much two paragraphs have in common, in words: 0 to 1."""
    return SequenceMatcher(None, text.split(), other.split(), autojunk=False).ratio()
