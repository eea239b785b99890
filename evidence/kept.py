"""What was made of public text, kept until public text changes.

Every value carries the mark that stood when its making began; `forget` puts another mark, and no
value with an older one is given out any more. Mark and value are read in one query.
"""

import logging
import secrets
from collections.abc import Callable
from hashlib import blake2b
from typing import TypeVar

from django.core.cache import caches
from django.db import DatabaseError, connection, transaction

MARK = "mark"
LONGEST = 600  # seconds a value is given out at most: a bound, should a mark ever fail to be put

T = TypeVar("T")

log = logging.getLogger(__name__)


def value(key: str, make: Callable[[], T]) -> T:
    """What `make` gives, or gave for the same key since public text last changed.

    Inside a transaction nothing is kept or taken: what is read there may never be committed.
    """
    if connection.in_atomic_block:
        return make()
    pages, name = caches["pages"], blake2b(key.encode(), digest_size=20).hexdigest()
    try:
        found = pages.get_many([MARK, name])
    except DatabaseError:  # such as no table yet, in the middle of an upgrade: slower, but every page is there
        log.warning("What was kept cannot be read", exc_info=True)
        return make()
    # Read before the making begins: a change meanwhile makes what is put below worthless at once.
    mark = found.get(MARK)
    if mark is None:
        pages.add(MARK, mark := secrets.token_hex(8), None)
    elif name in found and found[name][0] == mark:
        kept: T = found[name][1]
        return kept
    made = make()
    pages.set(name, (mark, made), LONGEST)
    return made


def forget() -> None:
    """After the current transaction commits (now, outside one), nothing that was kept holds any more."""
    if not any(waiting[1] is _put_mark for waiting in connection.run_on_commit):
        transaction.on_commit(_put_mark, robust=True)


def _put_mark() -> None:
    caches["pages"].set(MARK, secrets.token_hex(8), None)
