"""What was asked for literally: a number or DOI, the only word, a title in full, a quoted phrase."""

import re
from collections.abc import Sequence

import numpy as np

from evidence import legs, words
from evidence.ranking import Bools

_SIGNS = re.compile(r"[^\w]+")
LONGEST_TITLE = 1_000
RARE = 10  # passages that hold a word: of so few each is what somebody means who types nothing else


def asked(
    text: str, query: words.Query, hits: legs.WordHits, near: Sequence[legs.Neighbour]
) -> tuple[Bools, Bools, Bools]:
    """Which candidates hold an identifier (or the only word) of `text`, have it as title, hold its phrases."""
    return (
        _flags(_named(text, query, hits), near),
        _flags(_titled(text, near), near),
        _flags(_phrased(query.phrases, near), near),
    )


def _flags(those: frozenset[int], near: Sequence[legs.Neighbour]) -> Bools:
    return np.array([one.passage in those for one in near], np.bool_)


def _named(text: str, query: words.Query, hits: legs.WordHits) -> frozenset[int]:
    if query.identifiers:
        return hits.holding(query.identifiers)
    if len(text.split()) == 1 and query.terms:
        return hits.holding(query.terms[:1], at_most=RARE)
    return frozenset()


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
