"""How a study was done, in words for somebody who knows no research words. The library keeps the research word."""

from typing import Any

from django.utils.translation import gettext_lazy

# The names that our sources use; a name that is not here is shown as it is.
DESIGNS: dict[str, Any] = {
    "meta-analysis": gettext_lazy("meta-analysis (the results of many studies put together)"),
    "systematic review": gettext_lazy("systematic review (all studies about one question)"),
    "review": gettext_lazy("review of research"),
    "rct": gettext_lazy("experiment with groups made by lot (RCT)"),
    "quasi-experiment": gettext_lazy("experiment with groups that were not made by lot"),
    "longitudinal": gettext_lazy("study that follows people over time"),
    "survey": gettext_lazy("survey"),
    "qualitative": gettext_lazy("qualitative study"),
    "report": gettext_lazy("report"),
    "book": gettext_lazy("book"),
}


def in_words(design: str) -> str:
    return str(DESIGNS.get(design.strip().lower(), design))
