"""The write door of finding: whoever owns a text puts it here, in its own transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from django.db import connection, transaction

from evidence import bells, passages, tasks, words
from evidence.models import Passage, Vector
from evidence.plain import plain

MOST_COUNTED = 32_000  # a smallint; beyond it more repeats say nothing more


@dataclass(frozen=True)
class Part:
    """A stretch of text with its title; `locator` says where it stands (a page, a heading).

    `keys` are words it is found by as well, which are neither shown nor have a meaning: a
    number, a DOI, names. They count for its first passage.
    """

    title: str
    body: str
    locator: str = ""
    keys: str = ""


def put(
    kind: str,
    ref: str,
    parts: Sequence[Part],
    *,
    public: bool,
    desk: int | None = None,
    language: str = "nl",
    sectors: Sequence[str] = (),
    themes: Sequence[str] = (),
    year: int | None = None,
    strength: str = "",
    collection: str = "",
    ring: bool = True,
) -> None:
    """Makes `parts` all that can be found of (kind, ref), in the caller's transaction.

    Words are searchable at commit; vectors follow. A passage whose text did not change keeps
    its vector. `ring=False` leaves the work to whoever calls embedding next.
    """
    rows = [_row(number, part) for number, part in enumerate(piece for part in parts for piece in _pieces(part))]
    for row in rows:
        row.kind, row.ref, row.public, row.desk = kind, ref, public, desk
        row.language, row.year = language, year
        row.strength, row.collection = strength, collection
        row.sectors, row.themes = list(sectors), list(themes)
    with transaction.atomic():
        _replace(kind, ref, public, rows)
    if ring and rows:
        bells.ring(tasks.embed)


def drop(kind: str, ref: str) -> None:
    """Makes nothing of (kind, ref) findable any more."""
    Passage.objects.filter(kind=kind, ref=ref).delete()


def _pieces(part: Part) -> list[Part]:
    """The part cut to passages; its title and locator go with every one of them."""
    title, locator = plain(part.title).strip(), plain(part.locator)[:100]
    bodies = passages.cut(plain(part.body)) or ([""] if title or part.keys.strip() else [])
    keys = plain(part.keys).strip()
    return [Part(title, text, locator, keys if not n else "") for n, text in enumerate(bodies)]


def _row(number: int, part: Part) -> Passage:
    text_hash = blake2b(f"{part.title}\0{part.body}".encode(), digest_size=16).hexdigest()
    return Passage(
        part=number, title=part.title, body=part.body, locator=part.locator, keys=part.keys, text_hash=text_hash
    )


def _replace(kind: str, ref: str, public: bool, rows: list[Passage]) -> None:
    with connection.cursor() as cursor:  # two writers of one text take turns
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"passage {kind} {ref}"])
    mine = Passage.objects.filter(kind=kind, ref=ref)
    before = {part: tuple(counted) for part, *counted in mine.values_list("part", "text_hash", "words_recipe", "keys")}
    if len(before) > len(rows):
        mine.filter(part__gte=len(rows)).delete()
    if not rows:
        return
    same = [row for row in rows if before.get(row.part) == (row.text_hash, words.WORDS_RECIPE, row.keys)]
    others = [row for row in rows if row not in same]
    counted = [(row, _count_words(row)) for row in others]
    _upsert(same, [name for name in _WRITTEN if name not in {"length", "words_recipe"}])
    _upsert(others, _WRITTEN)
    stale = [row.part for row in others if before.get(row.part, ("",))[0] != row.text_hash]
    vectors = Vector.objects.filter(passage__kind=kind, passage__ref=ref)
    if before and stale:
        vectors.filter(passage__part__in=stale).delete()
    _post(counted)
    if before:
        vectors.filter(public=not public).update(public=public)


def reanalyse(rows: list[Passage]) -> None:
    """Counts the words of these passages anew, as WORDS_RECIPE says."""
    with transaction.atomic():
        counted = [(row, _count_words(row)) for row in rows]
        Passage.objects.bulk_update(rows, ["length", "words_recipe"])
        _post(counted)


def _count_words(row: Passage) -> dict[str, int]:
    counted: dict[str, int] = {}
    for term in words.terms(f"{row.title}\n{row.body}\n{row.keys}"):
        counted[term] = counted.get(term, 0) + 1
    row.length = sum(counted.values())
    row.words_recipe = words.WORDS_RECIPE
    return counted


def _upsert(rows: list[Passage], written: list[str]) -> None:
    """Inserts or overwrites; the rows have their ids afterwards."""
    Passage.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["kind", "ref", "part"], update_fields=written
    )


def _post(counted: list[tuple[Passage, dict[str, int]]]) -> None:
    """Makes these words all that the passages are found by."""
    if not counted:
        return
    rows = [(row.pk, term, min(count, MOST_COUNTED)) for row, terms in counted for term, count in terms.items()]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM evidence_posting WHERE passage_id = ANY(%s)", [[row.pk for row, _ in counted]])
        if rows:
            cursor.execute(
                "INSERT INTO evidence_posting (passage_id, term, count)"
                " SELECT * FROM unnest(%s::bigint[], %s::text[], %s::smallint[])",
                [list(column) for column in zip(*rows, strict=True)],
            )


_WRITTEN = [field.name for field in Passage._meta.concrete_fields if field.name not in {"id", "kind", "ref", "part"}]
