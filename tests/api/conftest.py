"""What every test of the API looks at."""

from collections.abc import Callable
from typing import Any

import pytest

TYPES = "https://rotonde.example/problems/"


@pytest.fixture
def problem() -> Callable[..., dict[str, Any]]:
    """Checks that a response is a problem of this status (and type) and gives its body."""

    def check(response: Any, status: int, kind: str = "") -> dict[str, Any]:
        assert response.status_code == status, response.content[:500]
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.headers["API-Version"] == "1.0.0"
        body: dict[str, Any] = response.json()
        assert body["status"] == status
        assert body["type"].startswith(TYPES)
        assert body["title"]
        assert body["detail"]
        if kind:
            assert body["type"] == TYPES + kind
        return body

    return check
