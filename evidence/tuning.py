"""How every connection reads the approximate index."""

from typing import Any

SCANNED = 200  # ef_search: how far the approximate index looks at least (docs/adr/0017 has figures)


def tune(connection: Any, **kwargs: Any) -> None:
    """Sets on a new connection how an approximate index is read, so that no search has to.

    The walk goes on where filters left too few; the order is seen to afterwards, since keeping to
    it while walking throws good hits away (recall 0.80 against 0.98 at a 1 % filter).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('hnsw.ef_search', %s, false), set_config('hnsw.iterative_scan', 'relaxed_order', false)",
            [str(SCANNED)],
        )
