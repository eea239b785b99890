"""One measured process with a database of its own, started by `tests.benchmarks.search`.

    python -m tests.benchmarks.finding.child JOB.json

JOB names the folder to share, the size (0: measure the ingest and make the real vectors), what to
leave out, the peers' python, and the file for the figures. DATA_DIR is where the database lives.
"""

import json
import os
import shutil
import signal
import sys
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

from config import bringup, database
from tests.benchmarks.finding import corpus


def stop(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # once is enough: what follows is cleaning up
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def kept(folder: Path, texts: list[corpus.Text]) -> Path:
    """Where the real vectors of these texts and this recipe are kept."""
    from evidence import encoder

    return folder / f"real-{corpus.fingerprint(texts)}-{encoder.recipe().replace('/', '-').replace(':', '-')}.npy"


def prepare(job: dict[str, Any]) -> dict[str, Any]:
    """The ingest figures, unless left out; the vectors of all real passages are there afterwards."""
    from evidence import embedding
    from tests.benchmarks.finding import ingest

    texts, _asked, told = corpus.real()
    file = kept(Path(job["folder"]), texts)
    figures: dict[str, Any] = {"corpus": f"{len(texts):,} real passages: {told}"}
    vectors = np.zeros((0, 0), np.float32)
    if "ingest" not in job["without"]:
        rows = (row.text for batch in corpus.Maker(texts).batches(ingest.PASSAGES) for row in batch)
        figures["ingest"], vectors = ingest.measure(list(islice(rows, ingest.PASSAGES)), bringup.say)
    if not file.exists():
        rest = [embedding.text_of(text.title, text.body) for text in texts[len(vectors) :]]
        bringup.say(f"encoding {len(rest)} real passages (kept for the next run)")
        parts = [part for part in (vectors, ingest.encode(rest) if rest else vectors[:0]) if len(part)]
        np.save(file, np.vstack(parts)[: len(texts)])
    return figures


def measure(job: dict[str, Any]) -> dict[str, Any]:
    from tests.benchmarks.finding import size

    folder = Path(job["folder"])
    texts, asked, _told = corpus.real()
    exchange = folder / f"exchange-{job['size']}"
    shutil.rmtree(exchange, ignore_errors=True)
    exchange.mkdir()
    python = Path(job["python"]) if job["python"] else None
    try:
        return size.run(job["size"], texts, np.load(kept(folder, texts)), asked, set(job["without"]), exchange, python)
    finally:
        shutil.rmtree(exchange, ignore_errors=True)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    try:
        database.hold(bringup.say)
        bringup.schema_and_encoder(bringup.say)
        figures = measure(job) if job["size"] else prepare(job)
        Path(job["answer"]).write_text(json.dumps(figures), encoding="utf-8")
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        from django.db import connections

        connections.close_all()
        database.release()
        database.wait_until_stopped(database.data_dir(), 120)


if __name__ == "__main__":
    main()
