"""What a reviewer looks at, for each kind of review. Stored with a verdict in the words of that day."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from questions.states import ReviewKind

ITEMS: dict[str, dict[str, Any]] = {
    ReviewKind.CONTENT: {
        "claims": _("Each claim rests on a source that says so."),
        "strength": _("The strength of the evidence fits what was found."),
        "no_effect": _("“Too little research” is nowhere worded as “no effect”."),
        "gap": _("What is not known is told."),
        "references": _("Every source exists, and I have seen it."),
        "causes": _("What goes together is not told as cause and effect."),
    },
    ReviewKind.PRACTICE: {
        "recognisable": _("I recognise the question and the situation."),
        "usable": _("I can do something with the answer tomorrow."),
        "doable": _("What it advises can be done in an ordinary school."),
        "for_whom": _("It is clear for whom it holds, and for whom not."),
    },
    ReviewKind.LANGUAGE: {
        "plain": _("It is written in plain language (B1)."),
        "short": _("The short answer is short and answers the question."),
        "jargon": _("There is no jargon, or it is explained."),
        "title": _("The title says what was asked."),
        "nobody": _("Nobody can be recognised in the text."),
    },
}


def choices() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Every item as `kind.key`, in groups by kind."""
    return [(kind.label, of(kind)) for kind in ReviewKind]


def of(kind: str) -> list[tuple[str, Any]]:
    return [(f"{kind}.{key}", words) for key, words in ITEMS[kind].items()]


def as_stored(kind: str, checked: Collection[str]) -> list[dict[str, Any]]:
    """The items of `kind` and whether each was ticked; nothing when none was."""
    rows = [{"words": str(words), "ticked": name in checked} for name, words in of(kind)]
    return rows if any(row["ticked"] for row in rows) else []
