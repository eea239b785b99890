"""The queue of the desk: tabs, filters, lines, and the forms around them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from brokers.sectors import Sector
from evidence.models import Theme
from frontend import forms
from frontend.pages.around import local
from frontend.pages.lines import Row, lines
from frontend.refused import Refused
from questions import bulk, inputs, keyset, listing, saved
from questions.listing import Wanted
from questions.models import SavedView
from questions.states import State, Track


@dataclass(frozen=True)
class TabLink:
    url: str
    label: str
    count: str  # empty when it would count more than the tab shows
    chosen: bool


@dataclass(frozen=True)
class SavedLink:
    url: str
    name: str
    owner: str  # of somebody else who shares it
    chosen: bool


@dataclass(frozen=True)
class Set:
    """A filter that is set, and where the same queue stands without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True)
class Together:
    """What can be done with the chosen cases. Each form is None for who may not."""

    assign: Any
    themes: Any
    may_set_aside: bool
    outcomes: tuple[bulk.Outcome, ...]

    @property
    def done(self) -> list[bulk.Outcome]:
        return [one for one in self.outcomes if one.is_done]

    @property
    def refused(self) -> list[bulk.Outcome]:
        return [one for one in self.outcomes if not one.is_done]


@dataclass(frozen=True)
class Queue:
    tabs: list[TabLink]
    saved: list[SavedLink]
    heading: str
    tab: str
    rows: list[Row]
    before: str
    after: str
    form: Any
    set: list[Set]
    notes: list[str]  # filters that could not be used
    without: str
    may_claim_next: bool
    together: Together | None
    keep: Any  # the form that saves this view
    kept: dict[str, str]  # what forms on this page send along, to come back to it


@dataclass(frozen=True)
class Work:
    """What was sent from the page and brings it back: what was typed or chosen, and what came of it."""

    chosen: frozenset[str] = frozenset()
    outcomes: tuple[bulk.Outcome, ...] = ()
    no: Refused | None = None


def page(user: Any, given: Mapping[str, str], view: SavedView | None = None, work: Work | None = None) -> Queue:
    """The queue as the query `given` asks for it, or as `view` was saved; `given` then says which page of it."""
    work = work or Work()
    what, notes = understood(view.query if view else by_tab(given), user)
    at = place(given)
    found = listing.page(user, what, after=at["after"], before=at["before"])
    themes = list(Theme.objects.all())
    brokers = list(inputs.brokers())
    return Queue(
        tabs=tabs(user, what, is_saved=view is not None),
        saved=[saved_link(one, user, view) for one in saved.visible(user)],
        heading=view.name if view else "",
        tab=what.view,
        rows=lines(found.rows, user, work.chosen, is_offered=what.view == "offered"),
        before=address(what, view, before=found.before) if found.before else "",
        after=address(what, view, after=found.after) if found.after else "",
        form=filter_form(what, themes, brokers),
        set=[
            Set(label, value, address(what.without(name), None))
            for name, label, value in set_filters(what, themes, brokers)
        ],
        notes=notes,
        without=address(Wanted(view=what.view), None),
        may_claim_next=user.has_perm("questions.work_question"),
        together=together(user, work, themes, brokers),
        keep=own("keep", saved.Keep, work.no),
        kept=named(what, saved=str(view.pk) if view else "", **at),
    )


def understood(given: Mapping[str, str], user: Any) -> tuple[Wanted, list[str]]:
    """What to show, and a sentence for each filter that could not be used. A tab that is not there is the first one."""
    start = "mine" if user.has_perm("questions.work_question") else "open"
    view = given.get("view", "")
    what, wrong = listing.usable({**given, "view": view if view in listing.BY_NAME else start})
    words = _("We could not use this filter: %(label)s. So we left it out.")
    return what, [words % {"label": label} for label in wrong]


def by_tab(given: Mapping[str, str]) -> dict[str, str]:
    return {**given, "view": given.get("tab", "")}


def wanted(given: Mapping[str, str], user: Any) -> Wanted:
    """What the page showed that sent `given`."""
    return understood(by_tab(given), user)[0]


def back(given: Mapping[str, str], view: SavedView | None) -> str:
    """The page that sent `given`; addresses hold nothing but what a filter can be."""
    what, _wrong = listing.usable(by_tab(given))
    return address(what, view, **{name: str(keyset.place(value) or "") for name, value in place(given).items()})


