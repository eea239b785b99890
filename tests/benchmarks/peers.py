"""LanceDB, Chroma and tantivy on the benchmark's files. Runs in the peers' own environment.

    python -m tests.benchmarks.peers lancedb|chroma|tantivy FOLDER ANSWER

FOLDER holds passages.jsonl (text), vectors.npy (half floats), queries.jsonl, queries.npy and exact.npy
(numbers of the ten nearest). Writes build seconds, size, p50/p95 at 1 and 8 callers, and recall.

All are compared at the same recall: a peer looks as far as it takes to find RECALL of the ten
nearest, or as far as the last of its EFFORTS.
"""

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.finding.callers import measure

CALLERS = (1, 8)
K = 10
BATCH = 5_000
RECALL = 0.98  # what is promised of ours
EFFORTS = {
    "lancedb": (20, 40, 80, 160, 320, 640),  # nprobes
    "chroma": (100, 200, 400, 800, 1_600, 3_200),  # ef_search
    "tantivy": (0,),
}
Asked = tuple[str, Any]  # a query and its vector
Legs = dict[str, Callable[[Asked], list[int]]]


def texts(folder: Path) -> Iterator[list[str]]:
    batch: list[str] = []
    with (folder / "passages.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            batch.append(json.loads(line))
            if len(batch) == BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def lancedb(folder: Path, store: Path) -> Iterator[tuple[int, Legs]]:
    """Vector and full-text index, joined by its own reciprocal-rank reranker; effort: nprobes."""
    import lancedb as library
    import pyarrow as pa
    from lancedb.index import FTS, IvfSq
    from lancedb.rerankers import RRFReranker

    vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    width = vectors.shape[1]
    schema = pa.schema([("id", pa.int64()), ("text", pa.string()), ("vector", pa.list_(pa.float32(), width))])

    def rows() -> Iterator[Any]:
        start = 0
        for batch in texts(folder):
            flat = pa.array(vectors[start : start + len(batch)].astype(np.float32).reshape(-1))
            columns = [pa.array(range(start, start + len(batch))), pa.array(batch)]
            yield pa.record_batch([*columns, pa.FixedSizeListArray.from_arrays(flat, width)], schema=schema)
            start += len(batch)

    table = library.connect(store).create_table("passages", rows(), schema=schema)
    # Tried at 100,000: of its index types this one alone was quick with recall above 0.95 (0.99). Its
    # default (IVF_PQ) had 0.75, IVF_HNSW_SQ 0.80 and took forty times as long to build.
    table.create_index("vector", config=IvfSq(distance_type="cosine"))
    table.create_index("text", config=FTS(language="Dutch"))
    table.optimize()
    reranker = RRFReranker()

    def legs(probes: int) -> Legs:
        def hybrid(asked: Asked) -> list[int]:
            query = table.search(query_type="hybrid", vector_column_name="vector").vector(asked[1]).text(asked[0])
            found = query.nprobes(probes).rerank(reranker).select(["id"]).limit(K).to_arrow()
            return list(found["id"].to_pylist())

        def meaning(asked: Asked) -> list[int]:
            query = table.search(asked[1], vector_column_name="vector").distance_type("cosine").nprobes(probes)
            return list(query.select(["id", "_distance"]).limit(K).to_arrow()["id"].to_pylist())

        def words(asked: Asked) -> list[int]:
            found = table.search(asked[0], query_type="fts").select(["id", "_score"]).limit(K).to_arrow()
            return list(found["id"].to_pylist())

        return {"hybrid": hybrid, "meaning": meaning, "words": words}

    for probes in EFFORTS["lancedb"]:
        yield probes, legs(probes)


def chroma(folder: Path, store: Path) -> Iterator[tuple[int, Legs]]:
    """Vectors given and no documents: the quickest it can be. Meaning only; effort: ef_search.

    In the process that asks, and `served` by its own server: as it has to be when several web
    processes share what is added (its persistent client is for one process).
    """
    _fill(folder, store)
    for effort in EFFORTS["chroma"]:
        # The graph is loaded with the first query and keeps the effort it was loaded with.
        collection = _client(store).get_collection("passages", embedding_function=None)
        collection.modify(configuration={"hnsw": {"ef_search": effort}})
        inside = _nearest_by(_client(store).get_collection("passages", embedding_function=None))
        with _server(store) as served:
            outside = _nearest_by(served.get_collection("passages", embedding_function=None))
            yield effort, {"meaning": inside, "served": outside}


def _client(store: Path) -> Any:
    """A persistent client that has loaded nothing yet."""
    import chromadb
    from chromadb.api.client import SharedSystemClient
    from chromadb.config import Settings

    SharedSystemClient.clear_system_cache()
    return chromadb.PersistentClient(str(store), Settings(anonymized_telemetry=False))


def _fill(folder: Path, store: Path) -> None:
    collection = _client(store).create_collection(
        "passages", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    for start in range(0, len(vectors), BATCH):
        block = vectors[start : start + BATCH].astype(np.float32)
        collection.add(ids=[str(start + n) for n in range(len(block))], embeddings=block)


@contextmanager
def _server(store: Path) -> Iterator[Any]:
    """A client of Chroma's own server on that folder, on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [Path(sys.executable).parent / "chroma", "run", "--path", store, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _reached(port, process)
    finally:
        process.terminate()
        process.wait()


def _reached(port: int, process: subprocess.Popen[bytes]) -> Any:
    import chromadb
    from chromadb.config import Settings

    until = time.monotonic() + 60
    while True:
        try:
            return chromadb.HttpClient("127.0.0.1", port, settings=Settings(anonymized_telemetry=False))
        except ValueError:  # what it says when nobody answers
            if time.monotonic() > until or process.poll() is not None:
                raise
            time.sleep(0.2)


def _nearest_by(collection: Any) -> Callable[[Asked], list[int]]:
    def meaning(asked: Asked) -> list[int]:
        found = collection.query(query_embeddings=[asked[1]], n_results=K, include=["distances"])
        return [int(one) for one in found["ids"][0]]

    return meaning


def tantivy(folder: Path, store: Path) -> Iterator[tuple[int, Legs]]:
    """Words only: BM25 with its Dutch stemmer, queries as free text."""
    import tantivy as library

    store.mkdir()
    schema = library.SchemaBuilder()
    schema.add_integer_field("id", stored=True)
    schema.add_text_field("text", tokenizer_name="dutch")
    index = library.Index(schema.build(), path=str(store))
    chain = library.TextAnalyzerBuilder(library.Tokenizer.simple())
    for step in (library.Filter.lowercase(), library.Filter.ascii_fold(), library.Filter.stemmer("dutch")):
        chain = chain.filter(step)
    index.register_tokenizer("dutch", chain.build())
    writer = index.writer(256 * 2**20)
    number = 0
    for batch in texts(folder):
        for text in batch:
            writer.add_document(library.Document(id=number, text=text))
            number += 1
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def words(asked: Asked) -> list[int]:
        query, _errors = index.parse_query_lenient(asked[0], ["text"])
        return [searcher.doc(place)["id"][0] for _score, place in searcher.search(query, K).hits]

    yield 0, {"words": words}


PEERS = {"lancedb": lancedb, "chroma": chroma, "tantivy": tantivy}
PACKAGES = {"lancedb": "lancedb", "chroma": "chromadb", "tantivy": "tantivy"}


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def run(peer: str, folder: Path) -> dict[str, Any]:
    store = folder / f"{peer}.store"
    queries = [json.loads(line) for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    asked = list(zip(queries, np.load(folder / "queries.npy"), strict=True))
    exact = np.load(folder / "exact.npy")
    found: dict[str, Any] = {"version": version(PACKAGES[peer])}
    efforts = PEERS[peer](folder, store)
    began = time.perf_counter()
    try:
        for effort, legs in efforts:
            found.setdefault("build", time.perf_counter() - began)
            found["effort"] = effort
            if "meaning" in legs:
                found["recall"] = recall(legs["meaning"], asked, exact)
            if effort == EFFORTS[peer][-1] or found["recall"] >= RECALL:
                break  # and not by running to its end: what serves the legs would be closed
        for name, leg in legs.items():
            answers = [leg(one) for one in asked]  # warms, too
            found[name] = {str(callers): measure(leg, asked, callers) for callers in CALLERS}
            found[name]["hits"] = sum(map(len, answers)) / len(answers)
        found["bytes"] = size_of(store)
    finally:
        efforts.close()
        shutil.rmtree(store, ignore_errors=True)
    return found


def recall(leg: Callable[[Asked], list[int]], asked: list[Asked], exact: Any) -> float:
    shared = [len(set(leg(one)) & set(best.tolist())) / K for one, best in zip(asked, exact, strict=True)]
    return sum(shared) / len(shared)


def main() -> None:
    peer, folder, answer = sys.argv[1:4]
    Path(answer).write_text(json.dumps(run(peer, Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
