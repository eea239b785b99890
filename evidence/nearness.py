"""How near two texts are in meaning, in words instead of a cosine that means another thing per model.

Measured in November 2026 with the default model on the 80 questions of the example content (their
text and context as passages): 32 paraphrases of 16 of them, and every question against every other.
At `same` 26 of the 32 paraphrases reach their own question and none another; of 6,288 pairs of
different questions 5 do, all on one subject. Every question reaches itself (lowest 0.93). At
`close` 31 of the 32 do, and 60 of the pairs. Colloquial rewordings that share no word with the
question ("Mobieltjes in de kluis, worden ze daar slimmer van?") come to 0.78 to 0.87: they are
found, and not called the same.
"""

from dataclasses import dataclass
from typing import Literal

Degree = Literal["same", "close", "some", "none"]


@dataclass(frozen=True)
class Cosines:
    same: float
    close: float


# By the name a recipe begins with. Of a model that was not measured nothing is called close.
MEASURED = {"multilingual-e5-small-q4": Cosines(0.88, 0.86), "fake": Cosines(0.75, 0.5)}


def degree(cosine: float | None, recipe: str) -> Degree:
    """`same`: the same question in other words. `none`: not compared, there is no vector."""
    if cosine is None:
        return "none"
    least = MEASURED.get(recipe.partition("/")[0])
    if least is None or cosine < least.close:
        return "some"
    return "same" if cosine >= least.same else "close"
