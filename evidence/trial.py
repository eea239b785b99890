"""A judged set indexed apart from real content, for as long as it is measured."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from django.db import connection

from evidence import embedding, index
from evidence.judged import JudgedSet
from evidence.models import Passage

PREFIX = "eval-"
PATIENCE = 3600  # seconds the vectors of one set may take


class Unfinished(Exception):
    """Some passages did not get their vector in time."""


@dataclass(frozen=True)
class Trial:
    """The kind under which a set stands, and its document ids by ref (an id may be longer)."""

    content: JudgedSet
    kind: str
    refs: dict[str, str]


@contextmanager
def indexed(content: JudgedSet) -> Iterator[Trial]:
    """Puts the documents with their vectors, and takes them away again; Unfinished if it can't."""
    kind = f"{PREFIX}{uuid4()}"
    refs: dict[str, str] = {}
    try:
        for number, (document, (title, text)) in enumerate(content.documents.items()):
            refs[str(number)] = document
            index.put(kind, str(number), [index.Part(title, text)], public=False, ring=False)
        # A worker beside us may hold some of these passages for a minute: they count too.
        until = time.monotonic() + PATIENCE
        while embedding.embed_all(kind=kind) or embedding.is_waiting(kind):
            if time.monotonic() > until:
                raise Unfinished("Some passages did not get their vector; look at `manage.py embed`.")
            time.sleep(0.2)
        yield Trial(content, kind, refs)
    finally:
        if not connection.in_atomic_block:
            connection.close()  # a signal may have cut a query in two: clean up on a fresh one
        Passage.objects.filter(kind=kind).delete()
