"""Names of people in free text: after a cue ("leerling Jan"), with initials, or a common given name.

No list holds every name and many names are words, so this errs in both directions; how often is
measured by tests/questions/test_finding_people.py. Schools, methods and scholars keep their names.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent / "data"
Span = tuple[int, int]

CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
PART = r"(?:van|von|de|den|der|del|ten|ter|te|'t|’t|het|el|al|bin|ben|di|da|la|le|op)"
WORD = rf"{CAPITAL}[^\W\d_]{{1,24}}(?:['’-][^\W\d_]{{2,24}}){{0,2}}"
FULL = rf"(?:(?i:{PART})\s){{0,3}}{WORD}(?:(?:\s{PART}){{0,3}}\s{WORD}){{0,2}}"
# Of anybody in a class, and of those who are called by their names whatever they do.
CHILD = (
    r"leerling(?:e|etje)?|jongen|jongetje|meisje|dochter(?:tje)?|zoon(?:tje)?|broer(?:tje)?|zus(?:je|ter)?|nichtje|neefje"
    r"|moeder|vader|collega|kleuter|peuter|brugklasser|studente?|kind|leerlingen|kinderen|tweeling|mentorleerling"
    r"|begeleiders?|mentor|docente?|leraar|lerares|directeur|buurjongen|buurmeisje|neef|nicht|oma|opa"
    r"|pupil|son|daughter|kid|boy|girl|child|student|brother|sister|colleague"
)
TITLE = r"juf|juffrouw|meester|mevrouw|mevr\.?|mw\.?|meneer|heer|familie|fam\.|dhr\.?|mrs\.?|mr\.?|ms\.?|miss|heet|heten|genaamd|named|called|(?:naam|name) is"
CUE = re.compile(rf"(?<![\w-])(?i:(?P<child>{CHILD})|(?P<title>{TITLE}))(?P<gap>\s?[:(\"“‘]\s?|,?\s)(?P<name>{FULL})")
SMALL = re.compile(rf"(?<![\w-])(?i:{CHILD}|{TITLE})\s(?P<name>[^\W\d_]{{3,24}})(?![\w-])")
INITIALS = re.compile(rf"(?<![\w.])(?:{CAPITAL}\.[ -]?){{1,4}}(?:(?i:{PART})\s){{0,3}}{WORD}")
SINGLE = re.compile(rf"(?<![\w@./-]){WORD}")
TAIL = re.compile(rf"(?:(?:\s{PART}){{0,3}}\s{WORD}){{0,2}}")
# What stands around a name that is no person of the class: a school, a method, a work that is cited.
SCHOOL = r"school|basisschool|college|lyceum|gymnasium|instituut|methode|stichting|centrum|universiteit|hogeschool|academie|prijs|toets|test|museum|university|foundation|project|programma"
AFTER = re.compile(
    rf"[-\s]{{0,2}}(?i:{SCHOOL})\w*|.{{0,3}}et al|\s?e\.a\.|[^.!?\n]{{0,40}}?\(?(?:19|20)\d\d[a-z]?\)|,\s(?:19|20)\d\d|'?s?\s(?i:wet|theorie|model|theory)\b"
)
BEFORE = re.compile(
    rf"(?:\b(?i:{SCHOOL}|obs|cbs|rkbs|pcbs|sbo|vso|uitgeverij|sint|st\.|prins|prinses|koning|koningin|boek van|werk van|volgens|onderzoek van|"
    r"onderzoekers?|auteurs?|professor|prof\.(?: dr\.)?|dr\.|hoogleraar|schrijver|schrijfster|according to|by researchers?)"
    r"(?:,?\s(?:de|het|van|is|heet))?\s|&\s)$"
)
REFERENCE = re.compile(r"[\w’'-]+,\s$")  # "Marzano, R. J."
ENDS_SENTENCE = re.compile(r"\b(?i:groep|klas|type|categorie|vitamine|niveau|plan|bijlage|group|class)\s$")
STARTS = re.compile(r"(?:^|[.!?:;\n]\s*|[\"“‘(•*-]\s?)$")


def words_of(name: str) -> list[str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def folded(word: str) -> str:
    """Small letters without marks: "Ayşe" and "ayse" are one name."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(sign))


