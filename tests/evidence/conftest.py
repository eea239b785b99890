from collections.abc import Callable
from typing import Any

import pytest

from evidence.index import Part, put
from evidence.search import Results, search

Put = Callable[..., None]
Find = Callable[..., Results]


@pytest.fixture(autouse=True)
def fake_encoder(request: pytest.FixtureRequest, settings: Any) -> None:
    """Words stand in for meaning, unless a test is about the real encoder."""
    settings.EMBEDDING_MODEL = "" if request.node.get_closest_marker("encoder") else "fake"


@pytest.fixture
def shelve() -> Put:
    """Puts one text: shelve("a1", "Title", "Body", public=False, …)."""

    def shelve(ref: str, title: str, *bodies: str, kind: str = "thing", **columns: Any) -> None:
        parts = [Part(title, body) for body in bodies or ("",)]
        put(kind, ref, parts, **{"public": True, "ring": False, **columns})

    return shelve


@pytest.fixture
def find() -> Find:
    """Searches among the things of this file."""

    def find(text: str, **filters: Any) -> Results:
        return search(text, **{"kinds": ["thing"], **filters})

    return find


def refs(results: Results) -> list[str]:
    return [hit.ref for hit in results.hits]
