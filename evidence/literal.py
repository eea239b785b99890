"""What was asked for literally: a number or DOI, the only word, a title in full, a quoted phrase."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from evidence import legs, words

_SIGNS = re.compile(r"[^\w]+")
LONGEST_TITLE = 1_000


@dataclass(frozen=True)
class Asked:
    """Ids of the passages that hold what was asked for, by what it was."""

    identifier: frozenset[int] = frozenset()
    titled: frozenset[int] = frozenset()
    phrase: frozenset[int] = frozenset()

    def of(self, passage: int) -> tuple[bool, bool, bool]:
        return passage in self.identifier, passage in self.titled, passage in self.phrase


def asked(text: str, query: words.Query, hits: legs.WordHits, near: Sequence[legs.Neighbour]) -> Asked:
    """Which of the candidates hold literally what `text`, taken apart as `query`, asks for."""
    named = query.identifiers or (query.terms[:1] if len(text.split()) == 1 else ())
    return Asked(hits.holding(named) if named else frozenset(), _titled(text, near), _phrased(query.phrases, near))


def _titled(text: str, near: Sequence[legs.Neighbour]) -> frozenset[int]:
    if len(text) > LONGEST_TITLE or not (wanted := _bare(text)):
        return frozenset()
    length = len(wanted)  # signs and accents change a length little: most titles need no closer look
    like = (one for one in near if length <= len(one.title) + 8 and len(one.title) <= 2 * length + 8)
    return frozenset(one.passage for one in like if _bare(one.title) == wanted)


def _phrased(phrases: Sequence[str], near: Sequence[legs.Neighbour]) -> frozenset[int]:
    """Those in which every phrase stands, word for word."""
    if not phrases:
        return frozenset()
    wanted = [f" {_bare(phrase)} " for phrase in phrases]
    texts = legs.texts([one.passage for one in near])
    return frozenset(
        passage
        for passage, (title, body, *_) in texts.items()
        if all(phrase in f" {_bare(title)} \n {_bare(body)} " for phrase in wanted)
    )


def _bare(text: str) -> str:
    """Folded, and one space for whatever is no letter or digit."""
    return _SIGNS.sub(" ", words.folded(text)).strip()
