"""Text to words, for finding: folded, stemmed, and compounds taken apart.

Done here and not by PostgreSQL, whose Dutch misses kind/kinderen and every compound, and whose
results may change with an upgrade of the server. What is stored is exactly what this file makes.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

# The Kraaij-Pohlmann algorithm under its own class: the package's factory would hand out
# another implementation where PyStemmer happens to be installed.
from snowballstemmer.dutch_stemmer import DutchStemmer

DATA = Path(__file__).parent / "data"

LONGEST = 64  # characters kept of a word: index entries have a limit, sense ends long before
QUERY_TERMS = 128  # a pasted page is not a more precise question
COMPOUND = 8  # shorter words are not taken apart
KNOWN_BESIDE_UNKNOWN = 5  # letters of known parts before an unknown rest is believed
UNKNOWN = 4  # letters of such a rest
LINKS = ("", "s", "e", "en", "n")
ENDINGS = ("", "s", "e", "en", "n")

# What the stemmer splits or merges wrongly and what matters at a question desk: stem, forms.
MENDED = {
    "advies": "advies adviezen adviseren adviseert",
    "autisme": "autisme autistisch autistische autist",
    "begaafd": "begaafd begaafde begaafden begaafdheid",
    "begeleid": "begeleid begeleide begeleiden begeleidt begeleiding begeleider begeleiders",
    "cultuur": "cultuur culturen cultureel culturele",
    "differentier": "differentieren differentieert differentiatie gedifferentieerd",
    "dyslexie": "dyslexie dyslectisch dyslectische dyslect",
    "effect": "effect effecten effectief effectieve effectiever effectiviteit",
    "examen": "examen examens examineren",
    "gedrag": "gedrag gedrags gedragingen",
    "goed": "goed goede",
    "jongen": "jongen jongens",
    "kans": "kans kansen",
    "kind": "kind kinderen kinder kinds",
    "leer": "leer leren leert geleerd lerend lerende",
    "lees": "lees lezen leest gelezen lezend lezende",
    "methode": "methode methoden methodes methodisch methodische",
    "motiveer": "motivatie motiveren motiveert gemotiveerd gemotiveerde motiverend motiverende",
    "onderwijs": "onderwijs onderwijzen onderwijst onderwezen",
    "pest": "pest pesten gepest pester pesters",
    "probleem": "probleem problemen problematisch problematische",
    "reken": "reken rekenen rekent gerekend",
    "schrijf": "schrijf schrijven schrijft schreef geschreven schrijvend",
    "speciaal": "speciaal speciale",
    "strategie": "strategie strategieen strategisch strategische",
    "toets": "toets toetsen toetst toetsing toetsingen getoetst",
}

_FOLDED = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "\N{SOFT HYPHEN}": "", "\0": " "})
_OWN = re.compile(r"['’`´]s\b")
_WORD = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)*")
_HYPHEN = re.compile(r"[-\u2010\u2011]")


def _lines(name: str) -> list[str]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


STOP_WORDS = frozenset(word for line in _lines("stopwords.txt") for word in line.split())
PARTS = frozenset(_lines("stems.txt"))
_STEM_OF = {form: stem for stem, forms in MENDED.items() for form in forms.split()}


def _recipe() -> str:
    """Changes by itself with the lists, so that nobody can forget to."""
    made_of = repr((sorted(STOP_WORDS), sorted(PARTS), MENDED, version("snowballstemmer")))
    return f"nl1-{blake2b(made_of.encode(), digest_size=5).hexdigest()}"


WORDS_RECIPE = _recipe()

_stemmer = DutchStemmer()
_stemmer_lock = threading.Lock()  # it keeps the word it works on in itself


def terms(text: str) -> list[str]:
    """The findable words of a text, in order and with repeats; stop words are left out."""
    return [term for token, whole in _tokens(text) for term in _analysed(token, whole)]


def query_terms(text: str) -> list[str]:
    """The words to look up for a query: each once, at most QUERY_TERMS of them."""
    return list(dict.fromkeys(terms(text)))[:QUERY_TERMS]


def folded(text: str) -> str:
    """Lower case without accents: privé → prive, geïntegreerd → geintegreerd."""
    text = text.casefold().translate(_FOLDED)
    if text.isascii():
        return text
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    """Every word, and whether it has to stay whole (a hyphened word written as one)."""
    for match in _WORD.finditer(_OWN.sub("", folded(text))):
        word = match.group()
        pieces = _HYPHEN.split(word)
        for piece in pieces:
            yield piece, False
        if len(pieces) > 1 and len(word) <= LONGEST:
            yield "".join(pieces), True


@lru_cache(maxsize=65_536)
def _analysed(token: str, whole: bool) -> tuple[str, ...]:
    if token in STOP_WORDS or (len(token) == 1 and not token.isdigit()):
        return ()
    token = token[:LONGEST]
    stem = _stem(token)
    parts = () if whole else compound_parts(token)
    return (stem, *(_stem(part) for part in parts if part not in STOP_WORDS))


def _stem(word: str) -> str:
    if word in _STEM_OF:
        return _STEM_OF[word]
    with _stemmer_lock:
        return str(_stemmer.stemWord(word)) or word


def compound_parts(word: str) -> tuple[str, ...]:
    """The parts a Dutch compound is made of; empty when it is not one (or nobody can tell).

    Known parts with linking letters must cover the word; one unknown rest of at least four
    letters is allowed at either end. Least unknown wins, then the fewest parts.
    """
    if len(word) < COMPOUND or not word.isalpha() or word in PARTS or word in _STEM_OF:
        return ()
    candidates = [_covered(word, 0)]
    for cut in range(UNKNOWN, len(word) - UNKNOWN + 1):
        if (rest := _covered(word, cut)) is not None:
            candidates.append((word[:cut], *rest))
        if (head := _covered(word[:cut], 0)) is not None:
            candidates.append((*head, word[cut:]))
    possible = [parts for parts in candidates if parts is not None and _believable(parts)]
    return min(possible, key=_doubt, default=())


def _believable(parts: tuple[str, ...]) -> bool:
    known = sum(len(part) for part in parts if part in PARTS)
    return len(parts) > 1 and (all(part in PARTS for part in parts) or known >= KNOWN_BESIDE_UNKNOWN)


def _doubt(parts: tuple[str, ...]) -> tuple[int, int]:
    return sum(len(part) for part in parts if part not in PARTS), len(parts)


@lru_cache(maxsize=4_096)
def _covered(word: str, start: int) -> tuple[str, ...] | None:
    """The fewest known parts that cover `word` from `start` to its end, or None."""
    best: tuple[str, ...] | None = None
    for end in range(len(word), start + 2, -1):
        part = word[start:end]
        if part not in PARTS:
            continue
        if word[end:] in ENDINGS:
            return (part,)
        for link in LINKS:
            if word.startswith(link, end):
                rest = _covered(word, end + len(link))
                if rest is not None and (best is None or len(rest) + 1 < len(best)):
                    best = (part, *rest)
    return best
