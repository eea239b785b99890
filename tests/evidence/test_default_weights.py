import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evidence import weights

pytestmark = pytest.mark.encoder

PREPARE = (
    "import sys; from django.conf import settings\n"
    "settings.configure(DATA_DIR=sys.argv[1])\n"
    "from evidence import weights\n"
    "print(weights.prepare(print))\n"
)
ROOT = Path(__file__).resolve().parents[2]


def start(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-u", "-c", PREPARE, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def test_two_processes_at_once_and_one_killed_half_way_leave_one_whole_model(tmp_path: Path) -> None:
    killed = start(tmp_path)
    assert killed.stdout is not None
    killed.stdout.readline()  # it says that it begins
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    both = [start(tmp_path), start(tmp_path)]
    outputs = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("Unpacking" in output for output in outputs) == 1
    folder = tmp_path / "models"
    assert {path.name for path in folder.iterdir()} == {".lock", weights.NAME}
    assert (folder / weights.NAME / "model.safetensors").stat().st_size > 4e8


def test_what_is_there_already_is_left_alone(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    weights.folder().mkdir(parents=True)
    said: list[str] = []
    assert weights.prepare(said.append) == weights.folder()
    assert said == []


def test_a_file_of_another_layout_is_refused() -> None:
    with pytest.raises(weights.WeightsMissing):
        weights.Reader(b"something else entirely")