GIVEN = {folded(word.rstrip("*")) for word in words_of("given_names.txt")}
ALSO_WORDS = {folded(word.rstrip("*")) for word in words_of("given_names.txt") if word.endswith("*")}
NOT_NAMES = set(words_of("not_names.txt"))


def find(text: str) -> Iterator[Span]:
    """Where names of people stand in `text`; spans may overlap."""
    yield from after_cue(text)
    yield from with_initials(text)
    yield from by_itself(text)


def after_cue(text: str) -> Iterator[Span]:
    for match in CUE.finditer(text):
        start, end = shortened(text, *match.span("name"))
        if start == end or AFTER.match(text, end):
            continue
        cue, gap = match.group("child") or "", match.group("gap")
        in_list = given_of(text[start:end].split()[0]) in GIVEN
        # "Student Engagement" and "leerlingen Turks leren" are no names.
        is_loose = (cue[:1].isupper() and not starts_sentence(text, match.start())) or cue.lower().endswith("en")
        # After a comma a sentence may go on, but not when the next comma comes at once.
        is_apart = "," not in gap or text[end : end + 1] in (",", ")")
        if in_list or (is_apart and not is_loose):
            yield start, end
    for match in SMALL.finditer(text):
        if folded(match.group("name")) in GIVEN - ALSO_WORDS:
            yield match.span("name")


def with_initials(text: str) -> Iterator[Span]:
    for match in INITIALS.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if is_no_name(re.split(r"[\s.]", match.group())[-1]) or AFTER.match(text, match.end()):
            continue
        if ENDS_SENTENCE.search(before) or REFERENCE.search(before) or BEFORE.search(before):
            continue
        yield match.span()


def by_itself(text: str) -> Iterator[Span]:
    for word in SINGLE.finditer(text):
        given, start = given_of(word.group()), word.start()
        if given not in GIVEN:
            continue
        tail = TAIL.match(text, word.end())
        start, end = shortened(text, start, tail.end() if tail else word.end())
        if start == end or AFTER.match(text, end) or BEFORE.search(text[max(0, start - 40) : start]):
            continue
        if given in ALSO_WORDS and starts_sentence(text, start) and " " not in text[start:end]:
            continue
        yield start, end


def given_of(word: str) -> str:
    """What may be the given name in a word: "daan" of "Daan's" and of "Daans", "anne" of "Anne-Sophie"."""
    whole = folded(word)
    head = re.split(r"['’-]", whole)[0]
    return next((one for one in (whole, head, head.removesuffix("s")) if one in GIVEN), "")


def shortened(text: str, start: int, end: int) -> Span:
    """A name up to the first word that is none; nothing when it is no name from the beginning."""
    last = start
    for word in re.finditer(r"\S+", text[start:end]):
        bare = word.group().lower()
        if re.fullmatch(PART, bare) and (last == start or bare == word.group()):
            continue  # "Van Dam", "de Vries"
        if is_no_name(bare):
            # A scholar or a method by their full name is no one of the class.
            return (start, last if bare in STARTERS else start)
        last = start + word.end()
    return start, last


def is_no_name(word: str) -> bool:
    if word.lower().endswith(("school", "college", "lyceum")):
        return True
    return word.lower() in NOT_NAMES or re.split(r"['’-]", word.lower())[0] in NOT_NAMES


def starts_sentence(text: str, at: int) -> bool:
    return bool(STARTS.search(text[max(0, at - 4) : at]))


def starters() -> set[str]:
    """The last block of not_names.txt: how sentences begin, which ends a name before it."""
    text = (DATA / "not_names.txt").read_text(encoding="utf-8")
    return set(text.rpartition("# How sentences begin.")[2].split())


STARTERS = starters()
