"""The approximate index on vectors: made above a size, one for public text and one for internal.

Below VECTOR_INDEX_THRESHOLD vectors an exact scan is as fast and never wrong.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b

import numpy as np
from django.conf import settings
from django.db import OperationalError, connection
from numpy.typing import NDArray

from evidence import recipes
from evidence.models import Vector

PREFIX = "evidence_hnsw_"
# The graph: links a vector keeps, and how far building looks for them (docs/adr/0017 has figures).
LINKS, WIDTH = 32, 200
ROW_BYTES = 2_000  # what the graph takes for a vector, besides the vector
_LOCK = 7_305_118  # any number that is ours: two workers must not build at once

log = logging.getLogger(__name__)


def literal(vector: NDArray[np.float32]) -> str:
    """The vector as pgvector reads it, in the half precision it is kept in: five digits hold it."""
    return f"[{','.join([f'{x:.5g}' for x in vector.astype(np.float16).tolist()])}]"


def names(recipe: str) -> dict[bool, str]:
    """Index names of a recipe by visibility (public: True)."""
    tag = blake2b(recipe.encode(), digest_size=5).hexdigest()
    return {True: f"{PREFIX}{tag}_public", False: f"{PREFIX}{tag}_internal"}


def dimensions(recipe: str) -> int:
    """The dimensions a recipe names ("model/dimensions/prefixes/text version")."""
    return int(recipe.rsplit("/", 3)[1])


def ensure(recipe: str) -> list[str]:
    """Builds the indexes of `recipe` when its vectors pass the threshold; the names it built.

    Concurrently, so writing goes on; therefore not inside a transaction, where it does nothing.
    """
    if connection.in_atomic_block or not _is_large(recipe):
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return []
        try:
            made = [name for public, name in names(recipe).items() if _build(recipe, public, name)]
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    recipes.begin(recipe)
    recipes.note_indexes(recipe, built(recipe))
    return made


def built(recipe: str) -> dict[bool, bool]:
    """Whether the index is there and whole, by visibility (public: True)."""
    present = _present(valid=True)
    return {public: name in present for public, name in names(recipe).items()}


def is_wanted(recipe: str) -> bool:
    """Whether `ensure` has an index to build."""
    return _is_large(recipe) and not all(built(recipe).values())


def forget_others(*kept: str) -> None:
    """Drops the indexes of every recipe but these."""
    wanted = {name for recipe in kept if recipe for name in names(recipe).values()}
    reading = recipes.current_reading().recipe
    if reading not in kept:
        recipes.note_indexes(reading, {True: False, False: False})
    # Without blocking those who search, where that is possible.
    how = "" if connection.in_atomic_block else "CONCURRENTLY"
    with connection.cursor() as cursor:
        for name in _present() - wanted:
            cursor.execute(f'DROP INDEX {how} IF EXISTS "{name}"')


def _is_large(recipe: str) -> bool:
    above = Vector.objects.filter(recipe=recipe).exclude(embedding=None)
    threshold = int(settings.VECTOR_INDEX_THRESHOLD)
    return bool(above.order_by()[threshold : threshold + 1].values_list("id"))


def _present(*, valid: bool = False) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid"
            " WHERE c.relname LIKE %s AND (i.indisvalid OR NOT %s)",
            [PREFIX.replace("_", r"\_") + "%", valid],
        )
        return {row[0] for row in cursor.fetchall()}


def _build(recipe: str, public: bool, name: str) -> bool:
    if name in _present(valid=True):
        return False
    log.info("Building the vector index %s", name)
    memory = memory_for(Vector.objects.filter(recipe=recipe, public=public).count(), dimensions(recipe))
    helpers = _helpers()
    with _session(memory, helpers):
        try:
            _create(recipe, public, name)
        except OperationalError:
            if not helpers:
                raise
            # Building together takes shared memory, and a container may have 64 MB of it.
            log.warning("The vector index cannot be built by several processes here; building it with one")
            with connection.cursor() as cursor:
                cursor.execute("SET max_parallel_maintenance_workers = 0")
            _create(recipe, public, name)
    return True


def memory_for(rows: int, size: int) -> int:
    """Megabytes that building an index may take: the whole graph, or a quarter of this machine.

    Once the graph does not fit, building goes on many times slower (pgvector's README, "Index
    Build Time"). VECTOR_INDEX_MEMORY says it otherwise, where the database has a machine of its own.
    """
    if said := int(settings.VECTOR_INDEX_MEMORY):
        return said
    graph = rows * (2 * size + ROW_BYTES) // 2**20
    quarter = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4 // 2**20
    return max(64, min(graph + 64, quarter))


def _helpers() -> int:
    """Processes that help building."""
    said = int(settings.VECTOR_INDEX_HELPERS)
    return said if said >= 0 else min(4, (os.cpu_count() or 1) - 1)


@contextmanager
def _session(memory: int, helpers: int) -> Iterator[None]:
    """The settings of a session that builds; as they were afterwards."""
    wanted = {
        # It takes minutes, and waits for every transaction that is under way.
        "statement_timeout": "0",
        "lock_timeout": "0",
        "maintenance_work_mem": f"{memory}MB",
        "max_parallel_maintenance_workers": str(helpers),
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, current_setting(name) FROM unnest(%s::text[]) AS name", [list(wanted)])
        before = dict(cursor.fetchall())
        _set(wanted)
        try:
            yield
        finally:
            _set(before)


def _set(values: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        for name, value in values.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [name, value])


def _create(recipe: str, public: bool, name: str) -> None:
    with connection.cursor() as cursor:
        # What a killed build left is invalid: it costs on every write and answers nothing.
        cursor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')
        cursor.execute(
            f'CREATE INDEX CONCURRENTLY "{name}" ON evidence_vector'
            f" USING hnsw ((embedding::halfvec({dimensions(recipe)})) halfvec_cosine_ops)"
            f" WITH (m = {LINKS}, ef_construction = {WIDTH})"
            f" WHERE recipe = %s AND {'public' if public else 'NOT public'}",
            [recipe],
        )
