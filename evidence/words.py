"""Text to words, for finding: folded, stemmed, and compounds taken apart.

Done here and not by PostgreSQL, whose Dutch misses kind/kinderen and every compound, and whose
results may change with an upgrade of the server. What is stored is exactly what this file makes.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

from evidence import identifiers, lists, stemming
from evidence.lexicon import PARTS, STEM_OF, STOP_WORDS

LONGEST = 64  # characters kept of a word: index entries have a limit, sense ends long before
QUERY_TERMS = 128  # a pasted page is not a more precise question
OPTIONAL_TERMS = 32
COMPOUND = 8  # shorter words are not taken apart
KNOWN_BESIDE_UNKNOWN = 5  # letters of known parts before an unknown rest is believed
UNKNOWN = 4  # letters of such a rest
UNKNOWN_AFTER = 6  # letters of a rest at the end that begins with a vowel: shorter ones are endings
LINKS = ("", "s", "e", "en", "n")
ENDINGS = ("", "s", "e", "en", "n")
JOINED_BY = ("", "s", "en")
CORRECTABLE = 5  # letters: in a shorter word one edit makes just another word

PREFIXES = lists.words("prefixes.txt")  # an unknown rest that is one of these is no word
SUFFIXES = tuple(lists.words("suffixes.txt"))  # nor is one that begins so
UNSURE_TAILS = lists.words("tails.txt")
_ONSETS = ("t", "p", "ch")  # what is written after s at the beginning of a word: st, sp, sch
_LINKED = ("ings", "heids", "teits", "ties", "schaps")

_FOLDED = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "\N{SOFT HYPHEN}": "", "\0": " "})
_OWN = re.compile(r"['’`´]s\b")
_WORD = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)*")
_HYPHEN = re.compile(r"[-\u2010\u2011]")
_QUOTED = re.compile(r'"([^"]*)"|„([^„”“]*)[”“]|“([^“”]*)”|«([^«»]*)»')


@dataclass(frozen=True)
class Query:
    """What is looked up for a query.

    `terms`: its words, each once. `optional`: other ways of writing them, that count only when
    the corpus knows them. `phrases`: what stands between quotation marks, folded. `identifiers`:
    those of the terms (and of the optional ones) that name one thing, as numbers and DOIs do.
    `surfaces`: every word that might be misspelled, as typed but folded, with its terms.
    """

    terms: tuple[str, ...]
    optional: tuple[str, ...]
    phrases: tuple[str, ...]
    identifiers: tuple[str, ...]
    surfaces: dict[str, tuple[str, ...]]


def _recipe() -> str:
    """Changes by itself with the lists and the code, so that nobody can forget to."""
    here = Path(__file__).parent
    code = [here / f"{name}.py" for name in ("words", "stemming", "lexicon", "identifiers")]
    made_of = b"".join(file.read_bytes() for file in [*code, *sorted(lists.DATA.glob("*.txt"))])
    return f"nl2-{blake2b(made_of, digest_size=5).hexdigest()}"


WORDS_RECIPE = _recipe()


def terms(text: str) -> list[str]:
    """The findable words of a text, in order and with repeats; stop words are left out."""
    return [term for token in _tokens(folded(text)) for term in _analysed(token)]


def query_terms(text: str) -> list[str]:
    """The words to look up for a query: each once, at most QUERY_TERMS of them."""
    return list(dict.fromkeys(terms(text)))[:QUERY_TERMS]


def parse(text: str) -> Query:
    """The query taken apart. Any text will do; see Query."""
    clean = folded(text)
    tokens = list(_tokens(clean))[: 2 * QUERY_TERMS]
    found = dict.fromkeys(term for token in tokens for term in _analysed(token))
    sure = tuple(found)[:QUERY_TERMS]
    named = [token for token in tokens if identifiers.is_one(token) and token in sure]
    optional = [term for pair in pairwise(tokens) for term in _joined(*pair)]
    if len(tokens) == 1 and (number := identifiers.number_of(tokens[0])):
        optional.append(number)
        named.append(number)
    kept = tuple(dict.fromkeys(term for term in optional if term not in found))[:OPTIONAL_TERMS]
    pieces = [piece for token in tokens for piece in _HYPHEN.split(token)]
    return Query(
        terms=sure,
        optional=kept,
        phrases=tuple(dict.fromkeys(_phrases(clean))),
        identifiers=tuple(dict.fromkeys(named)),
        surfaces={piece: _analysed(piece) for piece in pieces if is_correctable(piece) and _analysed(piece)},
    )


def vocabulary(texts: Iterable[str]) -> set[str]:
    """The words of the texts as written, folded: letters only, of a length to be misspelled.

    One letter shorter than what is corrected, since a letter too many is an error as well.
    """
    tokens = (piece for text in texts for token in _tokens(folded(text)) for piece in _HYPHEN.split(token))
    return {piece for piece in tokens if piece.isalpha() and CORRECTABLE - 1 <= len(piece) <= LONGEST}


def is_correctable(word: str) -> bool:
    """Whether a folded word is one in which a typing error would be looked for."""
    return CORRECTABLE <= len(word) <= LONGEST and word.isalpha()


def folded(text: str) -> str:
    """Lower case without accents: privé → prive, geïntegreerd → geintegreerd."""
    text = text.casefold().translate(_FOLDED)
    if text.isascii():
        return text
    letters = unicodedata.normalize("NFKD", text).casefold()  # again: 𝐀 is a capital only now
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _tokens(clean: str) -> Iterator[str]:
    """Every word of a folded text, hyphened ones as they stand, identifiers in their one way."""
    start = 0
    for begin, end, identifier in identifiers.of(clean):
        yield from _WORD.findall(_OWN.sub("", clean[start:begin]))
        yield identifier
        start = end
    yield from _WORD.findall(_OWN.sub("", clean[start:] if start else clean))


def _phrases(clean: str) -> Iterator[str]:
    for groups in _QUOTED.findall(clean):
        phrase = " ".join("".join(groups).split())
        if len(_WORD.findall(phrase)) > 1:
            yield phrase


@lru_cache(maxsize=131_072)
def _analysed(token: str) -> tuple[str, ...]:
    """The terms of a token; of a hyphened one those of its pieces and of the whole joined."""
    if identifiers.is_one(token):
        return (token,)
    pieces = _HYPHEN.split(token)
    if len(pieces) == 1:
        return _terms_of(token)
    joined = (_stem("".join(pieces)),) if len(token) <= LONGEST else ()
    return tuple(term for piece in pieces for term in _terms_of(piece)) + joined


def _terms_of(word: str) -> tuple[str, ...]:
    if word in STOP_WORDS or (len(word) == 1 and not word.isdigit()):
        return ()
    word = word[:LONGEST]
    return tuple(dict.fromkeys((_stem(word), *map(_stem, _useful(compound_parts(word))))))


def _useful(parts: Iterable[str]) -> list[str]:
    return [part for part in parts if part not in STOP_WORDS]


def _stem(word: str) -> str:
    return STEM_OF.get(word) or stemming.stem(word)


@lru_cache(maxsize=16_384)
def _joined(one: str, other: str) -> tuple[str, ...]:
    """The terms two adjacent words would have as one word, where at least one is a known part."""
    known = (one in PARTS) + (other in PARTS)
    if not known or any(len(word) < 3 or not word.isalpha() or word in STOP_WORDS for word in (one, other)):
        return ()
    links = JOINED_BY if known == 2 else ("",)
    return tuple(dict.fromkeys(_stem(f"{one}{link}{other}"[:LONGEST]) for link in links))


def compound_parts(word: str) -> tuple[str, ...]:
    """The parts a Dutch compound is made of; empty when it is not one (or nobody can tell).

    Known parts with linking letters must cover the word; one unknown rest of at least four
    letters is allowed at either end. Least unknown wins, then the fewest parts.
    """
    if len(word) < COMPOUND or not word.isalpha() or _is_whole(word):
        return ()
    candidates = [_covered(word, 0)]
    for cut in range(UNKNOWN, len(word) - UNKNOWN + 1):
        if _may_begin(word[:cut]) and (rest := _covered(word, cut)) and rest[0] not in UNSURE_TAILS:
            candidates.append((word[:cut], *rest))
        if _may_end(word[:cut], word[cut:]) and (head := _covered(word[:cut], 0)):
            candidates.append((*head, word[cut:]))
    possible = [parts for parts in candidates if parts is not None and _believable(parts)]
    return min(possible, key=_doubt, default=())


def _is_whole(word: str) -> bool:
    return word in PARTS or word in STEM_OF or _stem(word) in _PART_STEMS


def _may_begin(rest: str) -> bool:
    return rest not in PREFIXES and not stemming.VOWELS.isdisjoint(rest)


def _may_end(head: str, rest: str) -> bool:
    if rest.startswith(SUFFIXES) or stemming.VOWELS.isdisjoint(rest):
        return False
    if head.endswith("s") and rest.startswith(_ONSETS) and not head.endswith(_LINKED) and head[:-1] in PARTS:
        return False  # doel-stelling, not doels-telling
    return rest[0] not in stemming.VOWELS or len(rest) >= UNKNOWN_AFTER


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


_PART_STEMS = frozenset(map(_stem, PARTS))
