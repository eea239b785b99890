"""What changed between two wordings, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from questions import merging

# With less in common than this, marks between the words would say nothing: both are read as a whole.
ALIKE = 0.3
# So few words between two changes are taken into the change: a patchwork is hard to read.
ISLAND = 1
WORDS = re.compile(r"\S+\s*|\s+")
AROUND = 150  # characters
SAME, ADDED, REMOVED = "same", "added", "removed"


@dataclass(frozen=True)
class Piece:
    kind: str  # same, added or removed
    text: str


def between(old: str, new: str) -> list[Piece]:
    """The pieces of both texts in reading order; empty when they are equal or have too little in common."""
    before, now = old.split(), new.split()
    found = SequenceMatcher(None, plain(before), plain(now), autojunk=False)
    if before == now or found.ratio() < ALIKE:
        return []
    return [Piece(kind, " ".join(words)) for kind, words in pieces(found, before, now) if words]


def across(old: str, new: str) -> list[Piece]:
    """The pieces of two long texts in reading order, with their own spaces and ends of lines; empty when equal.

    Lines first and words only inside changed lines: so it stays quick, and a moved paragraph stays whole.
    """
    before, now = (text.replace("\r\n", "\n").splitlines(keepends=True) for text in (old, new))
    if before == now:
        return []
    made: list[Piece] = []
    i = j = 0
    for block in [*merging.blocks(before, now), (len(before), len(now), 0)]:
        start, begin, size = tuple(block)
        made += inside("".join(before[i:start]), "".join(now[j:begin]))
        if size:
            made.append(Piece(SAME, "".join(now[begin : begin + size])))
        i, j = start + size, begin + size
    return made


def inside(old: str, new: str) -> list[Piece]:
    """The words that changed between two stretches; both as a whole where they have too little in common."""
    before, now = WORDS.findall(old), WORDS.findall(new)
    found = SequenceMatcher(None, plain(before), plain(now), autojunk=False)
    if not merging.is_cheap(plain(before), plain(now)) or found.ratio() < ALIKE:
        return [Piece(kind, text) for kind, text in ((REMOVED, old), (ADDED, new)) if text]
    return [Piece(kind, "".join(words)) for kind, words in pieces(found, before, now) if words]


def shortened(pieces: list[Piece]) -> list[Piece]:
    """The same pieces, with what did not change cut down to what stands next to a change."""
    return [
        Piece(SAME, f"{one.text[:AROUND]} … {one.text[-AROUND:]}")
        if one.kind == SAME and len(one.text) > 3 * AROUND
        else one
        for one in pieces
    ]


def plain(words: list[str]) -> list[str]:
    """A capital at the start of a sentence is no change."""
    return [word.casefold().strip() for word in words]


def pieces(found: "SequenceMatcher[str]", before: list[str], now: list[str]) -> Iterator[tuple[str, list[str]]]:
    removed: list[str] = []
    added: list[str] = []
    for kind, i, i_end, j, j_end in found.get_opcodes():
        is_island = j_end - j <= ISLAND and j > 0 and j_end < len(now) and (removed or added)
        if kind == "equal" and not is_island:
            yield REMOVED, removed
            yield ADDED, added
            yield SAME, now[j:j_end]
            removed, added = [], []
        else:
            removed, added = removed + before[i:i_end], added + now[j:j_end]
    yield REMOVED, removed
    yield ADDED, added
