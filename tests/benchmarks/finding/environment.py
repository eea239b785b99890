"""The peers' own virtual environment, made from tests/benchmarks/requirements.txt: nothing of it
enters the product. And running one peer in it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.finding.corpus import ROOT

PINS = ROOT / "tests" / "benchmarks" / "requirements.txt"
PEERS = ("lancedb", "chroma", "tantivy")
# No telemetry, no model hub, and no more threads than the machine has to give.
QUIET = {"ANONYMIZED_TELEMETRY": "False", "HF_HUB_OFFLINE": "1", "DO_NOT_TRACK": "1", "LANCEDB_LOG": "error"}


def ready(folder: Path, tell: Callable[[str], None]) -> Path | None:
    """The environment's python, installed anew when the pins changed; None when that failed."""
    python = folder / "bin" / "python"
    mark = folder / "installed.txt"
    pins = PINS.read_text(encoding="utf-8")
    if mark.exists() and mark.read_text(encoding="utf-8") == pins:
        return python
    tell("making the peers' environment (once, about a minute)")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--prefer-binary", "--disable-pip-version-check"]
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run([*pip, "-r", str(PINS)], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        tell(f"the peers cannot be installed: {error}; {(getattr(error, 'stderr', '') or '')[-500:]}")
        return None
    mark.write_text(pins, encoding="utf-8")
    return python


def run(python: Path, peer: str, exchange: Path, minutes: float) -> dict[str, Any]:
    """Figures of one peer on the files in `exchange`; {"failed": why} when it did not get there."""
    answer = exchange / f"{peer}.json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    process = subprocess.Popen(
        [str(python), "-m", "tests.benchmarks.peers", peer, str(exchange), str(answer)],
        cwd=ROOT,
        env={**environment, **QUIET},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _out, errors = process.communicate(timeout=minutes * 60)
    except subprocess.TimeoutExpired:
        return {"failed": f"not ready within {minutes:.0f} minutes"}
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if process.returncode or not answer.exists():
        last = (errors.strip().splitlines() or ["no message"])[-1]
        return {"failed": f"exit {process.returncode}: {last[:300]}"}
    return dict(json.loads(answer.read_text(encoding="utf-8")))
