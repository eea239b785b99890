"""How every connection reads the approximate index."""

from typing import Any

# ef_search, how far the approximate index looks at least: LEAST up to LARGE vectors, and from
# there with this power of their number (docs/adr/0017 has figures). MOST is what pgvector allows.
LEAST, MOST = 100, 1_000
LARGE = 100_000
GROWTH = 0.8


def tune(connection: Any, **kwargs: Any) -> None:
    """Sets on a new connection how an approximate index is read, so that no search has to.

    The walk goes on where filters left too few; the order is seen to afterwards, since keeping to
    it while walking throws good hits away (recall 0.80 against 0.98 at a 1 % filter). How many
    vectors there are is what the server last counted; connections last minutes.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT
                set_config('hnsw.iterative_scan', 'relaxed_order', false),
                set_config('hnsw.ef_search', least(%(most)s, round(
                    %(least)s * greatest(1, coalesce(max(reltuples), 0) / %(large)s) ^ %(growth)s
                ))::text, false)
            FROM pg_class WHERE oid = to_regclass('evidence_vector')
            """,
            {"least": LEAST, "most": MOST, "large": LARGE, "growth": GROWTH},
        )
