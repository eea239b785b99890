"""How every connection reads the approximate index."""

from typing import Any

SCANNED = 100  # ef_search: how far the approximate index looks at least


def tune(connection: Any, **kwargs: Any) -> None:
    """Sets on a new connection how an approximate index is read, so that no search has to.

    The walk goes on where filters left too few, in true order.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('hnsw.ef_search', %s, false), set_config('hnsw.iterative_scan', 'strict_order', false)",
            [str(SCANNED)],
        )
