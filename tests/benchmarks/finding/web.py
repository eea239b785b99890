"""The whole HTTP call, through gunicorn as `make run` starts it, and the memory of its processes."""

import http.client
import json
import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.benchmarks.finding.callers import measure

CALLERS = (1, 8, 32)
PAGE = 25  # hits of one page of the API's search
_local = threading.local()


@contextmanager
def served() -> Iterator[tuple[int, int]]:
    """(pid, port) of a web process like the one of `make run`, ended afterwards."""
    port = free_port()
    os.environ["PORT"] = str(port)  # config.run reads it when it is imported
    from config import run

    web = run.children()[0]
    web.command[web.command.index("--bind") + 1] = f"127.0.0.1:{port}"
    web.start()
    assert web.process is not None
    try:
        wait(port)
        yield web.process.pid, port
    finally:
        web.end()
        try:
            web.process.wait(30)
        finally:
            web.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(port: int, seconds: float = 180) -> None:
    """Until it is ready. Loading the model takes some seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError("The web process did not become ready.")


def status(pid: int, name: str, file: str = "status") -> int:
    """Bytes that the kernel tells of a process; 0 when it has gone."""
    try:
        lines = (Path("/proc") / str(pid) / file).read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:")), 0)


def children(pid: int) -> list[int]:
    path = Path("/proc") / str(pid) / "task" / str(pid) / "children"
    return [pid, *map(int, path.read_text().split())]


def memory(pid: int) -> dict[str, float]:
    """MB: peak resident size of the largest process, and proportional size of all together now."""
    pids = children(pid)
    return {
        "largest process": max(status(one, "VmHWM") for one in pids) / 2**20,
        "all, proportional": sum(status(one, "Pss", "smaps_rollup") for one in pids) / 2**20,
    }


class Client:
    """Two calls, each thread with a connection of its own that stays open."""

    def __init__(self, port: int) -> None:
        self.port = port

    def begin(self) -> None:
        _local.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)

    def end(self) -> None:
        _local.connection.close()

    def search(self, text: str) -> bytes:
        return self._call("GET", f"/api/v1/search?q={quote(text)}")

    def suggestions(self, text: str) -> bytes:
        body = json.dumps({"text": text})
        return self._call("POST", "/api/v1/suggestions", body, {"Content-Type": "application/json"})

    def _call(self, *request: Any) -> bytes:
        for last in (False, True):  # a server that closed an idle connection is asked once more
            try:
                _local.connection.request(*request)
                answer = _local.connection.getresponse()
                content: bytes = answer.read()
                break
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                if last:
                    raise
                self.begin()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {content[:200]!r}")
        return content


def run(warm: Sequence[str], cold: Iterator[list[str]]) -> tuple[dict[str, Any], dict[str, float]]:
    """Figures of both calls with and without the encoder at each number of callers; memory."""
    found: dict[str, Any] = {}
    with served() as (pid, port):
        client = Client(port)
        both = {"search": client.search, "suggestions": client.suggestions}
        edges = {"begin": client.begin, "end": client.end}
        for name, call in both.items():
            # Both processes remember vectors for themselves: asked often enough, each knows all.
            measure(call, list(warm) * 4, 4, once=True, seconds=60, **edges)
            found[name] = {str(callers): measure(call, warm, callers, **edges) for callers in CALLERS}
            found[f"{name}, with encoder"] = {
                str(callers): measure(call, next(cold), callers, once=True, **edges) for callers in CALLERS
            }
        time.sleep(0.5)
        return found, memory(pid)
