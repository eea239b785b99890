"""Packed word lists: for every word of a shelf the passages it weighs most in, heaviest first.

What keeps the cost of the words leg bounded, whatever is asked and however much there is: a list
is one row, cut at LISTED passages, and a query reads only the front of it. New passages stand in
postings until enough of them are there to be packed. Lists are never wrong, since an id stands
for one text (see Passage); they may name passages that are gone until `rebuild` makes them anew.
"""

import time
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from math import inf
from typing import NamedTuple

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from evidence import ranking, words
from evidence.models import Passage, Posting, Shelf, WordList

LISTED = 20_000  # passages kept of a word: those in which it weighs most
PACK_AT = 500  # unpacked passages of a shelf: below it reading their postings costs less than a millisecond
PACKED_AT_ONCE = 5_000  # who changes one of these passages waits meanwhile, some seconds at most
REBUILT_AT_ONCE = 50_000  # gathered in memory: some 500 MB; fewer would write the long lists more often
TERMS_AT_ONCE = 5_000
SIGNED_AT_ONCE = 2_000
DEAD = 0.2  # of a shelf: so many of its passages may be gone before its lists are made anew
_LOCK = 7_305_119  # any number that is ours: one packs or rebuilds at a time

Progress = Callable[[str], None]
Gathered = dict[str, tuple["array[int]", bytearray]]  # ids and impacts by term


def weigh(text: str) -> dict[str, int]:
    """Every term of a text with its impact (1 to 255): what it adds to BM25 there, less the idf."""
    counted: dict[str, int] = {}
    for term in words.terms(text):
        counted[term] = counted.get(term, 0) + 1
    weights = ranking.impacts(np.fromiter(counted.values(), np.int64, len(counted)), sum(counted.values()))
    return dict(zip(counted, weights.tolist(), strict=True))


def text_of(passage: Passage) -> str:
    """What a passage is found by."""
    return "\n".join((passage.title, passage.body, passage.keys))


def pack(at_least: int = PACK_AT, until: float = inf) -> int:
    """Moves the words of unpacked passages into lists, shelf by shelf; how many passages.

    Shelves with fewer than `at_least` unpacked passages are left alone. Begins nothing new after
    `until` (as time.monotonic tells). Safe to run twice, in parallel (one does it, the others do
    nothing) and to be killed.
    """
    packed = 0
    for kind, public in _crowded(at_least):
        while time.monotonic() < until and (done := _pack_some(kind, public)):
            packed += done
            if done < PACKED_AT_ONCE:
                break
    return packed


def is_wanted() -> bool:
    """Whether `pack` or `renew` has something to do."""
    return bool(_crowded(PACK_AT) or _dying())


def renew(dead: float = DEAD) -> None:
    """Makes all lists anew when more than this part of the passages they name is gone."""
    if _dying(dead):
        with suppress(Busy):  # it is tried again
            rebuild()


class Busy(Exception):
    """Somebody else packs at the moment."""


def rebuild(progress: Progress | None = None) -> int:
    """Analyses every passage anew and packs it; how many. The old lists answer until the end.

    What is put or changed meanwhile stands in postings and is packed the next time. Busy when
    another process packs.
    """
    with _alone() as mine:
        if not mine:
            raise Busy
        last = Passage.objects.order_by("-id").values_list("id", flat=True).first() or 0
        generation = 1 + max(Shelf.objects.values_list("generation", flat=True), default=0)
        WordList.objects.filter(generation__gte=generation).delete()  # of a run that was killed
        counts: dict[tuple[str, bool], int] = {}
        fresh: list[int] = []
        done = 0
        for rows in _batches(last):
            for (kind, public), gathered in _analysed(rows, counts).items():
                _merge(kind, public, generation, gathered)
            fresh += [row.id for row in rows if not row.packed]
            done += len(rows)
            if progress:
                progress(f"{done} passages …")
        _switch(generation, counts, fresh)
        _sign(last)
    return done


def forget(kind: str) -> None:
    """Takes all lists of a kind away; for what was put only to be measured."""
    WordList.objects.filter(kind=kind).delete()
    Shelf.objects.filter(kind=kind).delete()


def _crowded(at_least: int) -> list[tuple[str, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, public FROM evidence_passage WHERE NOT packed GROUP BY 1, 2 HAVING count(*) >= %s", [at_least]
        )
        return list(cursor.fetchall())


def _dying(dead: float = DEAD) -> bool:
    """Whether on a shelf more than this part of the passages that its lists name is gone.

    A small shelf is let be unless every one of them counts: all lists are made anew at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (
                SELECT FROM evidence_shelf s WHERE s.count > %s AND s.count * (1 - %s) > (
                    SELECT count(*) FROM evidence_passage p
                    WHERE p.kind = s.kind AND p.public = s.public AND p.packed
                )
            )
            """,
            [PACK_AT if dead else 0, dead],
        )
        return bool(cursor.fetchone()[0])


