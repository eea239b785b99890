"""How often what tells who somebody is gets found, and how often something is that does not: measured."""

import re
from collections import Counter
from pathlib import Path

from questions.personal import find_personal_data

FILE = Path(__file__).parent / "data" / "personal_lines.txt"
MARKED = re.compile(r"\[\[(.+?)\]\](?!\])")


def judged() -> list[tuple[str, list[tuple[int, int]]]]:
    """Each line without its marks, and the places that were marked."""
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [unmarked(line) for line in lines]


def unmarked(line: str) -> tuple[str, list[tuple[int, int]]]:
    text, places, at = "", [], 0
    for match in MARKED.finditer(line):
        text += line[at : match.start()]
        places.append((len(text), len(text) + len(match.group(1))))
        text += match.group(1)
        at = match.end()
    return text + line[at:], places


def touches(one: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(one[0] < end and start < one[1] for start, end in others)


def measure() -> tuple[Counter[str], list[str]]:
    """Counts of pieces found, missed and wrong, and of lines; with a sentence for each error."""
    counts: Counter[str] = Counter()
    errors = []
    for text, places in judged():
        found = [(one.start, one.end) for one in find_personal_data(text)]
        missed = [one for one in places if not touches(one, found)]
        wrong = [one for one in found if not touches(one, places)]
        counts.update(found=len(places) - len(missed), missed=len(missed), wrong=len(wrong), lines=1)
        counts["with"] += bool(places)
        counts["whole"] += sum(any(s <= a and b <= e for s, e in found) for a, b in places)
        errors += [f"missed {text[a:b]!r} in {text!r}" for a, b in missed]
        errors += [f"wrongly {text[a:b]!r} in {text!r}" for a, b in wrong]
    return counts, errors


def test_most_of_it_is_found_and_little_else_is() -> None:
    counts, errors = measure()
    precision = counts["found"] / (counts["found"] + counts["wrong"])
    recall = counts["found"] / (counts["found"] + counts["missed"])
    said = f"{counts}: precision {precision:.3f}, recall {recall:.3f}\n" + "\n".join(errors)
    print(said)
    assert counts["lines"] >= 120, said
    assert precision >= 0.97, said
    assert recall >= 0.91, said
