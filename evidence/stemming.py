"""Dutch words to stems by rule: inflection only, so that what differs in meaning stays apart.

Plurals, diminutives, endings of adjectives and infinitives, and -heid and -ing where they only
make a noun of the same thing. Prefixes are never cut: `gelijk` is not `lijk`, `onderzoek` not
`zoek`. A few rules bring English words to the stem of the Dutch cognate. Written for this file
after the spelling rules of Dutch (open and closed syllables, final f and s for v and z).
"""

import re

from evidence import lists

VOWELS = frozenset("aeiouy")
DOUBLED = frozenset(2 * letter for letter in "bdfgklmnprstz")
_FINAL = {"v": "f", "z": "s"}
_GROUPS = re.compile(r"ij|[aeiouy]+")
_LONG = re.compile(r"(aa|ee|oo|uu)(?=[^aeiouy]$)")

# Endings in s that are a plural (or a genitive) after more than one syllable.
_PLURAL_S = re.compile(
    r"(?:[aeo]{2}[lmnr]|on|e[lmnr]|[aio]r|eu[rx]|ier|ie|[^aeiou]e|ee|eau|[aiou]|y|um|ion|ing|nt|ct|[aeo]p|lm|am|ist|ail|eam|ck)s$"
)
_DIMINUTIVE = re.compile(r"(?P<stem>.{3,}?)(?:(?<=[lmnrgpbt])etje|(?<=[aeiouylnrw])tje|(?<=m)pje|(?<=[bdfgklpst])je)$")
_PREFIXED = re.compile(
    r"(?:be|ver|ont|her|er|aan|af|bij|door|in|mede|na|om|onder|op|over|samen|toe|uit|voor|weer)[^aeiou]?.*[aeiou]"
)
_WHOLE = lists.words("whole.txt")
_COGNATE = (("ity", "iteit"), ("tion", "tie"), ("ation", "atie"), ("ive", "ief"))


def stem(word: str) -> str:
    """The stem of a folded word; a word that is short, or not of letters only, is its own."""
    if len(word) < 4 or not word.isalpha() or not word.isascii():
        return word
    return canonical(_uninflected(_cognate(word)))


def canonical(stem: str) -> str:
    """One spelling of a stem: beyond the first syllable a long vowel is written single.

    Nobody can tell by rule whether the open syllable of `beoordelen` (beoordeel) and `rekenen`
    (reken) is long; written single, both meet their stem, and `digitaal` meets `digitale`.
    """
    if len(_GROUPS.findall(stem)) > 1 or "iaal" in stem or "ueel" in stem:
        return _LONG.sub(lambda long: long.group()[0], stem)
    return stem


def closed(stem: str) -> str:
    """A stem whose ending in a vowel was cut, spelled as a word: klass → klas, lez → lees."""
    if stem[-2:] in DOUBLED:
        return stem[:-1]
    last = _FINAL.get(stem[-1], stem[-1])
    open_syllable = len(stem) > 1 and stem[-1] not in VOWELS and stem[-2] in "aeou" and stem[-3:-2] not in VOWELS
    if open_syllable and not stem.endswith(("w", "x", "ch")):
        return f"{stem[:-2]}{stem[-2] * 2}{last}" if len(_GROUPS.findall(stem)) == 1 else f"{stem[:-1]}{last}"
    return stem[:-1] + last


def _cognate(word: str) -> str:
    if len(word) > 6 and word not in _WHOLE:
        bare = word[:-1] if word.endswith("tions") else word
        for english, dutch in _COGNATE:
            if bare.endswith(english):
                return bare[: -len(english)] + dutch
    if len(word) > 4 and word[-1] == "y" and word[-2] not in VOWELS:
        return word[:-1] + "ie"
    return word


def _uninflected(word: str) -> str:
    if word in _WHOLE:
        return word
    if word.endswith("heden"):
        word = word[:-5] + "heid"
    word = _without_s(word)
    if word in _WHOLE:
        return word
    if word.endswith("je") and (small := _DIMINUTIVE.fullmatch(word)):
        return _uninflected(_undoubled(small["stem"]))
    if word.endswith("heid") and len(word) > 7:
        return _uninflected(word[:-4])
    if word.endswith("ingen"):
        return _without_ing(word[:-2])
    if word.endswith("ing"):
        return _without_ing(word)
    return _without_en(word)


def _without_s(word: str) -> str:
    if word.endswith("s") and len(_GROUPS.findall(word)) > 1 and _PLURAL_S.search(word):
        return word[:-1]
    return word


def _without_ing(word: str) -> str:
    """The verb's stem, where -ing makes a noun of what the verb does."""
    verb = word[:-3]
    if word in _WHOLE or len(verb) < 4:
        return word
    groups = len(_GROUPS.findall(verb))
    if (verb.endswith("er") and groups > 2) or (groups > 1 and _PREFIXED.match(verb)):
        return closed(verb)
    return word


def _without_en(word: str) -> str:
    if word in _WHOLE:
        return word
    if word.endswith(("eerd", "eerde")):
        verb = word.removesuffix("e")[:-1]
        verb = verb[2:] if verb.startswith("ge") and len(_GROUPS.findall(verb)) > 2 else verb
        return verb if len(_GROUPS.findall(verb)) > 1 else word.removesuffix("e")
    if word.endswith("eert") and len(_GROUPS.findall(word)) > 1:
        return word[:-1]
    if re.search(r"(?:[aeiou]{2}|ij)[kgpfm]t$", word) or (
        len(_GROUPS.findall(word)) > 1 and re.search(r"(?:el|ig)t$", word)
    ):
        return word[:-1]
    for ending in ("ende", "end", "en", "e"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) > 1 and _can_end(rest, ending):
            return closed(rest)
    return word


def _can_end(rest: str, ending: str) -> bool:
    if not _GROUPS.search(rest):
        return False
    if ending in ("ende", "end"):
        return (
            len(rest) > 2
            and rest[-1] not in VOWELS
            and len(_GROUPS.findall(rest)) > 0
            and not rest.endswith(("vri", "duiz", "av", "ag"))
        )
    return rest[-1] not in VOWELS or (ending == "en" and rest.endswith(("ie", "ee", "ij", "ui", "oei", "aai", "ooi")))


def _undoubled(stem: str) -> str:
    return stem[:-1] if stem[-2:] in DOUBLED else stem
