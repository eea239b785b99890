"""Puts a corpus into the database of one size, and tells how long and how large.

`_load` is the only place that knows the tables: adapt it when the way words are kept changes.
"""

import json
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from evidence import embedding, encoder, packing, vector_index, words
from evidence.index import Part, put
from questions.findable import SOURCE
from tests.benchmarks.finding.corpus import Row, number_of

KIND = SOURCE  # so that the public pages and the API search it too
THROUGH_THE_DOORS = 3_000  # up to here everything is put and embedded as the product does it

Batches = Iterable[list[Row]]


def by_the_doors(batches: Batches, file_vectors: NDArray[np.float16]) -> NDArray[np.float16]:
    """Real put and embed; the vectors that came of it, by number."""
    for batch in batches:
        for row in batch:
            parts = [Part(row.text.title, row.text.body)]
            columns: dict[str, Any] = {"sectors": row.sectors, "themes": row.themes, "year": row.year}
            put(KIND, row.ref, parts, public=True, ring=False, **columns)
    embedding.embed_all(kind=KIND)
    packing.pack()
    kept = np.array(file_vectors)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.ref, v.embedding::text FROM evidence_vector v JOIN evidence_passage p ON p.id = v.passage_id"
            " WHERE v.recipe = %s",
            [encoder.recipe()],
        )
        for ref, vector in cursor.fetchall():
            kept[number_of(ref)] = json.loads(vector)
    return kept


def _load(batches: Batches, vectors: NDArray[np.float16], tell: Callable[[str], None]) -> None:
    """Bulk load: passages and their vectors by COPY, with ids number + 1; then their word lists.

    One passage an owner. What a `put` would have written stands here once more, by columns.
    """
    recipe = encoder.recipe()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET synchronous_commit = off")
        for batch in batches:
            with cursor.copy(
                "COPY evidence_passage (id, kind, ref, part, public, language, sectors, themes, year, strength,"
                " collection, title, body, locator, keys, packed, words_recipe, text_hash, updated_at) FROM STDIN"
            ) as copy:
                for row in batch:
                    copy.write_row(_passage(row))
            with cursor.copy(
                "COPY evidence_vector (passage_id, recipe, public, embedding, attempts, last_error)"
                " FROM STDIN (FORMAT binary)"
            ) as copy:
                copy.set_types(["int8", "varchar", "bool", "bytea", "int2", "varchar"])
                for row in batch:
                    copy.write_row((row.number + 1, recipe, True, _halfvec(vectors[row.number]), 1, ""))
            if (batch[-1].number + 1) % 100_000 == 0:
                tell(f"{batch[-1].number + 1:,} passages loaded")
        cursor.execute("SELECT setval(pg_get_serial_sequence('evidence_passage', 'id'), max(id)) FROM evidence_passage")
    packing.rebuild(tell)


def _halfvec(vector: NDArray[np.float16]) -> bytes:
    """A vector in pgvector's binary form: dimensions, nothing, halves; all big-endian."""
    return struct.pack(">hh", len(vector), 0) + vector.astype(">f2").tobytes()


def _passage(row: Row) -> tuple[Any, ...]:
    text = row.text
    named = (KIND, row.ref, 0, True, "nl", row.sectors, row.themes, row.year, "", "", text.title, text.body, "")
    return (row.number + 1, *named, "", True, words.WORDS_RECIPE, f"{row.number:032x}", "2026-11-01T12:00:00Z")


def seen(batches: Batches, watch: Callable[[list[Row]], None]) -> Iterator[list[Row]]:
    """The same batches, shown to `watch` as they pass."""
    for batch in batches:
        watch(batch)
        yield batch


def build(workers: int) -> float:
    """Seconds that the product's own index build takes; statistics are fresh afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(f"SET max_parallel_maintenance_workers = {workers}")
        began = time.perf_counter()
        vector_index.ensure(encoder.recipe())
        seconds = time.perf_counter() - began
        cursor.execute("VACUUM ANALYZE")
    return seconds


def settings_of_server() -> dict[str, str]:
    names = ("server_version", "shared_buffers", "maintenance_work_mem", "max_parallel_maintenance_workers", "work_mem")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, current_setting(name) FROM unnest(%s::text[]) AS name", [list(names)])
        return dict(cursor.fetchall())


def bytes_by_part() -> dict[str, int]:
    """Size on disk with indexes: text, vectors (their approximate index apart) and words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relname LIKE 'evidence\\_%%'"
            " AND relkind IN ('r', 'p')"
        )
        tables = dict(cursor.fetchall())
        cursor.execute(
            "SELECT coalesce(sum(pg_relation_size(oid)), 0)::bigint FROM pg_class WHERE relname LIKE %s",
            [vector_index.PREFIX + "%"],
        )
        index = int(cursor.fetchone()[0])
    text, vector = tables.pop("evidence_passage"), tables.pop("evidence_vector")
    library = ("evidence_source", "evidence_theme", "evidence_collection")
    rest = sum(size for name, size in tables.items() if not name.startswith(library))
    return {"text": text, "vectors": vector - index, "vector index": index, "words": rest}
