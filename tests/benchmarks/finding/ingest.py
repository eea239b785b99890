"""Putting and embedding real passages against the bare model on the very same texts."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evidence import embedding, encoder
from evidence.index import Part, put
from tests.benchmarks.finding.corpus import Text, ref_of

PASSAGES = 2_000
CHUNK = 250  # both take turns on chunks of this size: what else the machine does falls on both
KIND = "benchmark"


def bare_model() -> Any:
    """The very transformer that the product encodes with."""
    encoder.warm()
    return encoder._shelf.get(encoder._current())._transformer  # type: ignore[attr-defined]


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
    spent = {"product": 0.0, "bare": 0.0}
    for start in range(0, len(texts), CHUNK):
        chunk = texts[start : start + CHUNK]

        def product(chunk: Sequence[Text] = chunk, start: int = start) -> None:
            for number, text in enumerate(chunk, start):
                put(KIND, ref_of(number), [Part(text.title, text.body)], public=True, ring=False)
            embedding.embed_all(kind=KIND)

        def bare(chunk: Sequence[Text] = chunk) -> None:
            vectors.append(encode([embedding.text_of(text.title, text.body) for text in chunk]))

        pairs = [("product", product), ("bare", bare)]
        for name, run in pairs if start // CHUNK % 2 else reversed(pairs):
            began = time.perf_counter()
            run()
            spent[name] += time.perf_counter() - began
        tell(f"ingest: {start + len(chunk)} passages, so far {spent['bare'] / spent['product']:.2f} × the bare model")
    rates = {name: len(texts) / seconds for name, seconds in spent.items()}
    return {"passages": len(texts), **rates, "ratio": rates["product"] / rates["bare"]}, np.vstack(vectors)
