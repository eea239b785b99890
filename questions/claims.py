"""Which statement of a short answer rests on which source: pure matching, no tables.

A citation's claim is laid beside the sentences of the short answer. It belongs to a sentence when it
says the same, or when most of its words stand there; a `[@key]` in a sentence names its source outright.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

ENOUGH = 0.6  # of the words of a claim have to stand in a sentence
# Bounded and without a way back, so that no text takes long.
KEY = re.compile(r"\[@([\w:.-]{1,100}+)[^\[\]\n]{0,300}+\]")
MARKS = re.compile(r"[*_`#>]+|^[^\S\n]*(?:[-+]|\d+\.)\s+", re.MULTILINE)
WORD = re.compile(r"\w+")
# Where a sentence ends: a stop and a capital after it, but not after what is usually shortened.
SHORT = "bijv|bv|o\\.a|m\\.b\\.t|d\\.w\\.z|nl|ca|vgl|e\\.g|i\\.e|al|etc|p|pp|nr|dr|prof"
END = re.compile(r"([.!?…][\"'”’)\]]*)\s+(?=[\"'“‘(\[]?[A-ZÀ-Þ0-9@])")
SHORTENED = re.compile(rf"\b(?:{SHORT})\.$", re.IGNORECASE)


@dataclass(frozen=True)
class Cited:
    """A citation as it counts here: its number in the answer, the key of its source, claim and place."""

    n: int
    key: str
    claim: str
    locator: str = ""


@dataclass
class Statement:
    """One sentence of the short answer and the citations that carry it."""

    text: str
    keys: list[str] = field(default_factory=list)
    cited: list[Cited] = field(default_factory=list)

    @property
    def rests_on_nothing(self) -> bool:
        return not (self.keys or self.cited)


def sentences(text: str) -> list[str]:
    """The sentences of a short answer as they stand there, keys of sources included."""
    found: list[str] = []
    for line in MARKS.sub("", text).splitlines():
        begin = 0
        for end in END.finditer(line):
            if SHORTENED.search(line[begin : end.end(1)]):
                continue
            found.append(line[begin : end.end(1)])
            begin = end.end()
        found.append(line[begin:])
    return joined([" ".join(one.split()) for one in found if WORD.search(one)])


def joined(found: Sequence[str]) -> list[str]:
    """A key that stands after the stop belongs to the sentence before it."""
    made: list[str] = []
    for one in found:
        rest = one
        while made and (match := KEY.match(rest)):
            made[-1] = f"{made[-1]} {match.group()}"
            rest = rest[match.end() :].lstrip(" .")
        if WORD.search(rest):
            made.append(rest)
    return made


def plain(text: str) -> str:
    """A sentence without the keys of its sources, as it is read."""
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(KEY.sub("", text).split()))


def statements(short_answer: str, citations: Iterable[Cited]) -> list[Statement]:
    """Each sentence of `short_answer` with what it rests on."""
    made = [Statement(plain(one), KEY.findall(one)) for one in sentences(short_answer)]
    for cited in citations:
        for one in places(cited.claim, made):
            one.cited.append(cited)
    return made


def places(claim: str, made: Sequence[Statement]) -> list[Statement]:
    """The statements a claim is about: those that hold it or that it holds, else the one most alike."""
    words = said(claim)
    if not words:
        return []
    same = [one for one in made if f" {' '.join(said(one.text))} " in f" {' '.join(words)} "]
    same = same or [one for one in made if f" {' '.join(words)} " in f" {' '.join(said(one.text))} "]
    if same:
        return same
    best = max(made, key=lambda one: share(words, said(one.text)), default=None)
    return [best] if best is not None and share(words, said(best.text)) >= ENOUGH else []


def said(text: str) -> list[str]:
    return WORD.findall(plain(text).casefold())


def share(words: Sequence[str], sentence: Sequence[str]) -> float:
    """How much of a claim's words stand in a sentence, from 0 to 1."""
    there = set(sentence)
    return sum(word in there for word in words) / len(words)
