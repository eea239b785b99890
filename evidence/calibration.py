"""Finding the floor of a recipe from what is here, and how often a floor errs.

Unrelated questions are the everyday texts of background.py: on the five shared sets the tenth
highest of a hundred of them stands where the tenth highest of a hundred questions from
another domain stands, within 0.03 (ADR 0013). Related ones are known items: the title or first
sentence of a passage. They are easier than real questions, so a floor that judged sets gave for
a model is never raised by them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from evidence import background, floor, passages
from evidence.models import Calibration, Passage
from evidence.ranking import Bools, Floats

REJECTED = 0.9  # of the unrelated questions, unless that costs more than 1 − KEPT of the related
KEPT = 0.95
SAMPLE = 200  # known items asked
LONGEST = 300  # characters of a known item
POINTS = (0.995, 0.99, 0.98, 0.97, 0.96, 0.95, 0.93, 0.90, 0.85, 0.80)  # kept, on the curve

Standing = Callable[[str], float]


@dataclass(frozen=True)
class Rates:
    """How a floor does: 0 to 1 each; the curve has [kept, rejected] for ten other floors."""

    base: float
    kept: float
    rejected: float
    curve: list[list[float]]
    related: int
    unrelated: int


def rates(related: Sequence[float], unrelated: Sequence[float], base: float) -> Rates:
    """The two error rates at `base` and the curve, from standings (NaN: nothing was found)."""
    hits, others = _numbers(related), _numbers(unrelated)
    bases = [float(np.quantile(hits, 1 - kept, method="lower")) if len(hits) else base for kept in POINTS]
    curve = [[_part(hits >= one), _part(others < one)] for one in bases]
    return Rates(base, _part(hits >= base), _part(others < base), curve, len(hits), len(others))


def chosen(recipe: str, related: Sequence[float], unrelated: Sequence[float]) -> float:
    """The floor's base: rejects REJECTED, keeps KEPT, and is never above what judged sets gave."""
    hits, others = _numbers(related), _numbers(unrelated)
    measured = floor.measured(recipe)
    bases = [
        *([float(np.quantile(others, REJECTED, method="higher"))] if len(others) else []),
        *([float(np.quantile(hits, 1 - KEPT, method="lower"))] if len(hits) else []),
        *([measured.base] if measured else []),
    ]
    return min(base for base in bases if np.isfinite(base))


def known_items(kinds: Sequence[str]) -> list[str]:
    """Title or first sentence of up to SAMPLE passages, spread evenly, the same every time."""
    found = Passage.objects.filter(kind__in=kinds).order_by("text_hash", "id")
    step = max(1, found.count() // SAMPLE)
    rows = found.values_list("title", "body")[::step][:SAMPLE]
    asked = (title or next(iter(passages.sentences(body)), "") for title, body in rows)
    return [text[:LONGEST] for text in asked if text]


def measure(recipe: str, kinds: Sequence[str], standing: Standing) -> Rates:
    """The floor of `recipe` for these kinds; `standing` is that of the best hit for a text."""
    dutch, english = background.texts()
    unrelated = [standing(text) for text in dutch + english]
    related = [standing(text) for text in known_items(kinds)]
    return rates(related, unrelated, chosen(recipe, related, unrelated))


def keep(recipe: str, found: Rates, passages_here: int) -> None:
    """Makes this the floor of the recipe from now on."""
    Calibration.objects.update_or_create(
        recipe=recipe,
        defaults={
            "base": found.base,
            "kept": found.kept,
            "rejected": found.rejected,
            "curve": found.curve,
            "passages": passages_here,
        },
    )


def base_of(recipe: str) -> float | None:
    """The calibrated floor of a recipe, if there is one."""
    return Calibration.objects.filter(recipe=recipe).values_list("base", flat=True).first() if recipe else None


def _numbers(standings: Sequence[float]) -> Floats:
    return np.nan_to_num(np.array(standings, np.float64), nan=-np.inf, neginf=-np.inf)


def _part(which: Bools) -> float:
    return float(which.mean()) if len(which) else 0.0
