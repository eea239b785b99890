from typing import Any

import pytest
from django.core.checks import run_checks


def found(settings: Any, **values: Any) -> set[str | None]:
    for name, value in values.items():
        setattr(settings, name, value)
    return {message.id for message in run_checks(tags=["evidence"])}


def test_the_defaults_are_fine(settings: Any) -> None:
    assert found(settings, EMBEDDING_MODEL="", VECTOR_INDEX_THRESHOLD=5_000) == set()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("EMBEDDING_MODEL", "/nowhere/at/all", "evidence.E002"),
        ("EMBEDDING_MODEL", None, "evidence.E001"),
        ("VECTOR_INDEX_THRESHOLD", -1, "evidence.E003"),
        ("VECTOR_INDEX_THRESHOLD", 10, "evidence.W002"),
        ("VECTOR_INDEX_THRESHOLD", 10_000_000, "evidence.W002"),
    ],
)
def test_a_wrong_setting_is_named(settings: Any, name: str, value: Any, expected: str) -> None:
    assert expected in found(settings, **{name: value})
