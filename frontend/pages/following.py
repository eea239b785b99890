"""What can be followed by mail, and what somebody follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse

from evidence.models import Theme
from frontend import forms
from frontend.pages import finding, library
from frontend.pages.answers import Line
from questions import following, news, reading
from questions.models import Asker, Follow
from questions.states import VersionState


@dataclass(frozen=True)
class Name:
    """What is followed, with the title of an answer apart: that has a language of its own."""

    before: str
    title: str
    language: str

    def __str__(self) -> str:
        return f"{self.before}{self.title}"


@dataclass(frozen=True)
class Subject:
    """What the page asks an address for. `feed` tells the same to who gives none; `hidden` goes along."""

    name: Name
    url: str
    feed: str
    hidden: list[tuple[str, str]]
    notes: list[str]
    is_of_answer: bool


@dataclass(frozen=True)
class Row:
    """One thing that somebody follows."""

    id: str
    name: Name
    url: str
    often: str
    stop: str
    change: Any


@dataclass(frozen=True)
class Follows:
    """All that an address follows; `confirm` leads to what waits."""

    token: str
    email: str
    rows: list[Row]
    waiting: int
    confirm: str
    stop_all: str


def named(follow: Follow) -> Name:
    whole = news.name(follow)
    shown = follow.item.shown() if follow.item else None
    if shown is None:
        return Name("", whole, "")
    return Name(whole.removesuffix(shown.item.title), shown.item.title, shown.language)


def subject(given: Mapping[str, str]) -> Subject | None:
    """What an address or a form names; None when it names nothing, Http404 when it is not there."""
    if words := " ".join(given.get("q", "").split()):
        filters, notes = finding.chosen(given)
        follow = Follow(search=following.query(words, filters))
        hidden = [("q", words), *((name, given[name]) for name, value in vars(filters).items() if value)]
        return of(follow, finding.Asked(words, filters).address("search-feed"), hidden, notes)
    if number := given.get("answer", ""):
        version = reading.shown_answer(int(number)) if number.isdecimal() and len(number) < 10 else None
        if version is None or version.state != VersionState.PUBLISHED:
            raise Http404
        return of(Follow(item=version.item), reverse("search-feed"), [("answer", number)])
    if slug := given.get("theme", ""):
        theme = Theme.objects.filter(slug=slug).first()
        if theme is None:
            raise Http404
        return of(Follow(theme=theme), f"{reverse('search-feed')}?theme={theme.slug}", [("theme", theme.slug)])
    return None


def of(follow: Follow, feed: str, hidden: list[tuple[str, str]], notes: list[str] | None = None) -> Subject:
    return Subject(named(follow), news.path(follow), feed, hidden, notes or [], follow.is_of_answer)


def themes() -> list[Line]:
    """The themes one can choose from, each with the page that follows it."""
    return [Line(one.title, f"{reverse('follow')}?theme={one.url.rpartition('/')[2]}") for one in library.themes()]


def form(page: Subject, typed: Mapping[str, Any] | None = None, errors: Mapping[str, list[str]] | None = None) -> Any:
    """The form for `page`; "at once" stands there for answers only."""
    made = forms.shown(following.Ask, "follow", typed=typed, errors=errors)
    made.fields["often"].choices = choices(page.is_of_answer)  # type: ignore[attr-defined]
    return made


def choices(is_of_answer: bool) -> list[tuple[str, str]]:
    return [
        (value, str(label)) for value, label in Follow.Often.choices if is_of_answer or value != Follow.Often.AT_ONCE
    ]


def follows(asker: Asker) -> Follows:
    token = asker.follows_token
    waiting = len(news.waiting(asker))
    return Follows(
        token=token,
        email=asker.email,
        rows=[row(one) for one in following.follows_of(asker)],
        waiting=waiting,
        confirm=reverse("follow-confirm", args=[asker.confirm_follows_token]) if waiting else "",
        stop_all=reverse("follow-stop", args=[news.stop_token(asker)]),
    )


def row(follow: Follow) -> Row:
    change = forms.shown(following.Change, f"f-{follow.pk.hex[:8]}", initial={"often": follow.often})
    change.fields["often"].choices = choices(follow.is_of_answer)  # type: ignore[attr-defined]
    stop = reverse("follow-stop", args=[news.stop_token(follow)])
    return Row(str(follow.pk), named(follow), news.path(follow), str(follow.get_often_display()), stop, change)
