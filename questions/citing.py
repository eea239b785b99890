"""Citations inside a text: `[@key]`, `[@key; @other]`, `[@key, p. 4]`. What stands in code is none."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import cache

CITE = re.compile(r"\[@([-\w]+(?:\s*;\s*@[-\w]+)*)(?:,\s*([^\[\]\n]{1,100}))?\]")
# Code in a line or between fences, as Markdown knows it; inside, nothing is a citation.
CODE = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)|(?<!`)(`+)(?!`)[^\n]*?(?<!`)\2(?!`)", re.DOTALL | re.MULTILINE)
MARKS = re.compile(r"\[@[^\]\n]{0,300}\]|^[^\S\n]*(?:#{1,6}|>|[-*+]|\d+[.)])\s+|\*\*|[*`]", re.MULTILINE)
STOP = re.compile(r"(?<=[.!?])\s+|\n+")
LONGEST_CLAIM = 1_000  # characters of a claim that was taken from the text


def keys(text: str) -> Iterator[tuple[str, str, str]]:
    """Key, locator and the sentence around it of every citation in `text`, in reading order."""
    covered = CODE.sub(lambda match: re.sub(r"\S", " ", match.group()), text)
    sentence_at = sentences_of(text)
    for match in CITE.finditer(covered):
        for key in match[1].split(";"):
            yield key.strip(" @\t\n"), (match[2] or "").strip(), sentence_at(match.start(), match.end())


def sentences_of(text: str) -> Callable[[int, int], str]:
    """Gives the sentence that holds some characters, without marks of Markdown and citations.

    Each is read once, however many citations it holds.
    """
    hidden = CITE.sub(lambda match: "@" * len(match.group()), text)  # "p. 4" in a citation ends no sentence
    stops = list(STOP.finditer(hidden))
    begins, ends = [0, *(one.end() for one in stops)], [*(one.start() for one in stops), len(text)]

    @cache
    def cleaned(begin: int, end: int) -> str:
        sentence = " ".join(MARKS.sub(" ", text[begin:end]).split())
        return re.sub(r"\s+([.,;:!?])", r"\1", sentence)[:LONGEST_CLAIM]

    return lambda start, end: cleaned(begins[bisect_right(begins, start) - 1], ends[bisect_left(ends, end)])
