"""What every query has in common, and how near a query comes to just anything.

A model's vectors share one large direction: a passage that lies near it is near every query.
Half of the mean query is therefore taken out of each query (the mean-removal of Mu & Viswanath
2018, on one side only, so that stored vectors stay the model's own). The same texts, encoded as
passages, are the cohort against which the floor normalises (as the test normalisation of
Auckenthaler et al. 2000): see floor.py, and ADR 0013 for what both are worth.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

TEXTS = Path(__file__).parent / "data" / "background.txt"
REMOVED = 0.5  # how much of the mean query is taken out; 0.4 to 0.75 give the same on the sets
NEAREST = 10  # of the cohort, whose mean closeness counts


@cache
def texts() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The Dutch and the English background texts."""
    lines = [line for line in TEXTS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    dutch = tuple(line for line in lines if not line.startswith("en "))
    return dutch, tuple(line.removeprefix("en ") for line in lines if line.startswith("en "))


@dataclass(frozen=True)
class Background:
    """Of one model: the mean query (width) and the cohort (texts × width, unit rows)."""

    mean: Vectors
    cohort: Vectors

    @classmethod
    def of(cls, query: Callable[[str], Vectors], passages: Callable[[Sequence[str]], Vectors]) -> "Background":
        """Made with a model's own two ways of encoding; one or two seconds on one core."""
        dutch, english = texts()
        return cls(np.mean([query(text) for text in dutch], axis=0), passages(dutch + english))

    def without(self, query: Vectors) -> Vectors:
        """The query (unit) without half of what all queries share, again of unit length."""
        rest = query - REMOVED * self.mean
        length = float(np.linalg.norm(rest))
        return np.asarray(rest / length, np.float32) if length > 0 else query

    def closeness(self, query: Vectors, text: str) -> float:
        """Mean cosine of a query, as `without` gives it, with the nearest of the cohort.

        When the query is itself one of the background texts, that one does not count: so they
        can serve as questions that a corpus does not answer (calibration.py).
        """
        near = self.cohort @ query
        dutch, english = texts()
        if text in (known := dutch + english):
            near = np.delete(near, known.index(text))
        return float(np.sort(near)[-NEAREST:].mean())
