"""Everything that is measured at one size, in a process and a database of its own."""

import itertools
import json
import os
import shutil
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from django.db import OperationalError, connection

from evidence import encoder, vector_index
from evidence.models import Source
from evidence.search import Results, search
from questions.suggest import PUBLIC
from tests.benchmarks.finding import environment, exact, loading, web
from tests.benchmarks.finding.callers import in_turn, measure, within
from tests.benchmarks.finding.corpus import Maker, Row, Text, number_of, ref_of, vectors

CALLERS = (1, 8, 32)
QUERIES = 200  # asked of everybody, and for recall
WARM = 60  # for HTTP, where every process has to come to know them
K = 10
PATIENCE = 60.0  # seconds for one pass over the queries; 30 of them are asked whatever it takes
FILTERS: dict[str, dict[str, Any]] = {
    "all": {},
    "10 %": {"sector": "vo"},
    "10 %, by year": {"year_from": 2024},
    "1 %": {"theme": "zeldzaam"},
}


class Steps:
    """Tells what is done, and keeps how long each step took."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.seconds: dict[str, float] = {}
        self.failures: dict[str, str] = {}

    def tell(self, line: str) -> None:
        print(f"· {self.size:>9,} · {line}", flush=True)

    @contextmanager
    def step(self, name: str, *, needed: bool = False) -> Iterator[None]:
        """Times what stands inside. Unless it is `needed`, its failure is told and loses nothing else."""
        began = time.perf_counter()
        try:
            yield
        except Exception as error:
            if needed:
                raise
            self.failures[name] = f"{type(error).__name__}: {error}"[:300]
            traceback.print_exc()
        self.seconds[name] = round(time.perf_counter() - began, 1)
        self.tell(f"{name}: {self.seconds[name]:.1f} s{' and failed' if name in self.failures else ''}")


def ask(text: str, **more: Any) -> Results:
    return search(text, kinds=PUBLIC, **more)


def run(
    size: int,
    texts: Sequence[Text],
    base: Any,
    asked: Sequence[str],
    without: set[str],
    exchange: Path,
    python: Path | None,
) -> dict[str, Any]:
    """All figures of one size. `asked` are real queries; the first QUERIES of them are asked of everybody."""
    steps = Steps(size)
    figures: dict[str, Any] = {"settings": loading.settings_of_server()}
    bm25 = exact.Bm25(asked[:QUERIES])
    rows = Rows(size)
    with steps.step("vectors", needed=True):
        made = vectors(base, size, exchange / "vectors.npy")
    figures["load"], made = fill(size, Maker(texts), made, [bm25.add, rows.add], exchange, steps)
    queries = np.stack([encode(text) for text in asked[:QUERIES]])
    with steps.step("index build", needed=True):
        figures["index build"] = loading.build(min(2, os.cpu_count() or 1))
    connection.close()  # a connection learns when it is made how many vectors there are
    figures["bytes"] = loading.bytes_by_part()
    nearest = exact.Nearest(made, queries)
    with steps.step("recall"):
        figures["recall"] = meaning_recall(nearest, rows, asked, exchange)
        figures["words recall"] = words_recall(bm25, asked)
    with steps.step("search"):
        figures["search"], figures["bare"], figures["ratio to bare"] = searches(asked)
        figures["legs"] = laps(asked[:QUERIES])
    if "http" not in without:
        with steps.step("http"):
            own_what_is_found(asked[:WARM])
            figures["http"], figures["memory"] = web.run(asked[:WARM], variants(asked))
    connection.close()
    if "peers" not in without and python is not None:
        figures["peers"] = peers(python, asked, queries, exchange, steps)
    figures["seconds"], figures["failures"] = steps.seconds, steps.failures
    return figures


class Rows:
    """What filters ask about every passage, by number."""

    def __init__(self, size: int) -> None:
        self.sector = np.zeros(size, np.bool_)
        self.theme = np.zeros(size, np.bool_)
        self.year = np.zeros(size, np.int16)

    def add(self, batch: list[Row]) -> None:
        for row in batch:
            self.sector[row.number] = "vo" in row.sectors
            self.theme[row.number] = "zeldzaam" in row.themes
            self.year[row.number] = row.year

    def allowed(self, filters: dict[str, Any]) -> Any:
        if "sector" in filters:
            return self.sector
        if "theme" in filters:
            return self.theme
        return self.year >= filters["year_from"] if "year_from" in filters else None


def fill(
    size: int, maker: Maker, made: Any, watchers: Sequence[Callable[[list[Row]], None]], exchange: Path, steps: Steps
) -> tuple[float, Any]:
    """Seconds it took to load, and the vectors as they are kept. What is there from before is left."""
    batches = maker.batches(size)
    for watch in watchers:
        batches = loading.seen(batches, watch)
    with (
        steps.step("corpus and exact BM25", needed=True),
        (exchange / "passages.jsonl").open("w", encoding="utf-8") as file,
    ):
        for batch in batches:
            file.writelines(
                json.dumps(f"{row.text.title} {row.text.body}".strip(), ensure_ascii=False) + "\n" for row in batch
            )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM evidence_vector")
        there = cursor.fetchone()[0] == size
        if not there:
            cursor.execute("TRUNCATE evidence_passage CASCADE")
    began = time.perf_counter()
    small = size <= loading.THROUGH_THE_DOORS and size <= len(maker.texts)
    with steps.step("loading" if not there else "loading (kept from before)", needed=True):
        if small:
            made = loading.by_the_doors([] if there else maker.batches(size), made)
            np.save(exchange / "vectors.npy", made)
        elif not there:
            loading._load(maker.batches(size), made, steps.tell)
    return time.perf_counter() - began, made


def encode(text: str) -> Any:
    vector = encoder.encode_query(text)
    if vector is None:
        raise SystemExit("There is no model: the benchmark needs the default one.")
    return vector


def meaning_recall(nearest: exact.Nearest, rows: Rows, asked: Sequence[str], exchange: Path) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, filters in FILTERS.items():
        numbers, best = nearest.top(rows.allowed(filters))
        if name == "all":
            np.save(exchange / "exact.npy", numbers)
        each = [
            nearest.recall(n, [number_of(hit.ref) for hit in ask(text, mode="meaning", limit=K, **filters).hits], best)
            for n, text in enumerate(within(asked[:QUERIES], PATIENCE))
        ]
        found[name] = float(np.mean(each))
    return found


def words_recall(bm25: exact.Bm25, asked: Sequence[str]) -> float:
    each = [
        bm25.recall(n, [number_of(hit.ref) for hit in ask(text, mode="words", limit=K).hits])
        for n, text in enumerate(within(asked[:QUERIES], PATIENCE))
    ]
    return float(np.mean([one for one in each if one is not None]))


def variants(asked: Sequence[str]) -> Iterator[list[str]]:
    """The same questions with other endings, so that no vector of them is remembered; same words."""
    for n in itertools.count(1):
        yield [f"{text.rstrip('?')} {'?' * n}" for text in asked]


def bare() -> Callable[[str], object]:
    """Bare SQL on the same table and index: ten ids by cosine, on Django's own connection."""
    recipe = encoder.recipe()
    size = vector_index.dimensions(recipe)
    query = (
        "SELECT passage_id FROM evidence_vector WHERE recipe = %s AND public"
        f" ORDER BY embedding::halfvec({size}) <=> %s::halfvec({size}) LIMIT {K}"
    )

    def call(text: str) -> object:
        with connection.cursor() as cursor:
            cursor.execute(query, [recipe, vector_index.literal(encode(text))])
            return cursor.fetchall()

    return call


