"""Gives passages the vectors they lack. Safe to run twice, in parallel, and to be killed.

A passage without an embedding of the current recipe is the work. Taking it counts the attempt
and sets a lease in one short transaction; encoding happens outside any; the result is written
only when the text is still the one that was encoded. While another recipe is still the one that
is read (docs/adr/0015), what is put meanwhile gets a vector of that one as well, and first.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from evidence import encoder, recipes, vector_index
from evidence.models import Passage, Vector

ATTEMPTS = 5
LEASE = 120  # seconds, well above what a BATCH takes; doubles with every attempt, and is the back-off as well
BATCH = 128  # passages taken together: some seconds of work, enough to sort them by length
FORGET = 20_000  # vectors deleted in one statement
KEEP_UP = 15.0  # seconds between two looks for what lacks a vector of the recipe that is read
GRACE = 1.0  # seconds a search may take that began before the switch

log = logging.getLogger(__name__)
# Up to which passage nothing fresh was left, by recipe: where this process looks first.
_passed: dict[str, int] = {}
_quiet_until = 0.0


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


def embed_missing(limit: int = BATCH, kind: str = "") -> int:
    """Tries up to `limit` passages (of one `kind` only, if given); the number it took.

    What failed before is taken alone: a passage that kills the process then takes no others
    with it, and after ATTEMPTS it is left with `dead_at` set.
    """
    if not (recipe := encoder.recipe()) or not encoder.warm():
        return 0
    plan = recipes.begin(recipe)
    both = _keeps_up(plan, recipe)
    if both and time.monotonic() >= _quiet_until and (taken := _keep_up(plan, limit, kind)):
        return taken
    return _work(recipe, limit, kind) or (_keep_up(plan, limit, kind) if both else 0)


def embed_all(progress: Callable[[str], None] | None = None, kind: str = "") -> int:
    """Repeats embed_missing until nothing is due; `progress` hears how many are done."""
    done = 0
    while taken := embed_missing(kind=kind):
        done += taken
        if progress:
            progress(f"{done} passages have their vector")
    return done


def _keeps_up(plan: recipes.Plan, recipe: str) -> bool:
    """Whether the recipe that is read can still be made, though another one is to follow it."""
    same_text = plan.recipe.rpartition("/")[2] == encoder.TEXT_VERSION
    return plan.recipe != recipe and plan.next_recipe == recipe and same_text and encoder.warm(plan.recipe)


def _keep_up(plan: recipes.Plan, limit: int, kind: str) -> int:
    """Works at what was put since the change of recipe began; when there was nothing, not again at once."""
    global _quiet_until
    if not (taken := _work(plan.recipe, limit, kind, plan.next_since)):
        _quiet_until = time.monotonic() + KEEP_UP
    return taken


def _work(recipe: str, limit: int, kind: str, since: datetime | None = None) -> int:
    taken = _take(recipe, limit, kind, fresh=True, since=since) or _take(recipe, 1, kind, fresh=False, since=since)
    try:
        if taken:
            _encode(recipe, taken)
    except (KeyboardInterrupt, SystemExit):
        _give_back(recipe, taken)
        raise
    return len(taken)


# Both sides are read in the order of their passages, from where the last look ended.
_FRESH = """
    SELECT p.id FROM evidence_passage p
    LEFT JOIN evidence_vector v
        ON v.passage_id = p.id AND v.recipe = %(recipe)s AND v.passage_id > %(after)s
    WHERE p.id > %(after)s AND v.id IS NULL AND (%(kind)s = '' OR p.kind = %(kind)s)
      AND (%(since)s::timestamptz IS NULL OR p.updated_at >= %(since)s)
    ORDER BY p.id LIMIT %(limit)s FOR UPDATE OF p SKIP LOCKED
"""
_AGAIN = """
    SELECT p.id FROM evidence_vector v JOIN evidence_passage p ON p.id = v.passage_id
    WHERE v.recipe = %(recipe)s AND v.embedding IS NULL AND v.dead_at IS NULL
      AND v.next_attempt_at <= clock_timestamp() AND (%(kind)s = '' OR p.kind = %(kind)s)
    ORDER BY v.next_attempt_at, p.id LIMIT %(limit)s FOR UPDATE OF v, p SKIP LOCKED
"""
# The lease is the back-off too: two minutes, four, eight … unless a failure is known at once.
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


# Who was stopped on purpose did not fail: what only he had tried is work as if it never began.
_GIVE_BACK = """
    DELETE FROM evidence_vector
    WHERE recipe = %s AND passage_id = ANY(%s) AND embedding IS NULL AND attempts = 1 AND last_error = ''
