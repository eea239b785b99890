"""When to say "nothing relevant": every constant of the floor, and how it was found.

A hit is as good as
    cosine + COVERAGE × (BM25 ÷ attainable BM25) + MARGIN × (cosine − background),
the background being the median cosine of the nearest passages: how alike the corpus and the
question are anyway. Below the floor of its recipe it looks like what an unrelated question finds.

Measured in November 2026 with the default model on five judged sets, each asked with its own
questions (kept: those with a relevant document in the first ten, 552) and with those of the
other domains (to be rejected: 2,438): the floor below keeps 95 % of the first and rejects 73 %
of the second, a plain cosine 69 %. By set it keeps 84 to 100 % and rejects 32 to 94 %: a floor
for each corpus would do better.
"""

from collections.abc import Sequence
from statistics import median

from evidence.ranking import Ranked

COVERAGE = 0.1
MARGIN = 0.3
NEIGHBOURS = 20  # fewer passages with a vector tell nothing about a background
TYPICAL_MARGIN = 0.04  # what related questions have, taken where the background is unknown

# By the name a recipe begins with. A model that was not measured has no floor: it is better to
# show too much than to hide what was found by the measure of another model.
FLOORS = {"multilingual-e5-small-q4": 0.85, "fake": 0.05}
# Without cosines: the words found must be worth this part of what was asked. It keeps 95 % of
# what words find rightly, and rejects little; words alone cannot tell more.
WORDS_FLOOR = 0.05


def nothing_relevant(ranked: Sequence[Ranked], attainable: float, recipe: str) -> bool:
    """Whether even the best hit looks like what an unrelated question would find."""
    return not relevant(ranked, attainable, recipe)


def relevant(ranked: Sequence[Ranked], attainable: float, recipe: str) -> list[Ranked]:
    """The hits above the floor of `recipe`, in the order given."""
    cosines = [one.candidate.cosine for one in ranked if one.candidate.cosine is not None]
    floor = FLOORS.get(recipe.partition("/")[0])
    background = median(cosines) if len(cosines) >= NEIGHBOURS else None
    return [one for one in ranked if _passes(one, attainable, floor, background)]


def _passes(one: Ranked, attainable: float, floor: float | None, background: float | None) -> bool:
    coverage = one.candidate.words / attainable if attainable else 0.0
    if (cosine := one.candidate.cosine) is None:
        return coverage >= WORDS_FLOOR
    if floor is None:
        return True
    margin = TYPICAL_MARGIN if background is None else cosine - background
    return cosine + COVERAGE * coverage + MARGIN * margin >= floor
