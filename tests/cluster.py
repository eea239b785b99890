"""Early pytest plugin: the suite gets a PostgreSQL cluster and a data folder of its own.

Loaded with `-p tests.cluster`, before Django's settings are read. Each worker of a run in parallel
(`-n`) gets its own: what a test does to the data folder or the server is seen by no other.
"""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STYLESHEET = ROOT / "frontend" / "static" / "frontend" / "built" / "rotonde.css"

FOLDER = Path(os.environ.get("TEST_DATA_DIR") or ROOT / "var" / "test")
os.environ["DATA_DIR"] = str(FOLDER / os.environ.get("PYTEST_XDIST_WORKER", ""))
os.environ.setdefault("EMBEDDING_MODEL", "fake")
for name in ("BASE_URL", "EMAIL_HOST", "SECRET_KEY", "CELERY_BROKER_URL", "PORT", "HOST"):
    os.environ.pop(name, None)

from config import database  # noqa: E402  the environment above decides where it starts

database.hold()


def pytest_configure(config: pytest.Config) -> None:
    """Pages without their looks would fail in a hundred places; here it is said once."""
    if not STYLESHEET.exists():
        raise pytest.UsageError("The stylesheet of the pages has not been built: run `make install` or `make looks`.")
