"""Why something was found: the sentence of a passage that answers best, its words marked.

Best is by words alone. Encoding the sentences of ten hits to find the one nearest in meaning would
cost about 30 ms a sentence, more than the whole search; what meaning alone found is shown from its
beginning, or by what few words it shares.

The text of a large corpus is never the same twice, so nothing is remembered by passage, only by
word: which words hold which terms, and for the query at hand which words hold none of its own.
"""

import re
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import NamedTuple

from evidence import words

LONGEST = 300
LONG_WORD = 8  # letters; from here on a word may be a compound
REMEMBERED = 32_768  # words with their terms, some 10 MB
LEAD = 8  # words shown before the match when a sentence has to be cut

Span = tuple[int, int]

# A word as it stands in the text: also with accents written apart and soft hyphens inside.
_WORD = re.compile(r"[^\W_][\w\u00ad\u0300-\u036f]*(?:[-\u2010\u2011][^\W_][\w\u00ad\u0300-\u036f]*)*")
# Where a sentence ends, as passages.py has it, and where a paragraph does.
_BREAK = re.compile(r"[.!?…\n](?:(?<!\n)[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-ZÀ-Þ0-9])|(?<=\n)\s*\n)")


class Excerpt(NamedTuple):
    """A stretch of a passage. `marks`: start and end of each matching word, in code points."""

    text: str
    marks: tuple[Span, ...] = ()


def best(body: str, weights: Mapping[str, float], longest: int = LONGEST) -> Excerpt:
    """At most `longest` characters of `body`: its best sentence by summed term weights, and what
    follows it in its paragraph while there is room; the beginning when no word matches."""
    looking = _looking_for(frozenset(weights))
    first, sentences = 0, _sentences(body)
    if looking.in_text(body):
        worth = [sum(weights[term] for term in looking.in_text(sentence)) for sentence, _ in sentences]
        first = worth.index(max(worth))
    text = _joined(sentences[first:], longest)
    if len(text) > longest:
        text = _around(text, weights, longest)
    return Excerpt(text, marks(text, weights))


def marks(text: str, terms: Collection[str]) -> tuple[Span, ...]:
    """Where the words stand in `text` that hold one of these terms; start and end in code points."""
    looking = _looking_for(frozenset(terms))
    found: list[Span] = []
    for written in looking.written(text):
        inside = [match.span() for match in _WORD.finditer(written) if looking.in_text(match.group())]
        place = text.find(written)
        while place >= 0:
            end = place + len(written)
            if not (text[max(0, place - 1) : place] + text[end : end + 1]).strip():  # no part of another word
                found += [(place + first, place + last) for first, last in inside]
            place = text.find(written, end)
    return tuple(sorted(found))


def found_words(text: str, terms: Collection[str]) -> list[str]:
    """The words of `text` that hold one of these terms, in small letters, each once, in order."""
    return list(dict.fromkeys(text[start:end].lower() for start, end in marks(text, terms)))


def _sentences(body: str) -> list[tuple[str, bool]]:
    """Every sentence as it stands there, and whether a paragraph ends with it; at least one."""
    found: list[tuple[str, bool]] = []
    start = 0
    for match in _BREAK.finditer(body):
        found.append((body[start : match.end()], match.group().count("\n") > 1))
        start = match.end()
    found.append((body[start:], True))
    return [one for one in found if one[1] or not one[0].isspace()]


def _joined(sentences: list[tuple[str, bool]], longest: int) -> str:
    """The first sentence and those after it in its paragraph that fit, spaces made single."""
    text = ""
    for sentence, closes in sentences:
        more = " ".join(sentence.split())
        if text and len(text) + 1 + len(more) > longest:
            break
        text = f"{text} {more}".strip()
        if closes and text:
            break
    return text


def _around(sentence: str, terms: Collection[str], longest: int) -> str:
    """The stretch of a long sentence in which the first matching word stands, cut at words."""
    place = next((start for start, _ in marks(sentence, terms)), 0)
    before = sentence[:place].split(" ")
    if len(before) > LEAD + 1:
        sentence = f"… {' '.join(before[-LEAD - 1 :])}{sentence[place:]}"
    if len(sentence) <= longest:
        return sentence
    return f"{sentence[: longest - 2].rsplit(' ', 1)[0]} …"


class _Looking:
    """Looks for some terms in text after text, and knows the words of before."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self.wanted = wanted
        self.without: set[str] = set()
        self.holding: dict[str, frozenset[str]] = {}
        self.may_hold = _may_hold(wanted)

    def in_text(self, text: str) -> set[str]:
        """Which of the terms stand in the text. Words are taken with the commas around them."""
        return {term for written in self.written(text) for term in self.holding[written]}

    def written(self, text: str) -> list[str]:
        """The words of the text that hold a term."""
        return [one for one in set(text.split()) - self.without if one in self.holding or self._learn(one)]

    def _learn(self, written: str) -> bool:
        held = frozenset[str]()
        if not written.isascii() or self.may_hold(written.lower()):
            held = self.wanted & _terms(written)
        if held:
            self.holding[written] = held
        elif len(self.without) < REMEMBERED:
            self.without.add(written)
        return bool(held)


@lru_cache(maxsize=16)
def _looking_for(wanted: frozenset[str]) -> _Looking:
    return _Looking(wanted)


@lru_cache(maxsize=REMEMBERED)
def _terms(written: str) -> frozenset[str]:
    return frozenset(words.terms(written))


def _may_hold(wanted: frozenset[str]) -> Callable[[str], object]:
    """A quick no: a word holds a term only if the beginning of it stands in it somewhere.

    A beginning is two letters, each of them doubled or not, since stems differ there (aap, apen);
    a short word may also be irregular and share the first letter only (hielp, help).
    """
    if not wanted:
        return lambda written: None
    starts = {re.sub(r"(.)\1", r"\1", term)[:2] for term in wanted}
    inside = "|".join(sorted("".join(f"{re.escape(sign)}+" for sign in start) for start in starts))
    letters = "".join(map(re.escape, sorted({term[0] for term in wanted})))
    return re.compile(rf"{inside}|^\W*[{letters}].{{0,{LONG_WORD}}}$").search
