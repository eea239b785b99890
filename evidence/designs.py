"""How a study was done: one list of designs, by research words that are kept and words that everybody knows."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy

from evidence.words import folded

# What is kept, and how it is shown. A name that is not here is kept and shown as it was typed.
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
OTHER = "other"  # none of these: the words say what it is
CHOICES: list[tuple[str, Any]] = [("", "–"), *DESIGNS.items(), (OTHER, gettext_lazy("another design"))]

# What people and databases also call them, in Dutch and English. Hyphens, accents and capitals do not matter.
ALSO: dict[str, tuple[str, ...]] = {
    "meta-analysis": ("meta-analyses", "metaanalyse", "meta-analytisch onderzoek", "meta-analytic review"),
    "systematic review": (
        *("systematic literature review", "systematic reviews", "systematic review of the literature"),
        *("systematische review", "systematische literatuurreview", "systematisch literatuuronderzoek"),
        *("systematische literatuurstudie", "systematisch overzicht", "systematische overzichtsstudie"),
    ),
    "review": (
        *("literature review", "narrative review", "scoping review", "literatuurreview", "literatuurstudie"),
        *("literatuuronderzoek", "literatuuroverzicht", "overzichtsstudie", "overzichtsartikel", "narratieve review"),
    ),
    "rct": (
        *("randomized controlled trial", "randomised controlled trial", "randomized trial", "randomised trial"),
        *("randomized control trial", "randomised control trial", "randomized experiment", "randomised experiment"),
        *("cluster randomized controlled trial", "cluster randomised controlled trial", "cluster rct", "rcts"),
        *("gerandomiseerd experiment", "gerandomiseerd onderzoek", "gerandomiseerd gecontroleerd onderzoek"),
        *("gerandomiseerd experiment met controlegroep", "gerandomiseerde studie", "gerandomiseerd veldexperiment"),
        "gerandomiseerde gecontroleerde studie",
    ),
    "quasi-experiment": (
        *("quasi-experimental study", "quasi-experimental design", "quasi-experimental", "non-randomized trial"),
        *("non-randomised trial", "quasi-experimenteel onderzoek", "quasi-experimentele studie"),
        *("quasi-experimenteel", "niet-gerandomiseerd experiment"),
    ),
    "longitudinal": (
        *("longitudinal study", "cohort study", "panel study", "longitudinaal", "longitudinaal onderzoek"),
        *("longitudinale studie", "cohortonderzoek", "cohortstudie", "panelonderzoek"),
    ),
    "survey": ("survey study", "questionnaire", "enquête", "vragenlijst", "vragenlijstonderzoek", "surveyonderzoek"),
    "qualitative": (
        *("qualitative research", "interview study", "kwalitatief", "kwalitatief onderzoek"),
        *("kwalitatieve studie", "interviewonderzoek"),
    ),
    "report": ("research report", "onderzoeksrapport"),
}


def in_words(design: str) -> str:
    return str(DESIGNS.get(key_of(design), design))


def is_known(design: str) -> bool:
    return key_of(design) in DESIGNS


def key_of(words: str) -> str:
    """The key of the design that `words` name: itself, its label in a language of the desk, or another name.

    Words that name none of them come back as they were typed, without the white space around them.
    """
    return _names().get(_bare(words), words.strip())


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    found = {_bare(name): key for key, names in ALSO.items() for name in (key, *names)}
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            for key, label in DESIGNS.items():
                # The short name stands before the brackets that explain it.
                for name in (key, str(label), str(label).partition(" (")[0]):
                    found.setdefault(_bare(name), key)
    return found


def _bare(words: str) -> str:
    """Only letters and digits: "Meta-analyse " and "meta analyse" are one name."""
    return "".join(sign for sign in folded(words) if sign.isalnum())
