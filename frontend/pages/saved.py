"""The list of saved views: what each shows, whose it is, and what one may do with it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from evidence.models import Theme
from frontend import forms
from frontend.pages.desk import set_filters
from frontend.refused import Refused
from questions import inputs, listing, saved
from questions.models import SavedView


@dataclass(frozen=True)
class SavedRow:
    pk: int
    name: str
    url: str
    owner: str
    is_shared: bool
    tells: str  # what it shows, in words
    form: Any  # None for who did not make it
    may_remove: bool


def saved_views(user: Any, no: Refused | None) -> list[SavedRow]:
    """Every view this person may open: their own first."""
    themes, brokers = list(Theme.objects.all()), list(inputs.brokers())
    return [saved_row(one, user, no, themes, brokers) for one in saved.visible(user)]


def saved_row(one: SavedView, user: Any, no: Refused | None, themes: list[Theme], brokers: list[Any]) -> SavedRow:
    what, _wrong = listing.usable(one.query)
    is_own = one.owner_id == user.pk
    name = f"view-{one.pk}"
    mine = no if no and no.action == name else None
    form = forms.shown(
        saved.Name,
        name,
        typed=mine.typed if mine else None,
        initial={"name": one.name, "is_shared": one.is_shared},
        errors=mine.errors if mine else None,
    )
    parts = [str(listing.BY_NAME[what.view or "all"].label)]
    parts += [f"{label}: {value}" for _name, label, value in set_filters(what, themes, brokers)]
    return SavedRow(
        pk=one.pk,
        name=one.name,
        url=reverse("desk-view", args=[one.pk]),
        owner="" if is_own else str(one.owner),
        is_shared=one.is_shared,
        tells=" · ".join(parts),
        form=form if is_own else None,
        may_remove=saved.may_remove(one, user),
    )
