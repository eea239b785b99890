"""Text to vectors: the only file that knows a language model, and it loads it only when asked.

EMBEDDING_MODEL: "" = the default weights of `weights.py`; "fake" (or "fake-…") = a deterministic
stand-in for tests; "none" = no model; anything else = a sentence-transformers name or path.
"""

import importlib.util
import logging
import os
import threading
import time
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from evidence import weights, words
from evidence.background import Background
from evidence.remembered import Remembered

Vectors = NDArray[np.float32]

# Raise it when the text that stands for a passage is put together differently.
TEXT_VERSION = "t1"
FAKE_DIMENSIONS = 384
RETRY_SECONDS = 60
BATCH = 8  # texts a pass: larger ones pad more than they gain on two cores
CACHED_QUERIES = 2_048

log = logging.getLogger(__name__)


class Unavailable(Exception):
    """There is no model, or it could not be loaded just now."""


class Model(Protocol):
    """What a loaded model can do; rows are float32 and of unit length."""

    dimensions: int

    def query(self, text: str) -> Vectors: ...

    def passages(self, texts: Sequence[str]) -> Vectors: ...


class SentenceModel:
    """A sentence-transformers model. One text at a time: its tokenizer cannot be shared."""

    def __init__(self, transformer: Any) -> None:
        self._transformer = transformer
        self._lock = threading.Lock()
        self.dimensions = int(transformer.get_embedding_dimension())

    def query(self, text: str) -> Vectors:
        with self._lock:
            found = self._transformer.encode_query(text, show_progress_bar=False, normalize_embeddings=True)
        return np.asarray(found, dtype=np.float32)

    def passages(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            found = self._transformer.encode_document(
                list(texts), batch_size=BATCH, show_progress_bar=False, normalize_embeddings=True
            )
        return np.asarray(found, dtype=np.float32)


class FakeModel:
    """Counts of hashed words: the same text gives the same vector, shared words come close.

    It chokes on POISON, so that tests can see what one bad passage does to the others.
    """

    dimensions = FAKE_DIMENSIONS
    POISON = "\N{SKULL AND CROSSBONES}"

    def query(self, text: str) -> Vectors:
        vector = np.zeros(self.dimensions, np.float32)
        for term in words.terms(text) or [""]:
            digest = blake2b(term.encode(), digest_size=4).digest()
            vector[int.from_bytes(digest) % self.dimensions] += 1
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def passages(self, texts: Sequence[str]) -> Vectors:
        if any(self.POISON in text for text in texts):
            raise ValueError("This text cannot be encoded.")
        return np.stack([self.query(text) for text in texts])


class Grounded:
    """A model with what all its queries have in common: see background.py."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.dimensions = model.dimensions
        self.passages = model.passages
        self._background = Background.of(model.query, model.passages)

    def query(self, text: str) -> Vectors:
        return self._background.without(self._model.query(text))

    def closeness(self, query: Vectors, text: str) -> float:
        return self._background.closeness(query, text)


class _Shelf:
    """The models of this process by name, and when loading one last failed."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.models: dict[str, Model] = {}
        self.failed_at: dict[str, float] = {}

    def get(self, name: str) -> Model:
        if (model := self.models.get(name)) is not None:
            return model
        if _is_none(name) or self._failed_lately(name):
            raise Unavailable(name)
        with self.lock:  # one loads, the others wait for it
            if name not in self.models:
                if self._failed_lately(name):
                    raise Unavailable(name)
                self.models[name] = self._load(name)
            return self.models[name]

    def _failed_lately(self, name: str) -> bool:
        failed = self.failed_at.get(name)
        return failed is not None and time.monotonic() - failed < RETRY_SECONDS

    def _load(self, name: str) -> Model:
        try:
            model = _load(name)
        except Exception as error:  # whatever a library, a disk or a model hub can think of
            if name not in self.failed_at:
                log.exception("The language model %s cannot be loaded; searching by words", name)
            self.failed_at[name] = time.monotonic()
            raise Unavailable(name) from error
        self.failed_at.pop(name, None)
        return model


_shelf = _Shelf()
_vectors: Remembered[Vectors] = Remembered(CACHED_QUERIES)


def _load(name: str) -> Model:
    if _is_fake(name):
        return FakeModel()
    if name == weights.NAME and _has_quick_form():
        return Grounded(_load_quick())
    return Grounded(SentenceModel(_load_transformer(name)))


def _has_quick_form() -> bool:
    """Whether what the quick form of the default model needs is installed."""
    return all(importlib.util.find_spec(package) for package in ("onnx", "onnxruntime"))


def _load_quick() -> Model:
    """The default model without PyTorch."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from evidence.quick import QuickModel

    folder = weights.prepare(log.info)
    return QuickModel(_prepare_graph(log.info), folder / "tokenizer.json")


def _prepare_graph(progress: weights.Progress) -> Path:
    from evidence import quick

    if not (file := quick.file()).is_file():
        from evidence import graph  # what writes the file is needed once, and large

        graph.prepare(progress)
    return file


def _load_transformer(name: str) -> Any:
    """The transformer itself; importing the library takes seconds, so it happens here only."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch

    # Before loading: a model loaded with more threads deadlocks in a forked process, and beside
    # a busy core it answers four times slower.
    torch.set_num_threads(1)
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    path = str(weights.prepare(log.info)) if name == weights.NAME else name
    return SentenceTransformer(path, device="cpu", local_files_only=os.path.isdir(path))


def recipe() -> str:
    """How vectors are made now, "model/dimensions/prefixes/text version"; "" without a model."""
    return _recipe_of(_current())


def encode_query(text: str, recipe: str = "") -> Vectors | None:
    """Unit vector (float32, read-only) of a query; None without a model. Never raises.

    What all queries share is taken out of it by half: see background.py.

    `recipe` asks for the vector of an older recipe, as long as its model can still be loaded.
    White space says nothing: runs of it count as one. A text is encoded once, also when several
    requests bring it at the same moment; the last CACHED_QUERIES vectors are remembered.
    """
    name = _model_of(recipe) if recipe else _current()
    folded = " ".join(text.split())
    try:
        return _vectors.get((recipe or _recipe_of(name), folded), lambda: _query_vector(name, folded))
    except Unavailable:
        return None
    except Exception:
        log.exception("Encoding a query failed; searching by words")
        return None


def closeness(query: Vectors, text: str, recipe: str = "") -> float:
    """How near a query (its vector and text) comes to everyday texts about anything at all.

    Mean cosine; 0 when the model is not loaded: call it after `encode_query`.
    """
    model = _shelf.models.get(_model_of(recipe) if recipe else _current())
    return model.closeness(query, text) if isinstance(model, Grounded) else 0.0


def encode_passages(texts: Sequence[str], recipe: str = "") -> Vectors | None:
    """Unit vectors (len(texts) × dimensions, float32); None without a model.

    `recipe` as in encode_query. Many at once are quicker than few: texts of like length go together.
    """
    try:
        model = _shelf.get(_model_of(recipe) if recipe else _current())
    except Unavailable:
        return None
    if not texts:
        return np.zeros((0, model.dimensions), np.float32)
    return model.passages(texts)


def warm(recipe: str = "") -> bool:
    """Loads the current model (or that of `recipe`) when it is not there yet; True when it is there."""
    try:
        _shelf.get(_model_of(recipe) if recipe else _current())
    except Unavailable:
        return False
    return True


def is_wanted() -> bool:
    """Whether there should be a model, loaded or not."""
    return not _is_none(_current())


def loaded() -> bool:
    """Whether this process holds the current model; loads nothing."""
    return _current() in _shelf.models


def prepare(progress: weights.Progress) -> None:
    """Puts the default weights in place where they are what is asked for; WeightsMissing else."""
    if _current() == weights.NAME:
        weights.prepare(progress)
        if _has_quick_form():
            _prepare_graph(progress)


def _query_vector(name: str, text: str) -> Vectors:
    vector = _shelf.get(name).query(text)
    vector.flags.writeable = False
    return vector


def _current() -> str:
    return str(settings.EMBEDDING_MODEL) or weights.NAME


def _is_fake(name: str) -> bool:
    return name == "fake" or name.startswith("fake-")


def _is_none(name: str) -> bool:
    return name == "none"


def _recipe_of(name: str) -> str:
    if _is_none(name):
        return ""
    if name == weights.NAME:
        return f"{name}/{weights.DIMENSIONS}/query:passage/{TEXT_VERSION}"
    if _is_fake(name):
        return f"{name}/{FAKE_DIMENSIONS}/plain/{TEXT_VERSION}"
    try:
        return f"{name}/{_shelf.get(name).dimensions}/own/{TEXT_VERSION}"
    except Unavailable:
        return ""  # unknown until it loads; nothing is embedded or deleted meanwhile


def _model_of(recipe: str) -> str:
    return recipe.rsplit("/", 3)[0]
