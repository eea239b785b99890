"""Cutting long text into passages at the borders of paragraphs and sentences."""

import re
from collections.abc import Iterator

# Dutch takes about 1.5 model tokens a word; with its title a passage stays within 512 of them.
WORDS = 300

_PARAGRAPH = re.compile(r"\n\s*\n")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-ZÀ-Þ0-9])")


def sentences(text: str) -> list[str]:
    """The sentences of a text, as well as punctuation tells; without the space around them."""
    found: list[str] = []
    start = 0
    for match in _SENTENCE.finditer(text):
        found.append(text[start : match.end()].strip())
        start = match.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def paragraphs(text: str) -> list[str]:
    """What stands between blank lines, as it stands there."""
    return [paragraph for paragraph in _PARAGRAPH.split(text) if paragraph.strip()]


def cut(text: str, words: int = WORDS) -> list[str]:
    """`text` in passages of at most `words` words; every word stands in exactly one of them."""
    passages: list[str] = []
    pieces: list[str] = []
    size = 0
    for piece, length, apart in _pieces(text, words):
        if pieces and size + length > words:
            passages.append("".join(pieces).strip())
            pieces, size = [], 0
        pieces.append(f"{apart if pieces else ''}{piece}")
        size += length
    if pieces:
        passages.append("".join(pieces).strip())
    return passages


def _pieces(text: str, words: int) -> Iterator[tuple[str, int, str]]:
    """Whole paragraphs where they fit, else sentences, else runs of words; with what parts them."""
    for paragraph in paragraphs(text):
        if (count := len(paragraph.split())) <= words:
            yield paragraph.strip(), count, "\n\n"
            continue
        apart = "\n\n"
        for sentence in sentences(paragraph):
            tokens = sentence.split()
            if len(tokens) <= words:
                yield sentence, len(tokens), apart
                apart = " "
                continue
            for start in range(0, len(tokens), words):
                run = tokens[start : start + words]
                yield " ".join(run), len(run), apart
                apart = " "
