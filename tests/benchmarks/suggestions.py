"""What one suggestion call costs on the demo content, and where it goes.

    python -m tests.benchmarks.suggestions

Starts a web process of its own (one gunicorn worker, model preloaded) on a data folder of its own
(`var/bench`), sends each text once over loopback HTTP and, in turn, encodes the same text here with
the bare model. Prints medians in milliseconds and the ratio that counts: call ÷ encoder.
"""

import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
os.environ["DATA_DIR"] = os.environ.get("BENCH_DATA_DIR") or str(ROOT / "var" / "bench")
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
LEGS = ("vector", "words", "meaning", "fuse", "recheck")


def texts() -> list[str]:
    cases = json.loads((ROOT / "questions" / "demo" / "cases.json").read_text(encoding="utf-8"))
    return [case["text"] for case in cases] + [case["context"] for case in cases if case.get("context")]


def start(port: int) -> subprocess.Popen[bytes]:
    subprocess.run([sys.executable, "manage.py", "seed", "--once"], cwd=ROOT, check=True)
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "config.wsgi:application",
            "--preload",
            "--workers",
            "1",
            "--threads",
            "4",
            "--bind",
            f"127.0.0.1:{port}",
            "--log-level",
            "warning",
            "--no-control-socket",
        ],
        cwd=ROOT,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(port: int, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The web process did not become ready.")


def call(connection: http.client.HTTPConnection, text: str) -> dict[str, float]:
    """Milliseconds of one call: all of it, and each leg as the server saw it."""
    body = json.dumps({"text": text})
    began = time.perf_counter()
    connection.request("POST", "/api/v1/suggestions", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    content = answer.read()
    total = (time.perf_counter() - began) * 1000
    if answer.status != 200:
        raise SystemExit(f"{answer.status}: {content[:300]!r}")
    legs = dict(re.findall(r"(\w+);dur=([\d.]+)", answer.headers["Server-Timing"]))
    found = {leg: float(legs.get(leg, 0)) for leg in LEGS}
    return {**found, "http": total - sum(found.values()), "call": total}


def measure(port: int) -> list[dict[str, float]]:
    from evidence import encoder

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    encoder.warm()
    rows: list[dict[str, float]] = []
    for text in ["opwarmen een", "opwarmen twee", "opwarmen drie", *texts()]:
        row = call(connection, text)
        began = time.perf_counter()
        encoder.encode_query(text)
        rows.append({**row, "encoder": (time.perf_counter() - began) * 1000})
    return rows[3:]


def report(rows: list[dict[str, float]]) -> float:
    def median(name: str) -> float:
        return statistics.median(row[name] for row in rows)

    print(f"{len(rows)} texts, each once; medians in ms")
    for name in (*LEGS, "http", "call", "encoder"):
        spread = statistics.quantiles((row[name] for row in rows), n=20)
        print(f"  {name:<8} {median(name):7.2f}   (p5 {spread[0]:.2f}, p95 {spread[-1]:.2f})")
    ratio = median("call") / median("encoder")
    print(f"call ÷ encoder = {ratio:.2f} (bar: 2.00)")
    return ratio


def main() -> None:
    import django

    from config import database

    database.hold()
    django.setup()
    port = free_port()
    web = start(port)
    try:
        wait(port)
        rows: list[dict[str, Any]] = measure(port)
    finally:
        web.terminate()
        web.wait(30)
    sys.exit(report(rows) > 2)


if __name__ == "__main__":
    main()
