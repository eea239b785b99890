"""The supervisor behind `make run`: brings everything up, keeps web and worker alive, leaves nothing behind.

A child that dies is started again; a supervisor that dies takes its children along (they are tied
to its life by setpriv where there is one), and the database follows when nobody holds it any more.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from config import database
from config.bringup import say

ROOT = Path(__file__).resolve().parent.parent
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = int(os.environ.get("PORT", "8000"))
BASE_URL = os.environ.get("BASE_URL", f"http://localhost:{PORT}")
PATIENCE = 20  # seconds a child may take to end before it is killed
TOO_OFTEN = 5  # deaths within a minute after which a child is given up


class Stop(Exception):
    """Somebody asked us to end."""


def on_signal(number: int, frame: FrameType | None) -> None:
    raise Stop(signal.Signals(number).name)


@dataclass
class Child:
    """A process of its own group that is started again when it dies."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.process = subprocess.Popen(tied(self.command), cwd=ROOT, start_new_session=True, stdin=subprocess.DEVNULL)

    def end(self) -> None:
        """Ask the process to finish what it does; it ends its own workers."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """The whole group: a killed parent must not leave its workers behind."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def revive(self) -> None:
        """Clear what is left of the dead process and start again; Stop when it dies too often."""
        self.kill()
        now = time.monotonic()
        self.deaths = [death for death in self.deaths if now - death < 60] + [now]
        if len(self.deaths) > TOO_OFTEN:
            raise Stop(f"{self.name} died {TOO_OFTEN} times in a minute")
        say(f"{self.name} has died; starting it again")
        time.sleep(0.2 * len(self.deaths))
        self.start()


def tied(command: list[str]) -> list[str]:
    """`command` ended by the kernel when this process dies, where the system can."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", *command] if setpriv else command


def children() -> list[Child]:
    web = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi:application",
        "--bind",
        f"{HOST}:{PORT}",
        "--preload",
        "--workers",
        os.environ.get("WEB_WORKERS", "2"),
        "--threads",
        "4",
        "--timeout",
        "60",
        "--graceful-timeout",
        "10",
        "--log-level",
        "warning",
        "--no-control-socket",
    ]
    return [Child("web", web), Child("worker", [sys.executable, "-m", "config.run", "worker"])]


def work() -> None:
    """The worker with its beat, holding the database like every process that uses it."""
    from celery.platforms import SecurityWarning

    from config.celery import app

    database.hold()
    warnings.simplefilter("ignore", SecurityWarning)  # root is fine here: nothing it loads comes from outside
    app.start(
        [
            "--quiet",
            "worker",
            "--beat",
            "--concurrency",
            "1",
            "--loglevel",
            "warning",
            "--without-gossip",
            "--without-mingle",
        ]
    )


def manage(*arguments: str) -> str:
    """Run a management command to its end; its progress is shown, its output returned."""
    done = subprocess.run(
        tied([sys.executable, "manage.py", *arguments]),
        cwd=ROOT,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"`manage.py {' '.join(arguments)}` failed; the lines above tell why.")
    return done.stdout


def refuse_taken_port() -> None:
    with socket.socket(socket.AF_INET6 if ":" in HOST else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError as error:
            raise SystemExit(
                f"Port {PORT} on {HOST} cannot be used ({error.strerror}); choose another: PORT=8001 make run"
            ) from None


def is_ready() -> bool:
    """Asks the web process itself, past any proxy of this machine."""
    connection = http.client.HTTPConnection({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(HOST, HOST), PORT, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def watch(kin: list[Child], parent: int, logins: str) -> None:
    """Until a signal: revive what dies, tell when it is ready, end when `make` has gone."""
    ready = False
    checked = time.monotonic()
    while True:
        time.sleep(0.3)
        if os.environ.get("MAKELEVEL") and os.getppid() != parent:
            raise Stop("make has gone")
        for child in kin:
            if child.has_died():
                child.revive()
        if not ready and is_ready():
            ready = True
            print(f"{logins}ready: {BASE_URL}", flush=True)
        if database.is_embedded() and time.monotonic() - checked > 2:
            revive_database()
            checked = time.monotonic()


def revive_database() -> None:
    """Start a database that has gone; the desk stays up and tries again when that fails."""
    try:
        database.ensure(database.data_dir(), say)
    except SystemExit as error:
        say(str(error))


def stop(kin: list[Child]) -> None:
    """End every child and the database; nothing is left when this returns."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for child in kin:
        child.end()
    deadline = time.monotonic() + PATIENCE
    for child in kin:
        if child.process is not None:
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                say(f"{child.name} does not end; killing it")
            child.kill()
    if database.is_embedded():
        database.release()
        database.wait_until_stopped(database.data_dir(), 60)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)
    refuse_taken_port()
    parent = os.getppid()
    kin: list[Child] = []
    try:
        database.hold(say)
        say("preparing pages")
        manage("collectstatic", "--noinput", "--verbosity", "0")
        manage("sync_roles", "--verbosity", "0")
        demo = os.environ.get("DEMO", "yes").lower() in {"1", "yes", "true", "on"}
        logins = manage("seed", "--once", "--logins") if demo else manage("check") and ""
        say("starting web and worker (loading the model takes some seconds)")
        kin = children()
        for child in kin:
            child.start()
        watch(kin, parent, logins)
    except Stop as reason:
        say(f"stopping ({reason})")
        if "died" in str(reason):
            sys.exit(1)
    finally:
        stop(kin)


if __name__ == "__main__":
    work() if sys.argv[1:] == ["worker"] else main()
