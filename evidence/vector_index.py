"""The approximate index on vectors: made above a size, one for public text and one for internal.

Below VECTOR_INDEX_THRESHOLD vectors an exact scan is as fast and never wrong.
"""

import logging
from hashlib import blake2b

import numpy as np
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray

from evidence.models import Vector

PREFIX = "evidence_hnsw_"
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
            return [name for public, name in names(recipe).items() if _build(recipe, public, name)]
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def is_wanted(recipe: str) -> bool:
    """Whether `ensure` has an index to build."""
    return _is_large(recipe) and not set(names(recipe).values()) <= _present(valid=True)


def forget_others(recipe: str) -> None:
    """Drops the indexes of every recipe but this one."""
    wanted = set(names(recipe).values())
    with connection.cursor() as cursor:
        for name in _present() - wanted:
            cursor.execute(f'DROP INDEX IF EXISTS "{name}"')


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
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
        timeouts = cursor.fetchone()
        # It takes minutes, and waits for every transaction that is under way.
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET lock_timeout = 0")
        try:
            # What a killed build left is invalid: it costs on every write and answers nothing.
            cursor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')
            cursor.execute(
                f'CREATE INDEX CONCURRENTLY "{name}" ON evidence_vector'
                f" USING hnsw ((embedding::halfvec({dimensions(recipe)})) halfvec_cosine_ops)"
                f" WHERE recipe = %s AND {'public' if public else 'NOT public'}",
                [recipe],
            )
        finally:
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false)", timeouts
            )
    return True