def named(what: Wanted, **more: str) -> dict[str, str]:
    """The query of a page by the names that pages use."""
    query = what.query
    return {**({"tab": query.pop("view")} if "view" in query else {}), **query, **{k: v for k, v in more.items() if v}}


def place(given: Mapping[str, str]) -> dict[str, str]:
    """Which page of the list is meant; the first one when there is nothing."""
    return {name: given.get(name, "") for name in ("after", "before")}


def address(what: Wanted, view: SavedView | None, **more: str) -> str:
    if view is not None:
        query = urlencode({name: value for name, value in more.items() if value})
        return reverse("desk-view", args=[view.pk]) + (f"?{query}" if query else "")
    return f"{reverse('desk')}?{urlencode(named(what, **more))}"


def tabs(user: Any, what: Wanted, *, is_saved: bool) -> list[TabLink]:
    """Every tab, narrowed down to the same work as this page; from a saved view one goes back to all of it."""
    names = listing.views_of(user)
    there = {name: Wanted(view=name) if is_saved else what.seen_in(name) for name in names}
    is_narrowed = any(one.filters for one in there.values())
    counts = {} if is_narrowed else listing.counts(user)
    return [
        TabLink(
            url=address(there[name], None),
            label=str(listing.BY_NAME[name].label),
            count=listing.capped(counts[name]) if name in counts else "",
            chosen=name == what.view and not is_saved,
        )
        for name in names
    ]


def saved_link(one: SavedView, user: Any, chosen: SavedView | None) -> SavedLink:
    owner = "" if one.owner_id == user.pk else str(one.owner)
    return SavedLink(reverse("desk-view", args=[one.pk]), one.name, owner, chosen is not None and one.pk == chosen.pk)


def filter_form(what: Wanted, themes: list[Theme], brokers: list[Any]) -> Any:
    form = forms.shown(listing.Filters, "f", initial=what.query)
    for name, choices in choices_of(themes, brokers).items():
        nothing = _("as usual") if name == "order" else _("all")
        form.fields[name].widget = forms.select([("", nothing), *choices])
    del form.fields["view"]
    if listing.BY_NAME[what.view].is_fixed:
        del form.fields["order"]
    return form


def choices_of(themes: list[Theme], brokers: list[Any]) -> dict[str, list[tuple[str, str]]]:
    """What each filter can be chosen from, in words."""
    return {
        "state": [(value, str(label)) for value, label in State.choices],
        "track": [(value, str(label)) for value, label in Track.choices],
        "sector": [(value, str(label)) for value, label in Sector.choices],
        "theme": [(theme.slug, local(theme, "label")) for theme in themes],
        "assignee": [(listing.ME, _("me")), (listing.NONE, _("nobody")), *((one.email, str(one)) for one in brokers)],
        "order": [(value, str(label)) for value, label in listing.ORDER_LABELS],
    }


def set_filters(what: Wanted, themes: list[Theme], brokers: list[Any]) -> list[tuple[str, str, str]]:
    """Name, label and value in words of each filter that is set."""
    choices = choices_of(themes, brokers)
    return [
        (name, str(listing.Filters.base_fields[name].label), dict(choices.get(name, [])).get(value, value))
        for name, value in what.filters.items()
    ]


def together(user: Any, work: Work, themes: list[Theme], brokers: list[Any]) -> Together | None:
    """For who may do one of both; each case still says itself whether it lets them."""
    may_assign = user.has_perm("questions.coordinate_question") or user.has_perm("questions.work_question")
    if not (may_assign or user.has_perm("questions.publish_question")):
        return None
    assign, sort = own("assign", bulk.Assign, work.no), own("themes", inputs.Retheme, work.no)
    choices = choices_of(themes, brokers)
    assign.fields["broker"].widget = forms.select([("", "–"), *choices["assignee"][2:]])
    for name in ("add", "remove"):
        sort.fields[name].widget = forms.select([("", "–"), *choices["theme"]])
    may_set_aside = user.has_perm("questions.coordinate_question")
    return Together(assign if may_assign else None, sort, may_set_aside, work.outcomes)


def own(name: str, form: Any, no: Refused | None) -> Any:
    mine = no if no and no.action == name else None
    return forms.shown(form, name, typed=mine.typed if mine else None, errors=mine.errors if mine else None)
