"""CSL-JSON items: checking what comes in, and reading the few facts we index."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from evidence.plain import is_plain
from evidence.visible import is_blank

Item = dict[str, Any]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# The names of the CSL 1.0.2 specification, by what stands in them.
TYPES = _set(
    "article article-journal article-magazine article-newspaper bill book broadcast chapter"
    " classic collection dataset document entry entry-dictionary entry-encyclopedia event figure"
    " graphic hearing interview legal_case legislation manuscript map motion_picture"
    " musical_score pamphlet paper-conference patent performance periodical"
    " personal_communication post post-weblog regulation report review review-book software song"
    " speech standard thesis treaty webpage"
)
NAMES = _set(
    "author chair collection-editor compiler composer container-author contributor curator"
    " director editor editorial-director executive-producer guest host illustrator interviewer"
    " narrator organizer original-author performer producer recipient reviewed-author"
    " script-writer series-creator translator"
)
DATES = _set("accessed available-date event-date issued original-date submitted")
TEXTS = _set(
    "id abstract annote archive archive_collection archive_location archive-place authority"
    " call-number chapter-number citation-key citation-label citation-number collection-number"
    " collection-title container-title container-title-short dimensions division DOI edition"
    " event event-title event-place genre ISBN ISSN issue journalAbbreviation jurisdiction"
    " keyword language license locator medium note number number-of-pages number-of-volumes"
    " original-publisher original-publisher-place original-title page page-first part-number"
    " part-title PMCID PMID printing-number publisher publisher-place references"
    " reviewed-genre reviewed-title scale section shortTitle source status supplement-number"
    " title title-short URL version volume volume-title volume-title-short year-suffix"
)
NUMBERED = _set(
    "id chapter-number citation-number collection-number edition issue number number-of-pages"
    " number-of-volumes page page-first part-number printing-number section supplement-number"
    " version volume"
)
NAME_PARTS = _set(
    "family given literal suffix dropping-particle non-dropping-particle comma-suffix static-ordering parse-names"
)
LONG = {"abstract": 50_000, "note": 10_000, "annote": 10_000, "references": 50_000}
LONGEST = 1_000  # characters of any other field
MOST_NAMES = 1_000

_QUOTES = "\"'“”„‘’«»"
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DOI_BEFORE = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)\s*", re.IGNORECASE)


def checked(item: object) -> Item:
    """The item with its DOI normalised and texts trimmed; ValidationError by field otherwise."""
    if not isinstance(item, Mapping):
        raise ValidationError(_("A source is a CSL-JSON object."))
    errors: dict[str, str] = {}
    found: Item = {}
    for name, value in item.items():
        if (check := _check_of(name)) is None:
            errors[str(name)[:60]] = _("This is not a field of CSL-JSON.")
            continue
        try:
            found[name] = check(name, value)
        except ValidationError as error:
            errors[name] = str(error.message)
    if found.get("type", "") not in TYPES:
        errors.setdefault("type", _("Give a CSL type, such as article-journal, book or report."))
    if is_blank(str(found.get("title", ""))):
        errors.setdefault("title", _("A source needs a title."))
    if errors:
        raise ValidationError({name: [text] for name, text in errors.items()})
    return {name: value for name, value in found.items() if value not in ("", [], {})}


def doi_of(text: str) -> str:
    """A DOI without its address, lower case; ValidationError when it is none."""
    doi = _DOI_BEFORE.sub("", text.strip()).lower()
    if len(doi) > 300 or not _DOI.fullmatch(doi):
        raise ValidationError(_("This is not a DOI: it begins with 10. and has a slash."))
    return doi


def names_in(text: str) -> list[Item]:
    """The names in lines such as "Hattie, John", and organisations between quotation marks; ValidationError else."""
    return [_name_in(line.strip()) for line in text.splitlines() if line.strip()]


def _name_in(line: str) -> Item:
    if len(line) > 2 and line[0] in _QUOTES and line[-1] in _QUOTES:
        return {"literal": line[1:-1].strip()}
    family, *more = [part.strip() for part in line.split(",")]
    if not family or not all(more) or len(more) > 1 or ";" in line:
        told = _(
            "Write one name a line: family name, comma, first names. The name of an organisation goes between quotation marks. Look at: %(line)s"
        )
        raise ValidationError(told % {"line": line[:100]})
    return {"family": family, "given": more[0]} if more else {"literal": family}


def doi_in(address: str) -> str:
    """The DOI that an address at doi.org leads to; "" when it is another address."""
    if not _DOI_BEFORE.match(address.strip()):
        return ""
    try:
        return doi_of(address)
    except ValidationError:
        return ""


def spellings(address: str) -> list[str]:
    """An http(s) address in the ways in which people write it down: with and without s, and a slash at its end."""
    host, slash, path = address.partition("://")[2].partition("/")
    bare = (host.lower() + slash + path).rstrip("/")
    return [f"{scheme}://{bare}{end}" for scheme in ("https", "http") for end in ("", "/")]


def year_of(item: Item) -> int | None:
    """The year of publication, when the item tells one."""
    parts = item.get("issued", {}).get("date-parts") or [[]]
    return parts[0][0] if parts[0] else None


def family_names(item: Item) -> list[str]:
    """Family names (or whole names of organisations) of who made it: authors, else editors."""
    people = item.get("author") or item.get("editor") or []
    return [_family(person) for person in people]


def authors_line(item: Item) -> str:
    """Who made it, for a list: "Hattie", "Hattie & Timperley", "Cooper et al."; "" if unknown."""
    names = family_names(item)
    if len(names) > 2:
        return f"{names[0]} et al."
    return " & ".join(names)


def _family(person: Mapping[str, Any]) -> str:
    if literal := person.get("literal"):
        return str(literal)
    particle = str(person.get("non-dropping-particle") or "")
    return f"{particle} {person.get('family') or person.get('given') or ''}".strip()


def _check_of(name: object) -> Callable[[str, object], Any] | None:
    if name in NAMES:
        return _names
    if name in DATES:
        return _date
    if name == "DOI":
        return lambda name, value: doi_of(_text(name, value)) if value else ""
    if name == "URL":
        return _address
    if name == "categories":
        return _texts
    return _text if name in TEXTS or name == "type" else None


def _text(name: str, value: object) -> str:
    if name in NUMBERED and isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
        value = str(value)  # volumes and issues often come as numbers
    if not isinstance(value, str):
        raise ValidationError(_("This must be text."))
    if not is_plain(value):
        raise ValidationError(_("This text holds a character that cannot be kept."))
    if len(value) > (most := LONG.get(name, LONGEST)):
        raise ValidationError(_("This may be %(most)s characters long.") % {"most": most})
    return value.strip()


def _address(name: str, value: object) -> str:
    text = _text(name, value)
    if text and not text.lower().startswith(("http://", "https://")):
        raise ValidationError(_("An address begins with http:// or https://."))
    return text


def _texts(name: str, value: object) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_NAMES:
        raise ValidationError(_("This must be a list of texts."))
    return [_text(name, one) for one in value]


def _names(name: str, value: object) -> list[Item]:
    if not isinstance(value, list) or len(value) > MOST_NAMES:
        raise ValidationError(_("This must be a list of names."))
    return [_name(name, person) for person in value]


def _name(name: str, person: object) -> Item:
    if not isinstance(person, Mapping) or not set(person) <= NAME_PARTS:
        raise ValidationError(_("A name has parts such as family, given or literal."))
    parts = {part: value if isinstance(value, bool) else _text(name, value) for part, value in person.items()}
    if not any(parts.get(part) for part in ("family", "given", "literal")):
        raise ValidationError(_("A name needs a family, given or literal part."))
    return parts


def _date(name: str, value: object) -> Item:
    if not isinstance(value, Mapping):
        raise ValidationError(_('A date is an object such as {"date-parts": [[2021, 5]]}.'))
    found: Item = {}
    for part, content in value.items():
        if part == "date-parts":
            found[part] = _date_parts(content)
        elif part in {"raw", "literal", "season", "circa"}:
            found[part] = content if isinstance(content, bool) else _text(name, content)
        else:
            raise ValidationError(_("A date has date-parts, raw, literal, season or circa."))
    return found


def _date_parts(content: object) -> list[list[int]]:
    if not isinstance(content, list) or not 1 <= len(content) <= 2:
        raise ValidationError(_("date-parts holds one date, or two for a range."))
    return [_day(parts) for parts in content]


def _day(parts: object) -> list[int]:
    if not isinstance(parts, list) or not 1 <= len(parts) <= 3:
        raise ValidationError(_("A date is a list of year, month and day."))
    numbers = [_number(part) for part in parts]
    year, month, day = (*numbers, 1, 1)[:3]
    # Months 13 to 24 stand for seasons and quarters.
    if not (-3_000 <= year <= date.today().year + 5 and 1 <= month <= 24 and 1 <= day <= 31):
        raise ValidationError(_("This date cannot be right."))
    return numbers


def _number(part: object) -> int:
    if isinstance(part, str) and part.isascii() and part.isdecimal() and len(part) < 6:
        return int(part)
    if isinstance(part, int) and not isinstance(part, bool):
        return part
    raise ValidationError(_("Year, month and day are whole numbers."))
