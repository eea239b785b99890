"""The default model in onnxruntime: a third of the work a query takes in PyTorch, and of its memory.

What it returns is what sentence-transformers returns for the same weights, at cosine 0.9998 or
more (docs/adr/0014); the recipe is therefore the same.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from evidence import weights

# Before it is imported: this package reports to its maker what it runs, unless told not to, and
# the thread that does so makes every forked process abort when it ends.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime

Vectors = NDArray[np.float32]
VERSION = "g1"  # part of the file's name: change it whenever the graph would change
# What the graph (graph.py) calls what goes in and what comes out.
IDS, MASK, MEANS = "ids", "mask", "means"
# Texts of like length share a pass: what is filled up to the longest one is work for nothing.
TOKENS_A_PASS = 1_024
TEXTS_A_PASS = 32


def file() -> Path:
    """Where the graph of the default model stands (or will stand)."""
    return weights.folder().with_name(f"{weights.NAME}-{VERSION}.onnx")


class QuickModel:
    """Graph and tokenizer. Threads may share it, and so may processes forked after loading."""

    dimensions = weights.DIMENSIONS

    def __init__(self, graph: Path, tokenizer: Path) -> None:
        options = onnxruntime.SessionOptions()
        # One thread, the caller's: a pool would not survive a fork.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # Memory of the longest pass so far is given back: a web process stays as small as it started.
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(weights.TOKENS)

    def query(self, text: str) -> Vectors:
        (vector,) = self._run([self._tokenizer.encode(weights.QUERY + text)])
        return np.asarray(vector)

    def passages(self, texts: Sequence[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch([weights.PASSAGE + text for text in texts])
        found = np.zeros((len(texts), self.dimensions), np.float32)
        for some in _passes([len(one.ids) for one in encoded]):
            found[some] = self._run([encoded[number] for number in some])
        return found

    def _run(self, encoded: Sequence[Encoding]) -> Vectors:
        """Unit vectors of tokenized texts, in one pass."""
        ids = np.zeros((len(encoded), max(len(one.ids) for one in encoded)), np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(encoded):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        means = self._session.run([MEANS], {IDS: ids, MASK: mask})[0]
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), dtype=np.float32)


def _passes(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Which texts go together, by number: the longest first, TOKENS_A_PASS with padding at most."""
    rest = sorted(range(len(lengths)), key=lambda number: -lengths[number])
    while rest:
        count = max(1, min(TEXTS_A_PASS, TOKENS_A_PASS // lengths[rest[0]]))
        yield rest[:count]
        rest = rest[count:]
