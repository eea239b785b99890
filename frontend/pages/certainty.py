"""How sure an answer or a source is, in words nobody can misread."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy

from evidence.strength import CAUTION, OF_ONE, SENTENCES, Strength
from questions.states import Direction

# How sure: name of the box and its sign. What we do not know must look like nothing else.
SURE = {
    Strength.STRONG: ("strong", "●●●"),
    Strength.MODERATE: ("moderate", "●●○"),
    Strength.LIMITED: ("limited", "●○○"),
    Strength.INSUFFICIENT: ("unknown", "?"),
}
FOUND: dict[str, Any] = {
    Direction.POSITIVE: gettext_lazy("What research found: it helps."),
    Direction.NEGATIVE: gettext_lazy("What research found: it does harm."),
    Direction.NONE: gettext_lazy("What research found: studies looked for an effect and found none."),
    Direction.MIXED: gettext_lazy("What research found: it depends; studies differ."),
    Direction.UNCLEAR: gettext_lazy("What research found: the direction is unknown."),
}


@dataclass(frozen=True)
class Sure:
    """How sure an answer is, in words nobody can misread."""

    box: str
    sign: str
    sentence: str
    found: str
    caution: str


def sure(strength: str, direction: str) -> Sure | None:
    if strength not in Strength.values:
        return None
    grade = Strength(strength)
    unknown = grade == Strength.INSUFFICIENT
    found = "" if unknown else str(FOUND.get(direction, ""))
    return Sure(*SURE[grade], str(SENTENCES[grade]), found, str(CAUTION) if unknown else "")


def weight(strength: str) -> Sure | None:
    """How much one source can bear; of the direction of what it found that says nothing."""
    found = sure(strength, "")
    return replace(found, sentence=str(OF_ONE[Strength(strength)])) if found else None
