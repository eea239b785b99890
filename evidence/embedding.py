"""Gives passages the vectors they lack. Safe to run twice, in parallel, and to be killed.

A passage without an embedding of the current recipe is the work. Taking it counts the attempt
and sets a lease in one short transaction; encoding happens outside any; the result is written
only when the text is still the one that was encoded.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from evidence import encoder, vector_index
from evidence.models import Passage, Vector

ATTEMPTS = 5
LEASE = 60  # seconds; doubles with every attempt, and is the back-off as well

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    passage: int
    text: str
    text_hash: str


def text_of(title: str, body: str) -> str:
    """The text that is encoded for a passage; encoder.TEXT_VERSION names its form."""
    if not (title and body):
        return title or body
    return f"{title} {body}" if title[-1] in ".?!:" else f"{title}: {body}"


def embed_missing(limit: int = 32, kind: str = "") -> int:
    """Tries up to `limit` passages (of one `kind` only, if given); the number it took.

    What failed before is taken alone: a passage that kills the process then takes no others
    with it, and after ATTEMPTS it is left with `dead_at` set.
    """
    if not (recipe := encoder.recipe()) or not encoder.warm():
        return 0
    taken = _take(recipe, limit, kind, fresh=True) or _take(recipe, 1, kind, fresh=False)
    if taken:
        _encode(recipe, taken)
    return len(taken)


def embed_all(progress: Callable[[str], None] | None = None, kind: str = "") -> int:
    """Repeats embed_missing until nothing is due; `progress` hears how many are done."""
    done = 0
    while taken := embed_missing(kind=kind):
        done += taken
        if progress:
            progress(f"{done} passages have their vector")
    return done


_FRESH = """
    SELECT p.id FROM evidence_passage p
    LEFT JOIN evidence_vector v ON v.passage_id = p.id AND v.recipe = %(recipe)s
    WHERE v.id IS NULL AND (%(kind)s = '' OR p.kind = %(kind)s)
    ORDER BY p.id LIMIT %(limit)s FOR UPDATE OF p SKIP LOCKED
"""
_AGAIN = """
    SELECT p.id FROM evidence_vector v JOIN evidence_passage p ON p.id = v.passage_id
    WHERE v.recipe = %(recipe)s AND v.embedding IS NULL AND v.dead_at IS NULL
      AND v.next_attempt_at <= clock_timestamp() AND (%(kind)s = '' OR p.kind = %(kind)s)
    ORDER BY v.next_attempt_at, p.id LIMIT %(limit)s FOR UPDATE OF v, p SKIP LOCKED
"""
# The lease is the back-off too: a minute, two, four … unless a failure is known at once.
_COUNT = """
    INSERT INTO evidence_vector AS v
        (passage_id, recipe, public, attempts, next_attempt_at, last_error)
    SELECT id, %(recipe)s, public, 1, clock_timestamp() + %(lease)s * interval '1 second', ''
    FROM evidence_passage WHERE id = ANY(%(ids)s)
    ON CONFLICT (recipe, passage_id) DO UPDATE SET
        attempts = v.attempts + 1,
        next_attempt_at = clock_timestamp()
            + %(lease)s * power(2, least(v.attempts, 10)) * interval '1 second'
    WHERE v.embedding IS NULL AND v.dead_at IS NULL AND v.next_attempt_at <= clock_timestamp()
    RETURNING passage_id
"""
_BURY = """
    UPDATE evidence_vector SET dead_at = clock_timestamp()
    WHERE recipe = %(recipe)s AND embedding IS NULL AND dead_at IS NULL
      AND attempts >= %(attempts)s AND next_attempt_at <= clock_timestamp()
"""
_KEEP = """
    UPDATE evidence_vector v
    SET embedding = new.embedding::halfvec, public = new.public,
        next_attempt_at = NULL, last_error = ''
    FROM unnest(%s::bigint[], %s::text[], %s::boolean[]) AS new(passage, embedding, public)
    WHERE v.passage_id = new.passage AND v.recipe = %s
