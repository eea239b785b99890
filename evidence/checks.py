"""What can be wrong with the settings of this room, said before anything starts."""

import os
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning


def embedding_model(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A path that is not there would only be noticed at the first search."""
    model = settings.EMBEDDING_MODEL
    if not isinstance(model, str):
        return [Error("EMBEDDING_MODEL must be text.", id="evidence.E001")]
    if os.path.isabs(model) and not os.path.isdir(model):
        return [
            Error(
                f"EMBEDDING_MODEL names the folder {model}, which does not exist.",
                hint='Leave it empty for the default model, or set "none" to search by words only.',
                id="evidence.E002",
            )
        ]
    if model == "fake" and not settings.DEBUG and os.environ.get("PYTEST_VERSION") is None:
        return [
            Warning(
                "EMBEDDING_MODEL is the stand-in for tests: it finds shared words, not meaning.", id="evidence.W001"
            )
        ]
    return []


def vector_index_threshold(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Below a few thousand an approximate index costs recall and gains nothing."""
    threshold = settings.VECTOR_INDEX_THRESHOLD
    if not isinstance(threshold, int) or threshold < 0:
        return [Error("VECTOR_INDEX_THRESHOLD must be a whole number from 0.", id="evidence.E003")]
    if 0 < threshold < 1_000 or threshold > 200_000:
        return [
            Warning(
                f"VECTOR_INDEX_THRESHOLD is {threshold}: comparing all of them takes about a"
                " millisecond for every thousand, and an index of fewer gains nothing.",
                id="evidence.W002",
            )
        ]
    return []
