"""How near two texts are in meaning, in words instead of a cosine that means another thing per model.

Measured in November 2026 with the default model on the 80 questions of the example content (their
text and context as passages), the cosine being that of a query without what all queries share
(background.py): ten paraphrases reach their own question at 0.783 to 0.860 and no other above
0.746; six questions about something else reach 0.763 at most; of 6,320 pairs of different
questions the nearest comes to 0.777 and 60 to 0.74. Every question reaches itself (lowest 0.81).
A colloquial rewording that shares no word with the question is found, and not called the same.
"""

from dataclasses import dataclass
from typing import Literal

Degree = Literal["same", "close", "some", "none"]


@dataclass(frozen=True)
class Cosines:
    same: float
    close: float


# By the name a recipe begins with. Of a model that was not measured nothing is called close.
MEASURED = {"multilingual-e5-small-q4": Cosines(0.78, 0.74), "fake": Cosines(0.75, 0.5)}


def degree(cosine: float | None, recipe: str) -> Degree:
    """`same`: the same question in other words. `none`: not compared, there is no vector."""
    if cosine is None:
        return "none"
    least = MEASURED.get(recipe.partition("/")[0])
    if least is None or cosine < least.close:
        return "some"
    return "same" if cosine >= least.same else "close"
