"""Typing errors: the known words that are one edit away from one that nobody wrote.

Every word one edit away is looked up by its primary key: some 55 look-ups a letter, whatever the
size of the vocabulary. Scanning the words that share a half with it reads what the vocabulary
happens to hold there, and with a bound on what is read it misses words.
"""

from collections.abc import Iterable, Sequence
from string import ascii_lowercase

from django.db import connection, transaction

from evidence import words
from evidence.models import Passage, Word

MOST = 3  # corrections of a word
MOST_WORDS = 16  # of a query: who mistypes more than these has typed something else
LONGEST = 32  # letters of a word that is corrected
BATCH = 1_000


def learn(texts: Iterable[str], public: bool) -> int:
    """Adds the words of these texts to the vocabulary; how many were new.

    In order and in one statement, so that two writers wait for each other in one direction only.
    """
    return _add(words.vocabulary(texts), public)


def forget() -> None:
    """Empties the vocabulary."""
    Word.objects.all().delete()


def rebuild() -> int:
    """Makes the vocabulary that of all passages as they are now; how many words it has.

    It reads first and writes last, so that nobody who puts a text waits for it; words that came
    in the meantime stay.
    """
    before = set(Word.objects.values_list("word", "public"))
    found = {(word, public) for public in (True, False) for word in _written(public)}
    gone = sorted(before - found)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM evidence_word w USING unnest(%s::text[], %s::boolean[]) AS gone(word, public)"
            " WHERE w.word = gone.word AND w.public = gone.public",
            [[word for word, _ in gone], [public for _, public in gone]],
        )
        for public in (True, False):
            _add((word for word, side in found - before if side is public), public)
    return len(found)


def _written(public: bool) -> set[str]:
    rows = Passage.objects.filter(public=public).order_by("pk").values_list("title", "body", "keys")
    found: set[str] = set()
    for texts in rows.iterator(chunk_size=BATCH):
        found |= words.vocabulary(texts)
    return found


def corrections(asked: Sequence[str], public_only: bool) -> dict[str, tuple[str, ...]]:
    """For each word that is not known: the known ones within one edit, best first, at most MOST.

    `asked` are folded words, as in `words.Query.surfaces`. A word that is known, that is too
    short or too long, or that resembles nothing is left out.
    """
    tried = [word for word in dict.fromkeys(asked) if words.is_correctable(word) and len(word) <= LONGEST]
    variants = {word: edits(word) for word in tried[:MOST_WORDS]}
    wanted = sorted(set().union(variants, *variants.values()))
    known = _known(wanted, public_only) if wanted else set()
    found = {
        word: tuple(sorted(known & near, key=lambda other, word=word: _distance(word, other))[:MOST])  # type: ignore[misc]
        for word, near in variants.items()
        if word not in known
    }
    return {word: others for word, others in found.items() if others}


def edits(word: str) -> set[str]:
    """Every word of Latin letters that one insertion, deletion, replacement or swap makes of it."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {left + right[1:] for left, right in cuts if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    found |= {left + letter + right[1:] for left, right in cuts if right for letter in ascii_lowercase}
    found |= {left + letter + right for left, right in cuts for letter in ascii_lowercase}
    return found - {word}


def _shared(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _distance(typed: str, known: str) -> tuple[bool, int, str]:
    """The first letter is seldom wrong; then letters swapped, doubled, missing or too many, other."""
    if len(typed) == len(known):
        kind = 0 if sorted(typed) == sorted(known) else 3
    else:
        longer, shorter = (typed, known) if len(typed) > len(known) else (known, typed)
        place = _shared(longer, shorter)
        doubled = place > 0 and longer[place] == longer[place - 1]
        kind = 1 if doubled else 2
    return typed[0] != known[0], kind, known


def _known(wanted: Sequence[str], public_only: bool) -> set[str]:
    condition = "AND public" if public_only else ""
    with connection.cursor() as cursor:
        cursor.execute(  # one string: a list of a thousand costs the driver more than the server
            f"SELECT DISTINCT word FROM evidence_word WHERE word = ANY(string_to_array(%s, ' ')) {condition}",
            [" ".join(wanted)],
        )
        return {word for (word,) in cursor.fetchall()}


def _add(found: Iterable[str], public: bool) -> int:
    fresh = sorted(found)
    if not fresh:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO evidence_word (word, public) SELECT word, %s FROM unnest(%s::text[]) AS word"
            " ON CONFLICT DO NOTHING",
            [public, fresh],
        )
        return int(cursor.rowcount)