"""


def _take(recipe: str, limit: int, kind: str, *, fresh: bool, since: datetime | None = None) -> list[Task]:
    """Claims work: locked, counted and committed before anything is encoded."""
    with transaction.atomic(), connection.cursor() as cursor:
        wanted: dict[str, Any] = {"recipe": recipe, "limit": limit, "kind": kind, "since": since}
        if fresh:
            ids = _fresh(wanted)
        else:
            # Who took it the last time was killed before it could say so.
            cursor.execute(_BURY, {"recipe": recipe, "attempts": ATTEMPTS})
            cursor.execute(_AGAIN, wanted)
            ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return []
        # Another worker may have counted the same rows a moment ago: only what comes back is ours.
        cursor.execute(_COUNT, {"recipe": recipe, "ids": ids, "lease": LEASE})
        mine = [row[0] for row in cursor.fetchall()]
        rows = Passage.objects.filter(id__in=mine).order_by("id")
        return [
            Task(row["id"], text_of(row["title"], row["body"]), row["text_hash"])
            for row in rows.values("id", "title", "body", "text_hash")
        ]


def _fresh(wanted: dict[str, Any]) -> list[int]:
    """Passages never tried, locked. Looks on from the last ones, then once from the start.

    Otherwise the last of a million passages would be found by walking past all the others, each time.
    """
    key = f"{wanted['recipe']} {wanted['kind']}"
    for after in dict.fromkeys((_passed.get(key, 0), 0)):
        with connection.cursor() as cursor:
            cursor.execute(_FRESH, {**wanted, "after": after})
            ids = [row[0] for row in cursor.fetchall()]
        _passed[key] = ids[-1] if ids else 0
        if ids:
            return ids
    return []


def _give_back(recipe: str, taken: Sequence[Task]) -> None:
    if not connection.in_atomic_block:
        connection.close()  # a signal may have cut a query in two
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [recipe, [task.passage for task in taken]])
    _passed.clear()


def _encode(recipe: str, taken: Sequence[Task]) -> None:
    try:
        vectors = encoder.encode_passages([task.text for task in taken], recipe)
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
        "reading": reading(),
        "model": "loaded" if encoder.loaded() else "not loaded",
    }


def reading() -> str:
    """The recipe whose vectors answer now; "" before the first one."""
    return recipes.current_reading().recipe


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
    if not (recipe := encoder.recipe()):
        return False
    plan = recipes.plan()
    return plan.recipe != recipe or _forgettable(plan).exists() or vector_index.is_wanted(recipe)


def tidy() -> None:
    """Sees to the vector index; switches to the current recipe once it is complete, forgets the others.

    The old vectors answer up to the switch and go after it.
    """
    if not (recipe := encoder.recipe()):
        return
    plan = recipes.begin(recipe)
    if plan.recipe == recipe:
        vector_index.ensure(recipe)
    elif not _switch(recipe):
        return
    _forget(recipes.plan())


def is_complete(state: dict[str, Any]) -> bool:
    """Nothing waits and at most a tenth was given up.

    A model that fails on everything must not take the vectors that still answer with it.
    """
    return bool(state["waiting"] == 0 and state["dead"] * 10 <= state["total"])


def _switch(recipe: str) -> bool:
    """Lets the recipe answer when it is complete and has the index it needs; whether it does."""
    if not is_complete(state()):
        return False
    vector_index.ensure(recipe)
    if vector_index.is_wanted(recipe):
        return False  # another process is building it
    recipes.switch(recipe, vector_index.built(recipe))
    if not connection.in_atomic_block:
        time.sleep(GRACE)  # searches that read the row before finish with the old vectors
    return True


def _forgettable(plan: recipes.Plan) -> QuerySet[Vector]:
    """Vectors that neither answer nor are being made to."""
    kept = [plan.recipe, plan.next_recipe] if plan.alive else [plan.recipe]
    return Vector.objects.exclude(recipe__in=kept)


def _forget(plan: recipes.Plan) -> None:
    """Deletes what is forgettable, in portions that each take a moment."""
    if not _forgettable(plan).exists():
        return
    vector_index.forget_others(plan.recipe, *([plan.next_recipe] if plan.alive else []))
    while rows := list(_forgettable(plan).values_list("id", flat=True)[:FORGET]):
        Vector.objects.filter(id__in=rows).delete()
