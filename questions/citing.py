"""Citations inside a text: `[@key]`, `[@key; @other]`, `[@key, p. 4]`. What stands in code is none."""

import re
from collections.abc import Iterator

CITE = re.compile(r"\[@([-\w]+(?:\s*;\s*@[-\w]+)*)(?:,\s*([^\[\]\n]{1,100}))?\]")
# Code in a line or between fences, as Markdown knows it; inside, nothing is a citation.
CODE = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)|(`+)(?!`)[^\n]*?(?<!`)\2(?!`)", re.DOTALL | re.MULTILINE)
MARKS = re.compile(r"\[@[^\]\n]{0,300}\]|^\s*(?:#{1,6}|>|[-*+]|\d+[.)])\s+|\*\*|[*`]", re.MULTILINE)
STOP = re.compile(r"(?<=[.!?])\s+|\n+")
LONGEST_CLAIM = 1_000  # characters of a claim that was taken from the text


def keys(text: str) -> Iterator[tuple[str, str, str]]:
    """Key, locator and the sentence around it of every citation in `text`, in reading order."""
    covered = CODE.sub(lambda match: re.sub(r"\S", " ", match.group()), text)
    for match in CITE.finditer(covered):
        for key in match[1].split(";"):
            yield key.strip(" @\t\n"), (match[2] or "").strip(), sentence_at(text, match.start(), match.end())


def sentence_at(text: str, start: int, end: int) -> str:
    """The sentence that holds these characters, without marks of Markdown and citations."""
    edges = [0, *(stop.end() for stop in STOP.finditer(text[:start]))]
    after = STOP.search(text, end)
    sentence = MARKS.sub(" ", text[edges[-1] : after.start() if after else len(text)])
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(sentence.split()))[:LONGEST_CLAIM]
