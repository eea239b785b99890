"""The write door of finding: whoever owns a text puts it here, in its own transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from evidence import bells, kept, packing, passages, spelling, tasks, words
from evidence.models import Passage
from evidence.plain import plain


@dataclass(frozen=True)
class Part:
    """A stretch of text with its title; `locator` says where it stands (a page, a heading).

    `keys`: words it is found by that are no part of its text (a number, a DOI, names).
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
    learn: bool = True,
) -> None:
    """Makes `parts` all that can be found of (kind, ref), in the caller's transaction.

    Words are searchable at commit; vectors follow. A passage whose text did not change keeps
    its vector. `ring=False` leaves the work to whoever calls embedding next; `learn=False`
    keeps its words out of what typing errors are compared with.
    """
    about = {"language": language, "sectors": sectors, "themes": themes, "year": year, "strength": strength}
    made = rows(kind, ref, parts, public=public, desk=desk, collection=collection, **about)
    with transaction.atomic():
        _replace(kind, ref, public, made)
        if public:
            kept.forget()
        if learn:  # after the commit, so that nobody waits for the words of somebody else's long change
            transaction.on_commit(partial(_learn, [packing.text_of(row) for row in made], public), robust=True)
    if ring and made:
        bells.ring(tasks.embed)


def rows(kind: str, ref: str, parts: Sequence[Part], *, public: bool, **about: Any) -> list[Passage]:
    """The passages that `parts` are cut to, not stored; `about` as of `put`."""
    made = [_row(number, part) for number, part in enumerate(piece for part in parts for piece in _pieces(part))]
    for row in made:
        row.kind, row.ref, row.public = kind, ref, public
        for name, value in about.items():
            setattr(row, name, list(value) if name in ("sectors", "themes") else value)
    return made


def add(passages: Sequence[Passage]) -> None:
    """Store many `rows` of texts that nothing is found of yet, at once; rings no bell and learns no words."""
    _post(Passage.objects.bulk_create(passages))


def _learn(texts: Sequence[str], public: bool) -> None:
    spelling.learn(texts, public)


def drop(kind: str, ref: str) -> None:
    """Makes nothing of (kind, ref) findable any more."""
    with transaction.atomic():
        _take_turns(kind, ref)
        remove(Passage.objects.filter(kind=kind, ref=ref))
        kept.forget()


def remove(passages: QuerySet[Passage]) -> None:
    """Deletes these passages with all that hangs on them, inside a transaction.

    Passages are locked first and by id, as everybody does who changes what hangs on them: whoever
    took them the other way round would wait for who waits for him.
    """
    ids = list(passages.select_for_update().order_by("id").values_list("id", flat=True))
    Passage.objects.filter(id__in=ids).delete()


def _take_turns(kind: str, ref: str) -> None:
    with connection.cursor() as cursor:  # two writers of one text take turns
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"passage {kind} {ref}"])


def _pieces(part: Part) -> list[Part]:
    """The part cut to passages; title and locator go with every one, the keys with the first."""
    title, locator, keys = plain(part.title).strip(), plain(part.locator)[:100], plain(part.keys)
    bodies = passages.cut(plain(part.body)) or ([""] if title or keys else [])
    return [Part(title, text, locator, "" if number else keys) for number, text in enumerate(bodies)]


def _row(number: int, part: Part) -> Passage:
    text_hash = blake2b(f"{part.title}\0{part.body}".encode(), digest_size=16).hexdigest()
    return Passage(
        part=number,
        title=part.title,
        body=part.body,
        locator=part.locator,
        keys=part.keys,
        text_hash=text_hash,
        words_recipe=words.WORDS_RECIPE,
    )


@dataclass(frozen=True)
class _Before:
    """What stands there already of a part."""

    id: int
    text_hash: str
    keys: str
    public: bool
    words_recipe: str

    def has_words_of(self, row: Passage) -> bool:
        """Whether its id may stay: the same words, found by the same public."""
        return (self.text_hash, self.keys, self.public, self.words_recipe) == (
            row.text_hash,
            row.keys,
            row.public,
            row.words_recipe,
        )


def _replace(kind: str, ref: str, public: bool, rows: list[Passage]) -> None:
    _take_turns(kind, ref)
    columns = ("id", "text_hash", "keys", "public", "words_recipe")
    mine = Passage.objects.filter(kind=kind, ref=ref)
    # Locked in a statement of their own: what is deleted below must see what others wrote until now.
    locked = mine.select_for_update().order_by("id")
    before = {row[0]: _Before(*row[1:]) for row in locked.values_list("part", *columns)}
    if len(before) > len(rows):
        remove(mine.filter(part__gte=len(rows)))
    same = [row for row in rows if (old := before.get(row.part)) and old.has_words_of(row)]
    others = [row for row in rows if row not in same]
    _keep(same)
    # The vector of a text that only moved to another public is still right: its row goes along.
    moved = [(row.part, old.id) for row in others if (old := before.get(row.part)) and old.text_hash == row.text_hash]
    if any(row.part in before for row in others):
        _make_room(kind, ref, [row.part for row in others], [old for _, old in moved])
    Passage.objects.bulk_create(others)
    if moved:
        _bring_vectors({old: next(row.pk for row in others if row.part == part) for part, old in moved}, public)
    _post(others)


def _make_room(kind: str, ref: str, parts: list[int], moving: list[int]) -> None:
    """Deletes these parts; the vectors of `moving` stay for _bring_vectors (checked at commit)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gone AS (
                DELETE FROM evidence_passage WHERE kind = %s AND ref = %s AND part = ANY(%s) RETURNING id
            ), words AS (
                DELETE FROM evidence_posting USING gone WHERE passage_id = gone.id
            )
            DELETE FROM evidence_vector USING gone WHERE passage_id = gone.id AND NOT passage_id = ANY(%s)
            """,
            [kind, ref, parts, moving],
        )


def _bring_vectors(new_of: dict[int, int], public: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE evidence_vector SET passage_id = new.id, public = %s"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS new(old, id) WHERE passage_id = new.old",
            [public, list(new_of), list(new_of.values())],
        )


def _keep(rows: list[Passage]) -> None:
    """Overwrites what stands beside the text."""
    if rows:
        Passage.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["kind", "ref", "part"], update_fields=_KEPT
        )


def _post(rows: list[Passage]) -> None:
    """Makes these new passages findable by their words."""
    found = [(row.pk, term, impact) for row in rows for term, impact in packing.weigh(packing.text_of(row)).items()]
    if found:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO evidence_posting (passage_id, term, impact)"
                " SELECT * FROM unnest(%s::bigint[], %s::text[], %s::smallint[])",
                [list(column) for column in zip(*found, strict=True)],
            )


_KEPT = ["desk", "language", "sectors", "themes", "year", "strength", "collection", "locator", "updated_at"]
