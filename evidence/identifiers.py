"""What names one thing in a text: public numbers, DOIs and ISBNs, each brought to one spelling."""

import re
from collections.abc import Iterator
from hashlib import blake2b

LONGEST = 64  # as a term

# A public number is R-23, in older texts and letters KR 23 or KR.023: all of them r23.
_NUMBER = r"(?<![\w.'’-])(?:k\.?r\.?[ :#-]{0,2}|r[ \u2010\u2011-]?)0*(?P<number>[1-9]\d{0,6})(?![\w]|[.,]\d)"
_DOI = r"(?:(?:https?://)?(?:www\.|dx\.)?doi\.org/|\bdoi:? ?)?(?<![\w.])(?P<doi>10\.\d{4,9}/[^\s\"<>“”«»]+)"
_ISBN = r"(?<![\w-])(?P<isbn>97[89](?:[ -]?\d){10}|\d{1,5}-\d{1,7}-\d{1,7}-[\dx])(?![\w-])"
_ANY = re.compile(f"{_DOI}|{_NUMBER}|{_ISBN}")
_DIGIT = re.compile(r"\d")
_ONE = re.compile(r"10\.\d{4,9}/.+|r[1-9]\d{0,6}|97[89]\d{10}|\d{9}[\dx]")
_BARE = re.compile(r"0*([1-9]\d{0,6})")
_PAIRS = {")": "(", "]": "[", "}": "{"}


def of(clean: str) -> Iterator[tuple[int, int, str]]:
    """Where in a folded text an identifier stands, and how it is written as a term."""
    if not _DIGIT.search(clean):
        return
    for match in _ANY.finditer(clean):
        if doi := match["doi"]:
            doi = _without_punctuation(doi)
            yield match.start(), match.start("doi") + len(doi), _short(doi)
        elif match["number"]:
            yield match.start(), match.end(), f"r{match['number']}"
        else:
            digits = match["isbn"].replace("-", "").replace(" ", "")
            if len(digits) in (10, 13):
                yield match.start(), match.end(), digits


def is_one(term: str) -> bool:
    """Whether a term is an identifier as `of` writes them."""
    return term[-1:].isalnum() and _DIGIT.search(term) is not None and _ONE.fullmatch(term) is not None


def number_of(token: str) -> str:
    """The public number that somebody may mean who types a bare number; "" when it is none."""
    match = _BARE.fullmatch(token)
    return f"r{match[1]}" if match else ""


def _without_punctuation(doi: str) -> str:
    """A DOI may end in almost anything, but a sentence that ends after it adds a mark."""
    while doi[-1] in ".,;:!?'’*_" or (doi[-1] in _PAIRS and doi.count(doi[-1]) > doi.count(_PAIRS[doi[-1]])):
        doi = doi[:-1]
    return doi


def _short(doi: str) -> str:
    if len(doi) <= LONGEST:
        return doi
    return f"{doi[:47]}-{blake2b(doi.encode('utf-8', 'replace'), digest_size=8).hexdigest()}"