def _pack_some(kind: str, public: bool) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        shelf, _ = Shelf.objects.get_or_create(kind=kind, public=public)
        # It never waits for a writer, so no two can wait for each other.
        waiting = Passage.objects.select_for_update(skip_locked=True).filter(kind=kind, public=public, packed=False)
        ids = list(waiting.order_by("id").values_list("id", flat=True)[:PACKED_AT_ONCE])
        cursor.execute(
            "SELECT term, array_agg(passage_id), array_agg(impact) FROM evidence_posting"
            " WHERE passage_id = ANY(%s) GROUP BY term",
            [ids],
        )
        gathered = {term: (_ids(passages), bytearray(impacts)) for term, passages, impacts in cursor}
        _merge(kind, public, shelf.generation, gathered)
        Passage.objects.filter(id__in=ids).update(packed=True)
        Posting.objects.filter(passage_id__in=ids).delete()
        Shelf.objects.filter(kind=kind, public=public).update(count=shelf.count + len(ids))
    return len(ids)


def _ids(passages: Iterable[int]) -> "array[int]":
    """Four bytes each; OverflowError beyond, rather than the id of another passage."""
    return array("I", passages)


def _merge(kind: str, public: bool, generation: int, gathered: Gathered) -> None:
    """Adds what was gathered to the lists of one shelf."""
    terms = iter(sorted(gathered))
    while some := list(islice(terms, TERMS_AT_ONCE)):
        lists = WordList.objects.filter(term__in=some, kind=kind, public=public, generation=generation)
        known = {
            term: _List(count, bytes(ids), bytes(impacts))
            for term, count, ids, impacts in lists.values_list("term", "count", "ids", "impacts")
        }
        rows = [(term, *_merged(known.get(term, _List()), *gathered[term])) for term in some]
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO evidence_wordlist (kind, public, generation, term, count, ids, impacts)
                SELECT %s, %s, %s, * FROM unnest(%s::text[], %s::int[], %s::bytea[], %s::bytea[])
                ON CONFLICT (term, kind, public, generation) DO UPDATE
                SET count = excluded.count, ids = excluded.ids, impacts = excluded.impacts
                """,
                [kind, public, generation, *map(list, zip(*rows, strict=True))],
            )


class _List(NamedTuple):
    """As in WordList; `having` is its count."""

    having: int = 0
    ids: bytes = b""
    impacts: bytes = b""


def _merged(known: _List, passages: "array[int]", impacts: bytearray) -> _List:
    """Both as one, heaviest first, cut at LISTED; ties to the lower id."""
    ids = np.concatenate([np.frombuffer(known.ids, "<u4"), np.frombuffer(passages, np.uint32)]).astype("<u4")
    weights = np.concatenate([np.frombuffer(known.impacts, np.uint8), np.frombuffer(impacts, np.uint8)])
    if len(ids) > 1:
        best = heaviest(ids, weights, LISTED)
        ids, weights = ids[best], weights[best]
    return _List(known.having + len(passages), ids.tobytes(), weights.tobytes())


def heaviest(ids: NDArray[np.uint32], weights: NDArray[np.uint8], count: int) -> NDArray[np.int64]:
    """Places of the `count` heaviest, heaviest first; ties to the lower id."""
    keys = (255 - weights.astype(np.uint64)) << np.uint64(32) | ids
    return np.argsort(keys, kind="stable")[:count].astype(np.int64)


def _batches(last: int) -> Iterator[list[Passage]]:
    after = 0
    columns = ("id", "kind", "public", "title", "body", "keys", "packed")
    upto = Passage.objects.filter(id__lte=last).order_by("id").only(*columns)
    while rows := list(upto.filter(id__gt=after)[:REBUILT_AT_ONCE]):
        yield rows
        after = rows[-1].id


def _analysed(rows: Iterable[Passage], counts: dict[tuple[str, bool], int]) -> dict[tuple[str, bool], Gathered]:
    """The words of these passages by shelf; adds to `counts` how many passages there were."""
    shelves: dict[tuple[str, bool], Gathered] = {}
    for row in rows:
        shelf = (row.kind, row.public)
        gathered = shelves.setdefault(shelf, {})
        counts[shelf] = counts.get(shelf, 0) + 1
        for term, impact in weigh(text_of(row)).items():
            ids, impacts = gathered.setdefault(term, (array("I"), bytearray()))
            ids.append(row.id)
            impacts.append(impact)
    return shelves


def _switch(generation: int, counts: dict[tuple[str, bool], int], fresh: list[int]) -> None:
    """From here the new lists are read; `fresh` are the passages that were not packed before."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        list(Passage.objects.select_for_update().filter(id__in=fresh).order_by("id").values_list("id"))
        Shelf.objects.all().delete()
        Shelf.objects.bulk_create(
            Shelf(kind=kind, public=public, generation=generation, count=count)
            for (kind, public), count in counts.items()
        )
        Passage.objects.filter(id__in=fresh).update(packed=True)
        Posting.objects.filter(passage_id__in=fresh).delete()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        WordList.objects.exclude(generation=generation).delete()


def _sign(last: int) -> None:
    """Notes that these passages are analysed as the recipe says; a few at a time, for who changes one."""
    older = Passage.objects.filter(id__lte=last, packed=True).exclude(words_recipe=words.WORDS_RECIPE)
    while ids := list(older.values_list("id", flat=True)[:SIGNED_AT_ONCE]):
        Passage.objects.filter(id__in=ids).update(words_recipe=words.WORDS_RECIPE)


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else packs or rebuilds; holds that place for the duration of the block."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
