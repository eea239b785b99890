"""A whole desk in processes of its own, to be killed. Loopback only; every wait has an end."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import database

ROOT = Path(__file__).resolve().parent.parent.parent


class RunningDesk:
    """What `make run` starts, in a data folder of its own and without the demo."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            **{key: value for key, value in os.environ.items() if key not in {"MAKELEVEL", "EMBEDDING_MODEL"}},
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "DEMO": "no",
            "PYTHONUNBUFFERED": "1",
        }
        self.supervisor: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = open(self.folder / "run.log", "ab")  # noqa: SIM115  the child writes in it
        self.supervisor = subprocess.Popen(
            [sys.executable, "-m", "config.run"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
        )
        self.until(self.is_ready, 120)

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def until(self, true: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, (self.folder / "run.log").read_text()[-3000:]
            time.sleep(0.2)

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def python(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "-c", code)

    def processes(self, part: str = "") -> list[int]:
        """Pids of this desk's processes whose command line holds `part`."""
        own = {str(self.folder), f":{self.port}"}
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                try:
                    environment = (entry / "environ").read_bytes().decode(errors="replace")
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                except OSError:
                    continue
                if any(mark in environment or mark in command for mark in own) and part in command:
                    found.append(int(entry.name))
        return found

    def kill(self, part: str = "") -> int:
        pids = self.processes(part)
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return len(pids)

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        if self.supervisor is not None and self.supervisor.poll() is None:
            self.supervisor.send_signal(number)
            self.supervisor.wait(90)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[RunningDesk]:
    running = RunningDesk(tmp_path / "with space")
    running.folder.mkdir()
    yield running
    running.stop()
    running.kill()
    assert database.wait_until_stopped(running.folder, 30)