"""


def _take(recipe: str, limit: int, kind: str, *, fresh: bool) -> list[Task]:
    """Claims work: locked, counted and committed before anything is encoded."""
    with transaction.atomic(), connection.cursor() as cursor:
        wanted: dict[str, str | int] = {"recipe": recipe, "limit": limit, "kind": kind}
        if not fresh:
            # Who took it the last time was killed before it could say so.
            cursor.execute(_BURY, {"recipe": recipe, "attempts": ATTEMPTS})
        cursor.execute(_FRESH if fresh else _AGAIN, wanted)
        if not (ids := [row[0] for row in cursor.fetchall()]):
            return []
        # Another worker may have counted the same rows a moment ago: only what comes back is ours.
        cursor.execute(_COUNT, {"recipe": recipe, "ids": ids, "lease": LEASE})
        mine = [row[0] for row in cursor.fetchall()]
        rows = Passage.objects.filter(id__in=mine).order_by("id")
        return [
            Task(row["id"], text_of(row["title"], row["body"]), row["text_hash"])
            for row in rows.values("id", "title", "body", "text_hash")
        ]


def _encode(recipe: str, taken: Sequence[Task]) -> None:
    try:
        vectors = encoder.encode_passages([task.text for task in taken])
        if vectors is not None and not np.isfinite(vectors).all():
            raise ValueError("The model returned something that is not a number.")
    except Exception as error:  # any library error of one text must not stop the others
        if len(taken) == 1:
            _failed(recipe, taken[0], error)
        else:
            for task in taken:
                _encode(recipe, [task])
        return
    if vectors is not None:  # else: the model went away, the lease runs out by itself
        _keep(recipe, taken, vectors)


def _failed(recipe: str, task: Task, error: Exception) -> None:
    log.warning("Passage %s cannot be encoded: %s", task.passage, type(error).__name__)
    row = Vector.objects.filter(passage=task.passage, recipe=recipe, embedding=None)
    row.update(last_error=f"{type(error).__name__}: {error}"[:500])
    row.filter(attempts__gte=ATTEMPTS).update(dead_at=timezone.now())


def _keep(recipe: str, taken: Sequence[Task], vectors: encoder.Vectors) -> None:
    """Writes the vectors of texts that are still the same; the others were put back by `put`."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, text_hash, public FROM evidence_passage WHERE id = ANY(%s) ORDER BY id FOR SHARE",
            [[task.passage for task in taken]],
        )
        now = {passage: (text_hash, public) for passage, text_hash, public in cursor.fetchall()}
        rows = [
            (task.passage, vector_index.literal(vector), now[task.passage][1])
            for task, vector in zip(taken, vectors, strict=True)
            if now.get(task.passage, ("",))[0] == task.text_hash
        ]
        if rows:
            cursor.execute(_KEEP, [*map(list, zip(*rows, strict=True)), recipe])


def state() -> dict[str, Any]:
    """For the status page: passages in all, waiting for a vector, given up, and the recipe."""
    recipe = encoder.recipe()
    total = Passage.objects.count()
    mine = Vector.objects.filter(recipe=recipe)
    dead = mine.exclude(dead_at=None).count()
    done = mine.exclude(embedding=None).count()
    return {
        "total": total,
        "waiting": max(total - done - dead, 0),
        "dead": dead,
        "recipe": recipe,
        "model": "loaded" if encoder.loaded() else "not loaded",
    }


def revive() -> int:
    """Gives every passage that was given up a new set of attempts; how many these are."""
    dead = Vector.objects.filter(embedding=None).exclude(dead_at=None)
    return dead.delete()[0]


def is_waiting(kind: str) -> bool:
    """Whether a passage of this kind may still get its vector of the current recipe."""
    if not (recipe := encoder.recipe()):
        return False
    done = Vector.objects.filter(recipe=recipe).exclude(embedding=None, dead_at=None)
    return Passage.objects.filter(kind=kind).exclude(vectors__in=done).exists()


def is_untidy() -> bool:
    """Whether `tidy` has something to do."""
    recipe = encoder.recipe()
    return bool(recipe) and (Vector.objects.exclude(recipe=recipe).exists() or vector_index.is_wanted(recipe))


def tidy() -> None:
    """Once the current recipe is complete, forgets the older ones; sees to the vector index.

    Complete: nothing waits and at most a tenth was given up. A model that fails on everything
    must not take the vectors that still answer with it.
    """
    if not (recipe := encoder.recipe()):
        return
    older = Vector.objects.exclude(recipe=recipe)
    if older.exists():
        now = state()
        if now["waiting"] == 0 and now["dead"] * 10 <= now["total"]:
            older.delete()
            vector_index.forget_others(recipe)
    vector_index.ensure(recipe)
