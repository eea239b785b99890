"""Putting and embedding real passages against the bare model on the very same texts."""

import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evidence import embedding, encoder, weights
from evidence.index import Part, put
from tests.benchmarks.finding.corpus import Text, ref_of

PASSAGES = 2_000
CHUNK = 250  # both take turns on chunks of this size: what else the machine does falls on both
KIND = "benchmark"


@cache
def bare_model() -> Any:
    """The default weights in sentence-transformers, one thread as in the product."""
    return encoder._load_transformer(weights.NAME)


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """What somebody would write who has only the model: one call, the product's batch size."""
    found = bare_model().encode_document(
        list(texts), batch_size=encoder.BATCH, show_progress_bar=False, normalize_embeddings=True
    )
    return np.asarray(found, np.float32)


def measure(texts: Sequence[Text], tell: Callable[[str], None]) -> tuple[dict[str, float], NDArray[np.float32]]:
    """Passages a second through `put` and `embed_all`, and by the bare model; the ratio of the two.

    Returns the bare model's vectors as well (passages × dimensions).
    """
    encode([texts[0].body] * encoder.BATCH)
    vectors: list[NDArray[np.float32]] = []
    spent = {"put": 0.0, "embed": 0.0, "bare": 0.0}

    def lap(name: str, call: Callable[[], object]) -> None:
        began = time.perf_counter()
        call()
        spent[name] += time.perf_counter() - began

    for start in range(0, len(texts), CHUNK):
        chunk = texts[start : start + CHUNK]
        plain = [embedding.text_of(text.title, text.body) for text in chunk]
        if start // CHUNK % 2:
            lap("bare", lambda plain=plain: vectors.append(encode(plain)))
        lap("put", lambda chunk=chunk, start=start: put_all(chunk, start))
        lap("embed", lambda: embedding.embed_all(kind=KIND))
        if not start // CHUNK % 2:
            lap("bare", lambda plain=plain: vectors.append(encode(plain)))
        sums = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in spent.items())
        tell(f"ingest: {start + len(chunk)} passages; {sums}")
    rates = {"product": len(texts) / (spent["put"] + spent["embed"]), "bare": len(texts) / spent["bare"]}
    apart = {f"{name} seconds": seconds for name, seconds in spent.items()}
    return {"passages": len(texts), **rates, "ratio": rates["product"] / rates["bare"], **apart}, np.vstack(vectors)


def put_all(chunk: Sequence[Text], start: int) -> None:
    """Each in a transaction of its own, as its owner would."""
    for number, text in enumerate(chunk, start):
        put(KIND, ref_of(number), [Part(text.title, text.body)], public=True, ring=False)
