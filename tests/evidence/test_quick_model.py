"""The default model in onnxruntime; every test here runs the real weights."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the quick form of the default model needs onnx")
pytest.importorskip("onnxruntime", reason="the quick form of the default model needs onnxruntime")

from evidence import encoder, graph, quick, weights

pytestmark = [pytest.mark.encoder, pytest.mark.thorough]
ROOT = Path(__file__).resolve().parents[2]
TEXTS = [
    "Aanpak van pestgedrag in de klas",
    "Effecten van thuis opdrachten maken op resultaten van leerlingen. " * 12,
    "Retrieval practice",
    "Leren lezen: wat werkt?\n\nKinderen die voorgelezen worden leren meer woorden. " * 30,
    "",
    "123 % & ©",
]


def test_its_vectors_are_those_of_sentence_transformers(settings: Any) -> None:
    mine = encoder.encode_passages(TEXTS)
    query = encoder.encode_query("Wat werkt tegen pesten?")
    settings.EMBEDDING_MODEL = str(weights.folder())
    theirs = encoder.encode_passages(TEXTS)
    their_query = encoder.encode_query("Wat werkt tegen pesten?")
    assert mine is not None
    assert theirs is not None
    assert query is not None
    assert their_query is not None
    assert (mine * theirs).sum(axis=1).min() > 0.9995
    assert query @ their_query > 0.9995


def test_a_passage_gets_the_same_vector_whatever_stands_beside_it() -> None:
    together = encoder.encode_passages(TEXTS)
    assert together is not None
    for text, vector in zip(TEXTS, together, strict=True):
        alone = encoder.encode_passages([text])
        assert alone is not None
        assert np.allclose(alone[0], vector, atol=1e-4)


def test_texts_of_like_length_share_a_pass_and_none_is_left_out() -> None:
    lengths = [512, 3, 500, 4, 8, 300, 300, 300, 2] + [5] * 80
    passes = list(quick._passes(lengths))
    assert sorted(number for some in passes for number in some) == list(range(len(lengths)))
    for some in passes:
        assert len(some) <= quick.TEXTS_A_PASS
        assert len(some) == 1 or len(some) * max(lengths[number] for number in some) <= quick.TOKENS_A_PASS
    filled_up = sum(len(some) * max(lengths[number] for number in some) for some in passes)
    assert filled_up <= 1.1 * sum(lengths)


def test_it_is_loaded_and_asked_without_pytorch() -> None:
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\n"
        "import django; django.setup()\n"
        "from evidence import encoder\n"
        "assert encoder.encode_query('Hoe leren kinderen lezen?') is not None\n"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)\n"
    )
    environment = {**os.environ, "EMBEDDING_MODEL": ""}
    encoder.prepare(print)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, timeout=120)


def test_a_process_forked_after_loading_answers() -> None:
    before = encoder.encode_query("voor de splitsing")
    assert before is not None
    model = encoder._shelf.get(weights.NAME)
    child = os.fork()
    if child == 0:  # nothing of pytest may run in here
        try:
            alike = float(model.query("voor de splitsing") @ before) > 0.99999
            os._exit(0 if alike and len(model.passages(TEXTS)) == len(TEXTS) else 1)
        finally:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0


def test_the_graph_is_written_once_and_whole(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    said: list[str] = []
    (tmp_path / "models").mkdir()
    quick.file().with_name(f".{quick.file().name}.unfinished").write_bytes(b"what a killed one left")
    assert graph.prepare(said.append) == quick.file()
    assert graph.prepare(said.append) == quick.file()
    assert len(said) == 1
    assert {path.name for path in (tmp_path / "models").iterdir()} == {".lock", quick.file().name}
    assert 60e6 < quick.file().stat().st_size < 100e6


def test_a_process_forked_after_loading_ends_cleanly_and_nothing_reports_to_anybody() -> None:
    code = (
        "import os, sys\n"
        "from evidence import quick\n"
        "threads = len(os.listdir('/proc/self/task'))\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    sys.exit(0)\n"
        "status = os.waitpid(child, 0)[1]\n"
        "print(os.environ['ORT_DISABLE_TELEMETRY'], status, threads)\n"
    )
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=environment)
    assert done.stdout.split()[:2] == ["1", "0"], done.stderr
