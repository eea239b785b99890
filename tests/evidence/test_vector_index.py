from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.db import connection

from evidence import embedding, encoder, legs, recipes, vector_index
from evidence.index import Part, put
from evidence.models import Passage, Vector
from evidence.scope import Scope

THINGS = 600


def fill() -> None:
    """Passages with random vectors: what matters here is the index, not the meaning."""
    random = np.random.default_rng(7)
    for number in range(THINGS):
        put(
            "thing",
            str(number),
            [Part(f"Titel {number}", "Tekst")],
            public=number % 4 > 0,
            sectors=["po" if number % 50 == 1 else "vo"],
            ring=False,
        )
    recipe = encoder.recipe()
    Vector.objects.bulk_create(
        Vector(passage_id=passage, recipe=recipe, public=public, embedding=(random.standard_normal(384)).tolist())
        for passage, public in Passage.objects.values_list("id", "public")
    )


def plan(scope: Scope) -> str:
    vector = np.ones(384, np.float32)
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off; SET enable_sort = off")
        cursor.execute(
            "EXPLAIN SELECT v.id FROM evidence_vector v WHERE v.recipe = %s AND v.public"
            " ORDER BY (v.embedding::halfvec(384)) <=> %s::halfvec(384) LIMIT 10",
            [encoder.recipe(), vector_index.literal(vector)],
        )
        lines = [row[0] for row in cursor.fetchall()]
        cursor.execute("RESET enable_seqscan; RESET enable_sort")
    return "\n".join(lines)


@pytest.fixture
def indexed(transactional_db: None, settings: Any) -> Callable[[], None]:
    settings.VECTOR_INDEX_THRESHOLD = 500

    def build() -> None:
        fill()
        assert len(vector_index.ensure(encoder.recipe())) == 2

    return build


def test_the_indexes_are_built_above_the_threshold_once_and_used(indexed: Callable[[], None]) -> None:
    assert vector_index.ensure(encoder.recipe()) == []
    indexed()
    try:
        assert vector_index.ensure(encoder.recipe()) == []
        assert vector_index.names(encoder.recipe())[True] in plan(Scope(["thing"]))
        assert recipes.current_reading()[:3] == (encoder.recipe(), True, True)
    finally:
        vector_index.forget_others("")
    assert recipes.current_reading()[:3] == (encoder.recipe(), False, False)


def nearest(vector: str, scope: Scope, *, indexed: bool) -> set[int]:
    """The ten nearest passages."""
    found = legs.candidates(legs.WordHits(), legs.Aim(vector, encoder.recipe(), indexed, indexed), scope, 10)
    return {one.passage for one in sorted(found, key=lambda one: -(one.cosine or 0))[:10]}


@pytest.mark.thorough
@pytest.mark.parametrize(
    "scope",
    [
        Scope(["thing"]),
        Scope(["thing"], public_only=False),
        Scope(["thing"], sector="po"),
        Scope(["thing"], public_only=False, sector="po"),
    ],
    ids=["public", "all", "rare sector", "rare sector of all"],
)
def test_the_index_answers_as_the_exact_scan_does(
    indexed: Callable[[], None], scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(legs, "LITTLE", 0)  # of so few, filters would leave too little to walk for
    indexed()
    try:
        random = np.random.default_rng(11)
        shared = total = 0
        for _ in range(10):
            vector = vector_index.literal(random.standard_normal(384).astype(np.float32))
            exact = nearest(vector, scope, indexed=False)
            quick = nearest(vector, scope, indexed=True)
            assert len(exact) == len(quick) == 10
            shared += len(exact & quick)
            total += 10
        assert shared / total >= 0.95
    finally:
        vector_index.forget_others("")


def test_what_filters_leave_is_all_compared_when_it_is_little(indexed: Callable[[], None]) -> None:
    indexed()
    try:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE evidence_passage")
            cursor.execute("SET hnsw.ef_search = 1; SET hnsw.max_scan_tuples = 1")  # the index would miss most
        scope = Scope(["thing"], sector="po")
        vector = vector_index.literal(np.ones(384, np.float32))
        assert nearest(vector, scope, indexed=True) == nearest(vector, scope, indexed=False)
        assert nearest(vector, Scope(["thing"]), indexed=True) != nearest(vector, Scope(["thing"]), indexed=False)
    finally:
        connection.close()
        vector_index.forget_others("")


def looked(count: int) -> int:
    """ef_search of a connection that is made while the server counts so many vectors."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_class SET reltuples = %s WHERE oid = 'evidence_vector'::regclass", [count])
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('hnsw.ef_search')::int")
        return int(cursor.fetchone()[0])


def test_of_many_vectors_the_index_is_walked_further(transactional_db: None) -> None:
    try:
        assert looked(-1) == looked(1_000) < looked(1_000_000) < looked(100_000_000) == 1_000
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE evidence_vector")


@pytest.mark.django_db
def test_inside_a_transaction_nothing_is_built(settings: Any) -> None:
    settings.VECTOR_INDEX_THRESHOLD = 0
    assert vector_index.ensure(encoder.recipe()) == []
    assert embedding.state()["total"] == 0


def test_memory_for_building_follows_the_rows_up_to_a_quarter_of_the_machine(settings: Any) -> None:
    small, large, endless = (vector_index.memory_for(rows, 384) for rows in (1_000, 100_000, 10**9))
    assert 64 <= small < large < endless
    assert 160 <= large <= 400
    assert endless == vector_index.memory_for(10**10, 384)
    settings.VECTOR_INDEX_MEMORY = 77
    assert vector_index.memory_for(10**9, 384) == 77


def test_a_session_that_built_has_its_own_settings_again(transactional_db: None) -> None:
    def shown() -> list[str]:
        with connection.cursor() as cursor:
            names = ["statement_timeout", "lock_timeout", "maintenance_work_mem", "max_parallel_maintenance_workers"]
            cursor.execute("SELECT current_setting(name) FROM unnest(%s::text[]) AS name", [names])
            return [row[0] for row in cursor.fetchall()]

    before = shown()
    with vector_index._session(99, 3):
        assert shown() == ["0", "0", "99MB", "3"]
    assert shown() == before
