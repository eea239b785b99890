"""A judged set in the index for a while, apart from real content, and what search makes of it."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from evidence import embedding, encoder, evaluation, index, packing, recipes
from evidence.judged import JudgedSet
from evidence.models import Passage
from evidence.search import Mode, Results, search

DEPTH = 100
SHOWN = 10  # hits of a search as people do it
PATIENCE = 3600  # seconds the vectors of one set may take
PREFIX = "eval-"
MODES: tuple[Mode, ...] = ("words", "meaning", "hybrid")
Tell = Callable[[str], None]


class Incomplete(Exception):
    """Some passages got no vector: measuring would say too little."""


@dataclass(frozen=True)
class Trial:
    """The set under a kind of its own; `ids` gives a document by its ref."""

    content: JudgedSet
    kind: str
    ids: dict[str, str]

    def search(self, text: str, limit: int = SHOWN, mode: Mode = "hybrid") -> Results:
        return search(text, kinds=[self.kind], public_only=False, limit=limit, mode=mode)

    def rankings(self, mode: Mode) -> dict[str, list[str]]:
        """The best DEPTH documents for every judged query."""
        texts = self.content.queries
        return {
            query: [self.ids[hit.ref] for hit in self.search(texts[query], DEPTH, mode).hits]
            for query in self.content.judgements
        }

    def scores(self) -> dict[str, dict[str, float]]:
        """Every measure of every leg and of both."""
        return {mode: evaluation.measure(self.rankings(mode), self.content.judgements) for mode in MODES}

    def kept(self) -> tuple[int, int]:
        """Of the queries with a relevant document in the first ten: how many keep it, of how many."""
        answered = [query for query in self.content.judgements if self._is_answered(query)]
        return self._above(self.content.queries[query] for query in answered), len(answered)

    def rejected(self, unrelated: Iterable[str]) -> tuple[int, int]:
        """Of questions that have no answer here: how many are told so, of how many."""
        texts = list(unrelated)
        return len(texts) - self._above(texts), len(texts)

    def _is_answered(self, query: str) -> bool:
        judged = self.content.judgements[query]
        hits = self.search(self.content.queries[query]).hits
        return any(judged.get(self.ids[hit.ref], 0) > 0 for hit in hits)

    def _above(self, texts: Iterable[str]) -> int:
        return sum(not self.search(text).nothing_relevant for text in texts)


@contextmanager
def indexed(content: JudgedSet, tell: Tell | None = None) -> Iterator[Trial]:
    """The set, findable with all its vectors; gone again at the end, whatever happens."""
    kind = f"{PREFIX}{uuid4()}"
    try:
        trial = Trial(content, kind, _put(content, kind))
        # A worker beside us may hold some of these passages for a minute: they count too.
        until = time.monotonic() + PATIENCE
        while embedding.embed_all(tell, kind=kind) or embedding.is_waiting(kind):
            if time.monotonic() > until:
                raise Incomplete
            time.sleep(0.2)
        if recipes.current_reading().recipe != encoder.recipe():
            raise Incomplete  # an older model answers still: its figures would bear the new one's name
        yield trial
    finally:
        if not connection.in_atomic_block:
            connection.close()  # a signal may have cut a query in two: clean up on a fresh one
        with transaction.atomic():
            index.remove(Passage.objects.filter(kind=kind))
        packing.forget(kind)


def forget_killed() -> None:
    """Removes what a run left that was killed outright; none takes a day."""
    yesterday = timezone.now() - timedelta(days=1)
    with transaction.atomic():
        index.remove(Passage.objects.filter(kind__startswith=PREFIX, updated_at__lt=yesterday))


def _put(content: JudgedSet, kind: str) -> dict[str, str]:
    """Indexes the documents; their ids by ref, since an id may be longer than a ref."""
    ids: dict[str, str] = {}
    for number, (document, (title, text)) in enumerate(content.documents.items()):
        ids[str(number)] = document
        index.put(kind, str(number), [index.Part(title, text)], public=False, ring=False, learn=False)
    return ids
