"""Looking in our own library for a case, in words of one's own: what is there, so that it can be written down."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brokers.sectors import Sector
from evidence import facets, search
from evidence.facets import Filters
from evidence.strength import Strength
from questions import inputs
from questions.findable import ANSWER
from questions.suggest import DEPTH, PUBLIC, SHAPES, Found, owners, worth_showing

TERMS = 500
SHOWN = 10  # hits on the page of a case


class Library(forms.Form):
    """Words to search the library with, and what it is narrowed to."""

    terms = forms.CharField(label=_("With which words"), max_length=TERMS)
    sector = forms.ChoiceField(label=_("Sector"), choices=[("", "–"), *Sector.choices], required=False)
    strength = forms.ChoiceField(
        label=_("Strength of the research"), choices=[("", "–"), *Strength.choices], required=False
    )
    language = inputs.Narrow.base_fields["language"]
    year_from = inputs.Year(label=_("From year"))
    year_to = inputs.Year(label=_("Up to year"))

    clean = inputs.Narrow.clean


@dataclass(frozen=True)
class Look:
    """What the library gave. `seen` names every hit that counts, `found` holds the first of them."""

    terms: str
    filters: dict[str, Any]
    found: list[Found]
    seen: list[str]
    has_more: bool

    @property
    def total(self) -> int:
        return len(self.seen)


def filters_of(chosen: Mapping[str, Any]) -> Filters:
    return Filters(**{name: value for name, value in chosen.items() if value and name != "terms"})


def look(terms: str, filters: Filters, *, user: Any) -> Look:
    """Answers and sources `user` may see for `terms`, at most 200 of them, the best first."""
    results = search.search(terms, kinds=PUBLIC, public_only=False, limit=DEPTH, **filters.for_search())
    labels = facets.labels(results.hits)
    shown = owners([hit for hit in results.hits if (hit.kind, hit.ref) in labels], user, "")
    every = worth_showing(results, shown, DEPTH)
    hits = [hit for hit in every if filters.fit(labels[hit.kind, hit.ref])]
    return Look(
        terms=terms,
        filters={name: value for name, value in asdict(filters).items() if value},
        found=[SHAPES[hit.kind](hit, shown[hit.kind, hit.ref]) for hit in hits[:SHOWN]],
        seen=[ref(hit) for hit in hits],
        has_more=results.cut or len(results.hits) >= DEPTH,
    )


def ref(hit: search.Hit) -> str:
    """What a hit is known by in the log: the id of a source, the number of an answer."""
    return f"answer {hit.ref}" if hit.kind == ANSWER else hit.ref
