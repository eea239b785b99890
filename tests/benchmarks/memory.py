"""Peak memory of a running desk with the default model, web and worker at work.

    python -m tests.benchmarks.memory

Starts the desk as `make run` does on a data folder of its own (`var/bench`), lets the worker embed
generated questions while suggestions are asked for, and samples the proportional set size (PSS, which
counts pages that processes share once) of web, worker, supervisor and database four times a second.
Linux only.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.benchmarks.suggestions import ROOT, free_port, texts, wait

SECONDS = 40
PARTS = {"web": "gunicorn", "worker": "config.run worker", "database": "bin/postgres"}


def pss(pid: str) -> int:
    """Bytes of a process, shared pages counted in proportion; 0 when it has gone."""
    try:
        lines = (Path("/proc") / pid / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def family(root: int) -> dict[str, list[str]]:
    """Pids below `root` and of its database, by part."""
    parents: dict[str, str] = {}
    commands: dict[str, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "stat").read_text().rpartition(")")[2].split()
                commands[entry.name] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            parents[entry.name] = status[1]
    found: dict[str, list[str]] = {name: [] for name in PARTS}
    for pid, command in commands.items():
        above = [pid]
        while above[-1] in parents and above[-1] not in {"1", str(root)}:
            above.append(parents[above[-1]])
        own = str(root) in above or os.environ["DATA_DIR"] in "".join(commands.get(one, "") for one in above)
        for name, mark in PARTS.items():
            if own and (mark in command or any(mark in commands.get(one, "") for one in above)):
                found[name].append(pid)
    return found


def load(port: int, until: float) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.monotonic() < until:
        for text in texts():
            if time.monotonic() > until:
                return
            connection.request(
                "POST",
                "/api/v1/suggestions",
                json.dumps({"text": f"{text} {time.monotonic()}"}),
                {"Content-Type": "application/json"},
            )
            connection.getresponse().read()


def main() -> None:
    port = free_port()
    environment = {**os.environ, "PORT": str(port)}
    environment.pop("MAKELEVEL", None)
    desk = subprocess.Popen([sys.executable, "-m", "config.run"], cwd=ROOT, env=environment)
    peak: dict[str, int] = {}
    try:
        wait(port, 300)
        subprocess.run([sys.executable, "manage.py", "seed", "--ask", "100"], cwd=ROOT, env=environment, check=True)
        until = time.monotonic() + SECONDS
        callers = [threading.Thread(target=load, args=(port, until)) for _n in range(4)]
        for caller in callers:
            caller.start()
        while time.monotonic() < until:
            now = {name: sum(map(pss, pids)) for name, pids in family(desk.pid).items()}
            now["all"] = sum(now.values())
            peak = {name: max(size, peak.get(name, 0)) for name, size in now.items()}
            time.sleep(0.25)
        for caller in callers:
            caller.join()
    finally:
        desk.send_signal(signal.SIGINT)
        desk.wait(90)
    print("peak memory (PSS) in MB: " + ", ".join(f"{name} {size / 2**20:.0f}" for name, size in peak.items()))


if __name__ == "__main__":
    main()
