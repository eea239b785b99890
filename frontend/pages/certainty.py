"""How sure an answer or a source is, in words nobody can misread."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.strength import Strength
from questions.states import Direction

# How sure: name of the box, its sign and its words. What we do not know must look like nothing else.
SURE: dict[str, tuple[str, str, Any]] = {
    Strength.STRONG: ("strong", "●●●", gettext_lazy("Strong evidence: there is much good research.")),
    Strength.MODERATE: (
        "moderate",
        "●●○",
        gettext_lazy("Moderate evidence: there is good research, but some doubt stays."),
    ),
    Strength.LIMITED: ("limited", "●○○", gettext_lazy("Limited evidence: there are few or weak studies.")),
    Strength.INSUFFICIENT: ("unknown", "?", gettext_lazy("We do not know: there is too little research.")),
}
# The same of one source, which is never "several studies".
WEIGHT: dict[str, Any] = {
    Strength.STRONG: gettext_lazy("This source is strong evidence."),
    Strength.MODERATE: gettext_lazy("This source is fairly strong evidence."),
    Strength.LIMITED: gettext_lazy("This source is limited evidence."),
    Strength.INSUFFICIENT: gettext_lazy("This source tells too little: from it alone we do not know."),
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
    if strength not in SURE:
        return None
    box, sign, sentence = SURE[strength]
    unknown = strength == Strength.INSUFFICIENT
    caution = _("This is not the same as “it does not work”: nobody has looked well enough yet.") if unknown else ""
    return Sure(box, sign, str(sentence), "" if unknown else str(FOUND.get(direction, "")), caution)


def weight(strength: str) -> Sure | None:
    """How much one source can bear; of the direction of what it found that says nothing."""
    found = sure(strength, "")
    return replace(found, sentence=str(WEIGHT[strength])) if found else None
