"""Early pytest plugin: the suite gets a PostgreSQL cluster and a data folder of its own.

Loaded with `-p tests.cluster`, before Django's settings are read. Each worker of a run in parallel
(`-n`) gets its own: what a test does to the data folder or the server is seen by no other.
"""

import os
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent
STYLESHEET = ROOT / "frontend" / "static" / "frontend" / "built" / "rotonde.css"

FOLDER = Path(os.environ.get("TEST_DATA_DIR") or ROOT / "var" / "test")
os.environ["DATA_DIR"] = str(FOLDER / os.environ.get("PYTEST_XDIST_WORKER", ""))
os.environ.setdefault("EMBEDDING_MODEL", "fake")
for name in ("BASE_URL", "EMAIL_HOST", "SECRET_KEY", "CELERY_BROKER_URL", "PORT", "HOST"):
    os.environ.pop(name, None)

from config import database  # noqa: E402  the environment above decides where it starts


def hurry() -> None:
    """What is thrown away need not outlive a power cut: the server of a test never waits for the disk."""
    where = {"host": str(database.socket_dir(database.data_dir())), "user": database.OWNER, "dbname": database.NAME}
    with psycopg.connect(**where, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


database.hold()
if database.is_embedded():
    hurry()


def pytest_configure(config: pytest.Config) -> None:
    """Pages without their looks would fail in a hundred places; here it is said once."""
    if not STYLESHEET.exists():
        raise pytest.UsageError("The stylesheet of the pages has not been built: run `make install` or `make looks`.")
