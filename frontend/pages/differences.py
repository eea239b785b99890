"""What changed between two wordings, word by word."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

# With less in common than this, marks between the words would say nothing: both are read as a whole.
ALIKE = 0.3
# So few words between two changes are taken into the change: a patchwork is hard to read.
ISLAND = 1
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


def plain(words: list[str]) -> list[str]:
    """A capital at the start of a sentence is no change."""
    return [word.casefold() for word in words]


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
