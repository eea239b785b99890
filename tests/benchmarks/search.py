"""What finding costs, how it grows and how it compares: from 1,000 to 1,000,000 passages.

    python -m tests.benchmarks.search --passages 1000 --passages 10000 [--json FILE] [--keep]

Each size runs in a process and a database of its own below `var/bench/search` (or BENCH_DATA_DIR),
dropped at the end unless --keep. LanceDB, Chroma and tantivy run in an environment of their own,
made from tests/benchmarks/requirements.txt. What is measured and how stands in `finding/`.
Ends with every bar marked held, missed or not run; the exit status is 1 when one was missed.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from config import database, run
from tests.benchmarks.finding import bars, environment, report
from tests.benchmarks.finding.corpus import ROOT

SIZES = (1_000, 10_000, 100_000, 1_000_000)
PARTS = ("ingest", "http", "peers")
SERVER = {"PG_SHARED_BUFFERS": "2GB", "PG_MAINTENANCE_WORK_MEM": "2GB"}
DISK = 9_000  # bytes a passage at the highest point of a run: database, log, exchange files and a peer
FOLDER = Path(os.environ.get("BENCH_DATA_DIR") or ROOT / "var" / "bench").resolve() / "search"


def say(line: str) -> None:
    print(f"· {line}", flush=True)


def stop(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def place(size: int) -> Path:
    """The data folder of one size; all share one unpacked model."""
    folder = FOLDER / (str(size) if size else "ingest")
    folder.mkdir(parents=True, exist_ok=True)
    (FOLDER / "models").mkdir(exist_ok=True)
    if not (folder / "models").is_symlink():
        (folder / "models").symlink_to(FOLDER / "models")
    return folder


def clear(folder: Path) -> None:
    database.wait_until_stopped(folder, 120)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(database.socket_dir(folder), ignore_errors=True)


def child(size: int, python: Path | None, without: list[str], *, keep: bool) -> dict[str, Any]:
    """Figures of one size (0: of the ingest); {"failed": …} when its process did not get there."""
    folder = place(size)
    answer = folder / "figures.json"
    answer.unlink(missing_ok=True)
    job = {
        "size": size,
        "folder": str(FOLDER),
        "answer": str(answer),
        "without": without,
        "python": str(python) if python else "",
    }
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    environ = {**os.environ, **SERVER, "DATA_DIR": str(folder), "EMBEDDING_MODEL": ""}
    for name in ("MAKELEVEL", "DATABASE_URL", "DATABASE_URL_FILE", "PORT", "HOST"):
        environ.pop(name, None)
    command = [sys.executable, "-m", "tests.benchmarks.finding.child", str(folder / "job.json")]
    # In a session of its own: Ctrl-C reaches us alone, and we end it once.
    process = subprocess.Popen(run.tied(command), cwd=ROOT, env=environ, start_new_session=True)
    try:
        process.wait()
        if process.returncode or not answer.exists():
            return {"failed": f"its process ended with {process.returncode}"}
        return dict(json.loads(answer.read_text(encoding="utf-8")))
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(180)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        if not keep:
            clear(folder)


def lacking(size: int) -> str:
    """Why a size cannot be run here; "" when it can."""
    free, needed = shutil.disk_usage(FOLDER).free, size * DISK
    return f"needs about {needed / 1e9:.1f} GB of disk, {free / 1e9:.1f} are free" if needed > free else ""


def sizes(options: argparse.Namespace, python: Path | None) -> bars.Sizes:
    found: bars.Sizes = {}
    for size in sorted(set(options.passages or SIZES)):
        if why := "" if options.anyway else lacking(size):
            say(f"{size:,} passages are left out: {why} (--anyway tries)")
            continue
        began = time.monotonic()
        figures = child(size, python, options.without, keep=options.keep)
        if "failed" in figures:
            say(f"{size:,} passages failed: {figures['failed']}")
            continue
        found[size] = figures
        say(f"{size:,} passages took {time.monotonic() - began:.0f} s in all")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, action="append", metavar="N", help="a size; may be repeated")
    parser.add_argument("--without", nargs="+", default=[], choices=PARTS, help="parts to leave out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there as well")
    parser.add_argument("--keep", action="store_true", help="keep the databases for a second run")
    parser.add_argument("--anyway", action="store_true", help="also where disk looks too small")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, stop)
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        python = None if "peers" in options.without else environment.ready(FOLDER / "peers", say)
        first = child(0, None, options.without, keep=False)
        found = sizes(options, python) if "failed" not in first else {}
    except KeyboardInterrupt:
        say("stopped; processes and databases are cleaned up")
        sys.exit(130)
    marked = bars.every(found, first.get("ingest", {}))
    print(report.text(first.get("corpus", first.get("failed", "")), found, marked))
    if options.json:
        whole = {"corpus": first.get("corpus"), "ingest": first.get("ingest"), "sizes": found}
        whole["bars"] = [bar.__dict__ for bar in marked]
        options.json.write_text(json.dumps(whole, indent=1, ensure_ascii=False), encoding="utf-8")
    sys.exit(any(bar.state == "missed" for bar in marked))


if __name__ == "__main__":
    main()
