"""What in a free text may tell who somebody is: where it stands, what it looks like and why."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum import iban
from stdnum.nl import bsn, onderwijsnummer

from questions import names as people

EMAIL = re.compile(r"[\w.+-]{1,64}\s?@\s?[\w-]+(?:\.[\w-]+)+")
AT = r"\s?[\[({]\s?(?:at|apenstaart(?:je)?|@|a)\s?[\])}]\s?|\s(?:at|apenstaart(?:je)?)\s"
DOT = r"\.|\s?[\[({]\s?(?:dot|punt)\s?[\])}]\s?|\s(?:dot|punt)\s"
DISGUISED = re.compile(
    rf"[\w.+-]{{1,64}}(?:{AT})[\w-]{{1,60}}(?:(?:{DOT})[\w-]{{1,60}}){{0,3}}(?:{DOT})[a-z]{{2,10}}\b", re.IGNORECASE
)
# Dutch numbers (0, then nine digits) and international ones, with the usual separators; every
# stretch has a bound, so that no text makes this slow.
GAP = r"[^\S\n.()/-]?[.()/-]{0,2}[^\S\n]?"
PHONE = re.compile(rf"(?<![\w+])\(?(?:(?:\+|00)[1-9]\d{{0,2}}(?:{GAP}\d){{8,12}}|0{GAP}[1-9](?:{GAP}\d){{8}})(?!\d)")
# In the usual groups, or digit by digit; also right after the word itself.
NINE = re.compile(
    r"(?:(?<![\w.,])|(?<=bsn)|(?<=bsn[.,]))(?:\d{3}([ .-]?)\d{3}\1\d{3}|\d{4}([ .-]?)\d{2}\2\d{3})(?!\w)"
    r"|(?:(?<![\w.,])|(?<=bsn)|(?<=bsn[.,]))(?<!\d[ .-])\d([ .-])\d(?:\3\d){7}(?!\w|[ .-]\d)",
    re.IGNORECASE,
)
# Old numbers have eight digits: too many others have as well, so only after the word.
EIGHT = re.compile(
    r"\b(?:bsn|burgerservicenummer|sofi-?nummer|citizen (?:service )?number)\b[^\d\n]{0,15}(\d{8}|\d{2}([ .])\d{3}\2\d{3}|\d{4}[ .]\d{4})(?!\w)",
    re.IGNORECASE,
)
PUPIL = re.compile(
    r"\b(?:leerling|student|stam|onderwijs|pupil)(?:en)?[ -]?(?:nummers?|nr\.?|numbers?|id)\b[^\w\n]{0,3}(?:is |van \w+ is )?([a-z]?\d{4,10})(?!\w)"
    r"|\bpgn\b[^\d\n]{0,5}(\d{9})(?!\w)",
    re.IGNORECASE,
)
IBAN = re.compile(
    r"(?<!\w)(?:(?i:NL)\d{2}[ .]?(?i:[A-Z]{4})(?:[ .]?\d){10}|[A-Z]{2}\d{2}(?:[ .]?[A-Z0-9]{3,4}){2,7}(?:[ .]?[A-Z0-9]{1,3})?)(?!\w)"
)
POSTCODE = r"[1-9]\d{3}[ \t]?(?!SA|SD|SS)[A-Z]{2}"
STREET = r"[A-ZÀ-Þ][\w'’.-]{2,30}(?:[ \t][A-ZÀ-Þ]?[\w'’.-]{2,30}){0,2}?"
ADDRESS = re.compile(
    rf"\b{POSTCODE}\b(?:[ \t]?,?[ \t]?(?:nr\.?|nummer|huisnummer|no\.?)?[ \t]?\d{{1,4}}(?!\d)[ -]?[a-zA-Z]?\b)"
    rf"|\b[A-ZÀ-Þ][\w'’-]{{1,30}}(?:straat|laan|weg|plein|kade|gracht|dijk|singel|dreef|steeg|plantsoen|hof)[ \t]\d{{1,4}}[ -]?[a-zA-Z]?\b(?:,?[ \t]{POSTCODE}\b)?"
    rf"|\b{STREET}[ \t]\d{{1,4}}[a-zA-Z]?,[ \t]{POSTCODE}\b"
)
MONTH = r"jan(?:uari|uary)?|feb(?:ruari|ruary)?|maart|march|mrt|apr(?:il)?|mei|may|juni?|june|juli?|july|aug(?:ustus|ust)?|sep(?:t|tember)?|okt(?:ober)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
DATE = rf"\d{{1,2}}\s?[-/. ]\s?\d{{1,2}}\s?[-/. ]\s?(?:19|20)?\d\d|(?:19|20)\d\d-\d\d-\d\d|\d{{1,2}}(?:st|nd|rd|th)?\s(?:{MONTH})\.?\s(?:19|20)\d\d|(?:{MONTH})\s\d{{1,2}},?\s(?:19|20)\d\d"
BIRTH = re.compile(
    rf"\b(?:geboren|geb\.|geboortedatum|geboortedag|jarig|verjaart|born|date of birth|birthday|dob|d\.o\.b\.)[^\d\n]{{0,20}}?({DATE})(?!\d)",
    re.IGNORECASE,
)
# Marks and formats: what stands between characters and shows nothing, or sits on top of one.
UNSEEN = {"Cf", "Mn", "Me"}
# What has as many digits and names nobody: DOIs, ISBNs, dates, decimals and amounts.
HARMLESS = re.compile(
    r"10\.\d{4,9}/\S+|ISBN[\s:-]{0,3}[\dX -]{10,17}|(?<!\d)\d{1,2}([-/])\d{1,2}\1\d{4}(?!\d)"
    r"|(?<![\w.,])0[.,]\d+(?![.,]?\d)|€\s?[\d.,]+|(?<![\w.,])\d[\d.,]*\s?(?:€|euro\b)",
    re.IGNORECASE,
)

LABELS = {
    "email": _("an e-mail address"),
    "phone": _("a phone number"),
    "bsn": _("a citizen number (BSN)"),
    "pupil_number": _("a pupil or student number"),
    "iban": _("a bank account number"),
    "address": _("an address"),
    "birth": _("a date of birth"),
    "name": _("a name"),
}
REASONS = {
    "email": _("Who has it can write to this person."),
    "phone": _("Who has it can call this person."),
    "bsn": _("Its last digit fits, as in a real citizen number."),
    "pupil_number": _("It belongs to one pupil."),
    "iban": _("Its check digits fit, as in a real account."),
    "address": _("Few people live there."),
    "birth": _("With a school or a town it often tells who somebody is. An age does as well for us."),
    "name": _("Write “a pupil of nine”, or a letter, in the place of a name."),
}


@dataclass(frozen=True)
class Finding:
    """A piece of personal data: its kind and its place in the text, in characters from 0."""

    kind: str
    start: int
    end: int

    @property
    def label(self) -> str:
        return str(LABELS[self.kind])

    @property
    def reason(self) -> str:
        return str(REASONS[self.kind])


def find_personal_data(text: str) -> list[Finding]:
    """What in `text` looks like personal data, in order, never overlapping."""
    plain, places = as_read(text)
    kept: list[Finding] = []
    for start, end, kind in sorted(candidates(plain), key=lambda one: (one[0], -one[1])):
        if not kept or places[start] >= kept[-1].end:
            kept.append(Finding(kind, places[start], places[end - 1] + 1))
    return kept


def candidates(plain: str) -> Iterator[tuple[int, int, str]]:
    for pattern in (EMAIL, DISGUISED):
        yield from ((*match.span(), "email") for match in pattern.finditer(plain))
    yield from ((*match.span(), "iban") for match in IBAN.finditer(plain) if iban.is_valid(match.group()))
    yield from ((*match.span(), "address") for match in ADDRESS.finditer(plain))
    yield from ((*match.span(1), "birth") for match in BIRTH.finditer(plain))
    for match in PUPIL.finditer(plain):
        yield (*match.span(1 if match.group(1) else 2), "pupil_number")
    digits = HARMLESS.sub(lambda match: "x" * len(match.group()), plain)
    for match in NINE.finditer(digits):
        if kind := kind_of_nine(match.group()):
            yield (*match.span(), kind)
    for match in EIGHT.finditer(digits):
        if kind_of_nine("0" + match.group(1)) == "bsn":
            yield (*match.span(1), "bsn")
    yield from ((*match.span(), "phone") for match in PHONE.finditer(digits) if is_phone(match.group()))
    yield from ((*span, "name") for span in people.find(plain))


def kind_of_nine(text: str) -> str:
    """Whether nine digits pass the check of the citizen number, or of the number pupils have without one."""
    digits = "".join(sign for sign in text if sign.isdecimal())
    if bsn.is_valid(digits):
        return "bsn"
    return "pupil_number" if onderwijsnummer.is_valid(digits) else ""


def is_phone(text: str) -> bool:
    """Whether somebody may have this number; of foreign plans only the length is asked."""
    plain = re.sub(r"\(0\)", "", text)
    try:
        number = phonenumbers.parse(re.sub(r"^\(?00", "+", plain), "NL")
    except phonenumbers.NumberParseException:
        return False
    return (
        phonenumbers.is_valid_number(number) if number.country_code == 31 else phonenumbers.is_possible_number(number)
    )


def as_read(text: str) -> tuple[str, Sequence[int]]:
    """`text` as a reader sees it, in plain signs, and the place in `text` of each of them."""
    if text.isascii():
        return text, range(len(text))
    signs, places = [], []
    for place, sign in enumerate(text):
        if unicodedata.category(sign) in UNSEEN:
            continue
        same = unicodedata.normalize("NFKC", sign)
        digit = unicodedata.decimal(sign, None)
        signs.append(str(digit) if digit is not None else same if len(same) == 1 else sign)
        places.append(place)
    return "".join(signs), places


# Where what is written stays without anybody who could have it erased.
NAMES_NOBODY = _("Characters %(start)s to %(end)s look like %(label)s. Please leave out what tells who somebody is.")


def refuse(cleaned: Mapping[str, Any], fields: Iterable[str], words: Any = None, names: bool = False) -> None:
    """Raises a ValidationError with field, kind and place of each piece of personal data in `cleaned`.

    What looks like a name counts only where a person can say that it is none (`names`).
    """
    words = words or _(
        "Characters %(start)s to %(end)s look like %(label)s. Please leave it out: everybody will read this."
    )
    errors: dict[str, list[ValidationError]] = {}
    for name in fields:
        for one in find_personal_data(cleaned[name]):
            if one.kind == "name" and not names:
                continue
            params = {"start": one.start + 1, "end": one.end, "label": one.label, "kind": one.kind}
            errors.setdefault(name, []).append(ValidationError(words, code="personal_data", params=params))
    if errors:
        raise ValidationError(errors)


def hints(texts: Iterable[str]) -> list[str]:
    """A sentence for each piece in public `texts` that may be somebody's own; nothing is refused for it.

    A helpline or an institute may be named in an answer, and who wrote a study has to be.
    """
    words = _("“%(what)s” looks like %(label)s. Leave it out if it belongs to a person: everybody will read it.")
    found = [(text[one.start : one.end], one) for text in texts for one in find_personal_data(text)]
    told = [str(words % {"what": what, "label": one.label}) for what, one in found if one.kind != "name"]
    return list(dict.fromkeys(told))


def scrub(text: str) -> str:
    """`text` with every finding replaced by dots."""
    while findings := find_personal_data(text):
        for finding in reversed(findings):
            text = f"{text[: finding.start]}[…]{text[finding.end :]}"
    return text
