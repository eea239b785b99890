import json
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from evidence import embedding, encoder, evaluation, index, judged, packing
from evidence.models import Passage
from evidence.search import Mode, search

DEPTH = 100
PATIENCE = 3600  # seconds the vectors of one set may take
PREFIX = "eval-"
MODES: tuple[Mode, ...] = ("words", "meaning", "hybrid")


@contextmanager
def _stop_means_clean_up() -> Iterator[None]:
    """SIGTERM ends the program through the `finally` of its caller, as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Command(BaseCommand):
    help = "Measures the search against a judged set (BEIR layout), apart from real content."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="holds corpus.jsonl, queries.jsonl, qrels.tsv")
        parser.add_argument("--json", action="store_true", help="print one JSON object only")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = judged.read(options["folder"])
        except judged.Malformed as error:
            raise CommandError(str(error)) from error
        if not encoder.warm():
            raise CommandError("There is no language model to measure with: see EMBEDDING_MODEL.")
        self._forget_killed_runs()
        kind = f"{PREFIX}{uuid4()}"
        try:
            with _stop_means_clean_up():
                figures = self._measured(content, kind, quiet=options["json"])
        finally:
            self._forget(kind)
        self._print(figures, options["json"])

    def _forget(self, kind: str) -> None:
        if not connection.in_atomic_block:
            connection.close()  # a signal may have cut a query in two: clean up on a fresh one
        Passage.objects.filter(kind=kind).delete()
        packing.forget(kind)

    def _forget_killed_runs(self) -> None:
        # A run that was killed outright could not clean up; none takes a day.
        yesterday = timezone.now() - timedelta(days=1)
        Passage.objects.filter(kind__startswith=PREFIX, updated_at__lt=yesterday).delete()

    def _measured(self, content: judged.JudgedSet, kind: str, *, quiet: bool) -> dict[str, dict[str, float]]:
        refs = self._put(content, kind)
        # A worker beside us may hold some of these passages for a minute: they count too.
        until = time.monotonic() + PATIENCE
        while embedding.embed_all(None if quiet else self.stderr.write, kind=kind) or embedding.is_waiting(kind):
            if time.monotonic() > until:
                raise CommandError("Some passages did not get their vector; look at `manage.py embed`.")
            time.sleep(0.2)
        return {
            mode: evaluation.measure(self._rankings(content, kind, refs, mode), content.judgements) for mode in MODES
        }

    def _put(self, content: judged.JudgedSet, kind: str) -> dict[str, str]:
        """Indexes the documents; their ids by ref, since an id may be longer than a ref."""
        refs: dict[str, str] = {}
        for number, (document, (title, text)) in enumerate(content.documents.items()):
            refs[str(number)] = document
            index.put(kind, str(number), [index.Part(title, text)], public=False, ring=False)
        return refs

    def _rankings(self, content: judged.JudgedSet, kind: str, refs: dict[str, str], mode: Mode) -> dict[str, list[str]]:
        return {
            query: [
                refs[hit.ref]
                for hit in search(content.queries[query], kinds=[kind], public_only=False, limit=DEPTH, mode=mode).hits
            ]
            for query in content.judgements
        }

    def _print(self, figures: dict[str, dict[str, float]], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(figures))
            return
        self.stdout.write(" " * 8 + "".join(f"{name:>12}" for name in evaluation.MEASURES))
        for mode, measured in figures.items():
            values = "".join(f"{measured[name]:12.3f}" for name in evaluation.MEASURES)
            self.stdout.write(f"{mode:8}{values}")