def begin() -> None:
    """A connection for this thread, once those of the callers before have left room."""
    until = time.monotonic() + 60
    while True:
        try:
            return connection.ensure_connection()
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def searches(asked: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any], float]:
    """Figures of search() by leg, of the bare query, and the ratio of their medians measured in turn."""
    warm, cold = asked[:QUERIES], variants(asked)
    plain = bare()
    for text in warm:
        plain(text)
    for text in within(warm, PATIENCE):
        ask(text, limit=K)
    found: dict[str, Any] = {}
    edges = {"begin": begin, "end": lambda: connection.close()}
    for mode in ("words", "meaning", "hybrid"):

        def call(text: str, mode: Any = mode) -> object:
            return ask(text, mode=mode, limit=K)

        found[mode] = {str(callers): measure(call, warm, callers, **edges) for callers in CALLERS}
        if mode != "words":
            found[f"{mode}, with encoder"] = {
                str(callers): measure(call, next(cold), callers, once=True, **edges) for callers in CALLERS
            }
    theirs = {str(callers): measure(plain, warm, callers, **edges) for callers in (1, 8)}
    hybrid, below = in_turn(lambda text: ask(text, limit=K), plain, within(warm, PATIENCE))
    return found, {**theirs, "in turn": {"hybrid": hybrid, "bare": below}}, hybrid / below


def laps(warm: Sequence[str]) -> dict[str, float]:
    """Median milliseconds of each leg of a hybrid search, as `timings` tells."""
    rows = [ask(text, limit=K).timings for text in within(warm, PATIENCE)]
    return {name: float(np.median([row[name] for row in rows])) for name in rows[0]}


def own_what_is_found(warm: Sequence[str]) -> None:
    """Sources for what these queries find, so that the owner's re-check has something to show."""
    refs = {hit.ref for text in warm for hit in ask(text, limit=web.PAGE).hits}
    Source.objects.bulk_create(
        [
            Source(
                pk=ref_of(number),
                key=f"benchmark-{number}",
                title=f"Passage {number}",
                csl={"id": str(number), "type": "report", "title": f"Passage {number}"},
            )
            for number in sorted(map(number_of, refs))
        ],
        ignore_conflicts=True,
    )


def peers(python: Path, asked: Sequence[str], queries: Any, exchange: Path, steps: Steps) -> dict[str, Any]:
    np.save(exchange / "queries.npy", queries)
    (exchange / "queries.jsonl").write_text(
        "\n".join(json.dumps(text, ensure_ascii=False) for text in asked[:QUERIES]), encoding="utf-8"
    )
    found = {}
    for peer in environment.PEERS:
        with steps.step(peer):
            found[peer] = environment.run(python, peer, exchange, minutes=25)
            shutil.rmtree(exchange / f"{peer}.store", ignore_errors=True)
        if why := found[peer].get("failed"):
            steps.tell(f"{peer} failed: {why}")
    return found
