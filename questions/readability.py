"""How long a text is and how it reads, by stated formulas. They count words; whether a text is clear they cannot tell.

Dutch: Flesch-Douma, 206.84 - 0.93 × words a sentence - 77 × syllables a word (W.H. Douma, *De leesbaarheid van
landbouwbladen*, Wageningen 1960). English: Flesch reading ease, 206.835 - 1.015 × words a sentence -
84.6 × syllables a word (R. Flesch, *A new readability yardstick*, 1948). Syllables are counted by groups of vowels.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WORDS_A_MINUTE = 230  # silent reading of plain prose (Brysbaert 2019: 238 in English, less in longer words)
LONG_SENTENCE = 25  # words
LEAST_WORDS = 30  # with fewer, the formula says nothing

CODE = re.compile(r"^ {0,3}(?:```|~~~).*?(?:^ {0,3}(?:```|~~~)|\Z)", re.DOTALL | re.MULTILINE)
UNREAD = re.compile(
    r"\[@[^\]\n]{0,300}\]|https?://\S+|\]\([^)\n]{0,300}\)|^ {0,3}(?:#{1,6}|>|[-*+]|\d+[.)]) ", re.MULTILINE
)
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# A heading or an item of a list ends where its line ends; elsewhere a line goes on.
SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]*[^\W_a-zà-ÿ])|\n\s*\n")
BLOCK = re.compile(r"^( {0,3}(?:#{1,6}|[-*+]|\d+[.)]|>) .*)$", re.MULTILINE)

DUTCH = re.compile(
    r"e(?=um\b)|aai|ooi|oei|eeuw?|ieuw?|aa|ee|ïe|ie|oe|oo|uu|au|ou|ui|eu|ei|ij|y|[aeiouàáâäèéêëìíîïòóôöùúûü]"
)
ENGLISH = re.compile(r"[aeiouy]+")
SILENT = re.compile(r"(?:[^laeiouy]es|[^l\W]e|[^dt\W]ed)$")


@dataclass(frozen=True)
class Formula:
    name: str
    start: float
    a_sentence: float
    a_word: float


FORMULAS = {"nl": Formula("Flesch-Douma", 206.84, 0.93, 77.0), "en": Formula("Flesch", 206.835, 1.015, 84.6)}
# From which score on a text is called so.
LEVELS = (
    (80, gettext_lazy("very easy to read")),
    (65, gettext_lazy("easy to read")),
    (50, gettext_lazy("somewhat difficult to read")),
    (30, gettext_lazy("difficult to read")),
    (float("-inf"), gettext_lazy("very difficult to read")),
)
PLAIN = 65


@dataclass(frozen=True)
class Reading:
    """Counts of a text; `score` is None when it is too short to say. Higher scores read more easily."""

    words: int
    minutes: int
    sentences: int
    longest: int
    longest_sentence: str
    score: int | None
    formula: str
    level: str
    advice: list[str]


def reading(text: str, language: str) -> Reading:
    """How `text` (Markdown) reads in `language` ("nl", "en")."""
    sentences = [(one, WORD.findall(one)) for one in sentences_of(text)]
    sentences = [(one, words) for one, words in sentences if words]
    words = [word for _one, found in sentences for word in found]
    longest = max(sentences, key=lambda pair: len(pair[1]), default=("", []))
    formula = FORMULAS.get(language, FORMULAS["nl"])
    score = flesch(formula, words, len(sentences), language) if len(words) >= LEAST_WORDS else None
    return Reading(
        words=len(words),
        minutes=max(1, round(len(words) / WORDS_A_MINUTE)) if words else 0,
        sentences=len(sentences),
        longest=len(longest[1]),
        longest_sentence=" ".join(longest[0].split()),
        score=score,
        formula=formula.name,
        level="" if score is None else next(str(name) for least, name in LEVELS if score >= least),
        advice=advice(score, len(longest[1])),
    )


def flesch(formula: Formula, words: list[str], sentences: int, language: str) -> int:
    a_word = sum(syllables(word, language) for word in words) / len(words)
    return round(formula.start - formula.a_sentence * len(words) / sentences - formula.a_word * a_word)


def advice(score: int | None, longest: int) -> list[str]:
    """What would make it easier. Nothing is ever refused for it."""
    told = []
    if longest > LONG_SENTENCE:
        told.append(_("Your longest sentence has %(n)s words. Can you cut it in two?") % {"n": longest})
    if score is not None and score < PLAIN:
        told.append(_("Shorter sentences and shorter words make it easier to read."))
    return told


def sentences_of(text: str) -> list[str]:
    """The sentences of a Markdown text, without code, addresses, marks and keys."""
    lines = BLOCK.sub("\n\n\\1\n\n", CODE.sub("\n\n", text.replace("\r\n", "\n")))
    return SENTENCE.split(UNREAD.sub(" ", lines))


def syllables(word: str, language: str) -> int:
    """About how many syllables a word has; at least one."""
    plain = word.lower()
    if language != "en":
        return max(1, len(DUTCH.findall(plain)))
    count = len(ENGLISH.findall(plain))
    return max(1, count - 1 if count > 1 and SILENT.search(plain) else count)
