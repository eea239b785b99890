"""The word lists of `data/`, read once, with the regular forms of their words made by rule."""

from collections.abc import Iterator

from evidence import lists, stemming

# These take no ge-: ontwikkelen, ontwikkeld.
INSEPARABLE = ("be", "ge", "er", "her", "ont", "ver", "onder", "over", "voor")
VOICELESS = frozenset("tkfshpcx")
_OPENED = {"f": "v", "s": "z"}
_S_PLURALS = ("el", "er", "em", "en", "ie", "je", "eur", "ier", "aar", "ing", "m", "p", "k")


def plurals(noun: str) -> set[str]:
    """How the plural of a noun may be spelled; not every one of them exists."""
    if noun.endswith("heid"):
        return {f"{noun[:-4]}heden"}
    found = {f"{noun}s"} if noun.endswith(_S_PLURALS) or noun[-1] in stemming.VOWELS else set()
    if noun[-1] in stemming.VOWELS:
        return found | {f"{noun}n", f"{noun}en"}
    found.add(f"{noun}en")
    before, last = noun[:-1], noun[-1]
    voiced = _OPENED.get(last, last)
    if before[-2:] in {"aa", "ee", "oo", "uu"}:
        found |= {f"{before[:-1]}{voiced}en", f"{before[:-1]}{last}en"}
    elif before[-1:] in stemming.VOWELS and before[-2:-1] in stemming.VOWELS | {"i"}:
        found.add(f"{before}{voiced}en")
    elif before[-1:] in stemming.VOWELS:
        found.add(f"{noun}{last}en")
    return found


def conjugated(infinitive: str, particle: str = "") -> set[str]:
    """The regular forms of a Dutch verb, written as one word; not every one of them exists."""
    open_stem = infinitive.removesuffix("en")
    closed = stemming.closed(open_stem)
    stems = {closed}
    if closed[-2:-1] in set("aeou") and closed[-3:-2] not in stemming.VOWELS and open_stem[-2:] not in stemming.DOUBLED:
        stems.add(f"{closed[:-2]}{closed[-2] * 2}{closed[-1]}")  # beoordel, beoordeel
    past = "t" if open_stem[-1] in VOICELESS else "d"
    ge = "" if infinitive.startswith(INSEPARABLE) and not particle else "ge"
    forms = {infinitive, f"{infinitive}d", f"{infinitive}de"}
    for stem in stems:
        participle = ge + (stem if stem[-1] in "td" else stem + past)
        forms |= {stem, stem if stem[-1] == "t" else f"{stem}t", f"{stem}{past}e", f"{stem}{past}en", participle}
        forms.add(f"{participle}e")
    return {particle + form for form in forms}


def _verbs() -> Iterator[tuple[str, str]]:
    """Every form of every verb with the stem of its infinitive."""
    for line in lists.lines("verbs.txt"):
        regular, _, irregular = line.partition("=")
        entries = regular.split()
        for entry in entries:
            particle, _, base = entry.rstrip("+").rpartition("|")
            stem = stemming.stem(particle + base)
            forms = conjugated(base, particle)
            if entry.endswith("+"):
                forms |= {f"{particle}{base[:-2]}ing", f"{particle}{base[:-2]}ingen"}
            yield from ((form, stem) for form in forms)
        yield from ((form, stem) for form in _with_e(irregular.split()))


def _with_e(forms: list[str]) -> list[str]:
    return [*forms, *(f"{form}e" for form in forms if form.endswith(("cht", "d")))]


def _families() -> Iterator[tuple[str, str]]:
    for line in lists.lines("families.txt"):
        stem, _, forms = line.partition(": ")
        yield from ((form, stem) for form in forms.split())


def _parts() -> frozenset[str]:
    found: set[str] = set()
    for entry in (entry for line in lists.lines("stems.txt") for entry in line.split()):
        head, *others = entry.split("/")
        found |= {head, *others, *plurals(head)}
    return frozenset(found)


STOP_WORDS = lists.words("stopwords.txt")
STEM_OF = {form: stem for form, stem in _verbs() if len(form) > 2} | dict(_families())
PARTS = _parts()
