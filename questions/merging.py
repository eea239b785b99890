"""Three texts into one: what somebody had read (base), what they made of it (mine) and what stands now (theirs).

Pure: strings and lists in and out. The way of diff3 (Khanna, Kunal and Pierce 2007): what only one of
the two changed is taken over; where both changed the same place, both stay, between marks.
"""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Literal, TypeVar

from django.utils.translation import gettext as _

# Whoever merges has to choose between what stands inside these; no other text of the desk uses them.
MARK, END = "⟪", "⟫"
# A sentence, or the space after it: so two neighbours can change apart.
SENTENCES = re.compile(r"[^.!?\s][^.!?\n]*[.!?]*|[.!?]+|\s+")
ROWS = ("citations", "consulted")
# More pairs of equal pieces than this cost seconds to compare: such a text is taken as one piece.
MOST_PAIRS = 300_000
Piece = TypeVar("Piece", bound=Hashable)
# same: nobody changed it, or both to the same; mine, theirs: only one did; joined: both did, in different
# places; both: both did, in the same place.
Outcome = Literal["same", "mine", "theirs", "joined", "both"]


@dataclass(frozen=True)
class Merged:
    """One content made of two, what became of each field, and what could not be brought along."""

    content: dict[str, Any]
    outcomes: dict[str, Outcome]
    base: Mapping[str, Any]
    mine: Mapping[str, Any]
    theirs: Mapping[str, Any]
    forgotten: tuple[str, ...] = ()
    texts: tuple[str, ...] = field(default=())


def merge(
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    *,
    texts: Sequence[str],
    choices: Sequence[str],
    forgotten: Sequence[str] = (),
) -> Merged:
    """Contents (as `Revision.content`) merged field by field.

    `texts` may hold both sides at once; of `choices` mine stands where both changed one. Of what is
    `forgotten` only theirs stands: something was taken out there that may not come back.
    """
    content: dict[str, Any] = {}
    outcomes: dict[str, Outcome] = {}
    for name in (*texts, *choices, *ROWS):
        three = [plain(one.get(name, [] if name in ROWS else "")) for one in (base, mine, theirs)]
        if name in forgotten:
            content[name], outcomes[name] = three[2], "same" if three[1] == three[2] else "theirs"
            continue
        content[name], outcomes[name] = one_of(*three, way=way_of(name, texts))
    return Merged(content, outcomes, base, mine, theirs, tuple(forgotten), tuple(texts))


def way_of(name: str, texts: Sequence[str]) -> Callable[[Any, Any, Any], tuple[Any, bool]]:
    """How a field that both changed is merged."""
    if name in ROWS:
        return rows
    return text if name in texts else lambda base, mine, theirs: (mine, False)


def plain(value: Any) -> Any:
    """A field as it is compared: browsers send other ends of lines than programs, and nothing comes as None or ""."""
    if isinstance(value, list | tuple):
        return [{key: plain(text) for key, text in row.items() if text} for row in value if isinstance(row, Mapping)]
    return "" if value is None else str(value).replace("\r\n", "\n")


def one_of(
    base: Any, mine: Any, theirs: Any, *, way: Callable[[Any, Any, Any], tuple[Any, bool]]
) -> tuple[Any, Outcome]:
    if mine == theirs:
        return mine, "same"
    if mine == base:
        return theirs, "theirs"
    if theirs == base:
        return mine, "mine"
    merged, is_clean = way(base, mine, theirs)
    return merged, "joined" if is_clean else "both"


def text(base: str, mine: str, theirs: str) -> tuple[str, bool]:
    """The merged text, sentence by sentence; False when both changed the same place, which then holds both."""
    made, is_clean = [], True
    for chunk in chunks(*(SENTENCES.findall(one) for one in (base, mine, theirs))):
        if chunk.is_clear:
            made.append("".join(chunk.result))
            continue
        is_clean = False
        made.append(side_by_side("".join(chunk.mine), "".join(chunk.theirs)))
    return "".join(made), is_clean


def side_by_side(mine: str, theirs: str) -> str:
    """Both wordings of one place, marked: nobody can overlook that there is something to choose."""
    now, own = _("saved now"), _("yours")
    return f"{MARK}{now}: {theirs.strip()} {END}{MARK}{own}: {mine.strip()} {END}{ending(mine) or ending(theirs)}"


def ending(piece: str) -> str:
    return piece[len(piece.rstrip()) :]


def rows(base: list[Any], mine: list[Any], theirs: list[Any]) -> tuple[list[Any], bool]:
    """The merged rows: each that either added, none that either took out; where both changed one, both rows."""
    made: list[Any] = []
    is_clean = True
    for chunk in chunks(*([tuple(sorted(row.items())) for row in side] for side in (base, mine, theirs))):
        if chunk.is_clear:
            made += chunk.result
            continue
        # Two new rows in the same place do not contradict each other; two wordings of one row may.
        is_clean &= not chunk.base
        made += [*chunk.theirs, *(row for row in chunk.mine if row not in chunk.theirs)]
    return [dict(row) for row in dict.fromkeys(made)], is_clean


@dataclass(frozen=True)
class Chunk:
    """A stretch of the three sides that belongs together."""

    base: Sequence[Any]
    mine: Sequence[Any]
    theirs: Sequence[Any]

    @property
    def is_clear(self) -> bool:
        return self.mine == self.theirs or self.base in (self.mine, self.theirs)

    @property
    def result(self) -> Sequence[Any]:
        return self.theirs if self.mine == self.base else self.mine


def chunks(base: Sequence[Piece], mine: Sequence[Piece], theirs: Sequence[Piece]) -> Iterator[Chunk]:
    """The three sides cut where all three agree."""
    to_mine, to_theirs = matches(base, mine), matches(base, theirs)
    i = j = k = 0
    for at, piece in enumerate(base):
        if at not in to_mine or at not in to_theirs:
            continue
        if (at, to_mine[at], to_theirs[at]) != (i, j, k):
            yield Chunk(base[i:at], mine[j : to_mine[at]], theirs[k : to_theirs[at]])
        yield Chunk([piece], [piece], [piece])
        i, j, k = at + 1, to_mine[at] + 1, to_theirs[at] + 1
    if (i, j, k) != (len(base), len(mine), len(theirs)):
        yield Chunk(base[i:], mine[j:], theirs[k:])


def matches(old: Sequence[Piece], new: Sequence[Piece]) -> dict[int, int]:
    """Place in `old` → place in `new` of each piece that stayed."""
    return {block.a + n: block.b + n for block in blocks(old, new) for n in range(block.size)}


def blocks(old: Sequence[Piece], new: Sequence[Piece]) -> list[Any]:
    """What stayed, as difflib tells it; nothing for texts that would keep us busy."""
    return SequenceMatcher(is_space, old, new, autojunk=False).get_matching_blocks() if is_cheap(old, new) else []


def is_space(piece: Hashable) -> bool:
    """Space belongs to what stands beside it: it is never the place where two texts are found to be alike."""
    return isinstance(piece, str) and piece.isspace()


def is_cheap(old: Sequence[Piece], new: Sequence[Piece]) -> bool:
    """Whether comparing ends soon: the work grows with the pairs of equal pieces, not with the length."""
    ours, other = Counter(old), Counter(new)
    return sum(count * other[piece] for piece, count in ours.items() if not is_space(piece)) <= MOST_PAIRS
