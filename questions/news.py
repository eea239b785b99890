"""What letters to followers tell, made from rows when they are sent: nothing but what is public then."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from brokers.sectors import Sector
from evidence.library import authors_line
from evidence.models import Source, Theme
from evidence.strength import CAUTION, OF_ONE, SENTENCES, Strength
from questions.findable import ANSWER, SOURCE
from questions.models import Asker, Follow, Letter, Version
from questions.states import Significance, VersionState

RETRACTED = "retracted"


@dataclass(frozen=True)
class Line:
    """One thing that is new: its title, its address and what to know before opening it."""

    title: str
    url: str
    note: str


@dataclass(frozen=True)
class Section:
    """What is new in one thing that is followed; `more` of it stand at `url` only."""

    title: str
    url: str
    stop: str
    lines: list[Line]
    more: int


# --- What somebody follows, in words and as an address --------------------------------------


def name(follow: Follow) -> str:
    """What is followed, in the language of now."""
    if follow.theme is not None:
        return _("Theme: %(name)s") % {"name": label(follow.theme)}
    if follow.item is not None:
        return _("Answer %(number)s: %(name)s") % {"number": follow.item.number, "name": follow.item.title}
    given = asked(follow)
    narrowed = ", ".join(filter(None, (in_words(key, value) for key, value in given.items())))
    return _("Search: %(name)s") % {"name": f"“{given['q']}”" + (f" ({narrowed})" if narrowed else "")}


def asked(follow: Follow) -> dict[str, str]:
    """The words (`q`) and the filters of a search."""
    pairs: list[tuple[str, str]] = parse_qsl(follow.search)
    return dict(pairs)


def label(theme: Theme) -> str:
    return (theme.label_en if (get_language() or "")[:2] == "en" else "") or theme.label_nl


def in_words(key: str, value: str) -> str:
    """One filter of a search; the words themselves are no filter."""
    if key == "theme":
        theme = Theme.objects.filter(slug=value).first()
        return label(theme) if theme else value
    words: dict[str, Any] = {
        "q": "",
        "kind": _("Answer by this desk") if value == ANSWER else _("Research publication"),
        "sector": dict(Sector.choices).get(value, value),
        "strength": dict(Strength.choices).get(value, value),
        "year_from": f"{_('From year')} {value}",
        "year_to": f"{_('Up to year')} {value}",
    }
    return str(words.get(key, value))


def path(follow: Follow) -> str:
    """The page of what is followed."""
    if follow.theme is not None:
        return reverse("theme", args=[follow.theme.slug])
    if follow.item is not None:
        return reverse("answer", args=[follow.item.number, follow.item.slug])
    return f"{reverse('search')}?{follow.search}"


# --- Links that stop, whoever opens them ------------------------------------------------------


def stop_token(what: Follow | Asker) -> str:
    """The secret of a link that stops one follow, or all of an address; it can do nothing else."""
    kind = "one" if isinstance(what, Follow) else "all"
    return Signer(salt="follow-stop").sign(f"{kind}-{what.pk.hex}")


def of_stop_token(token: str) -> QuerySet[Follow] | None:
    """What the link stops, nothing when that has been done; None when the link is none of ours."""
    try:
        kind, _dash, pk = Signer(salt="follow-stop").unsign(token).partition("-")
    except BadSignature:
        return None
    rows = Follow.objects.select_related("theme", "item", "asker")
    return rows.filter(pk=UUID(pk)) if kind == "one" else rows.filter(asker=UUID(pk))


# --- Letters ------------------------------------------------------------------------------------


def kind(letter: Letter) -> str:
    """Which words the letter needs by now; none when there is nothing to tell any more."""
    assert letter.asker is not None
    if letter.kind != "follow_confirm":
        return letter.kind if sections(letter) else ""
    if waiting(letter.asker):
        return letter.kind
    return "follow_known" if letter.asker.follows.exists() else ""


def waiting(asker: Asker, most: int = 20) -> list[Follow]:
    """What still has to be confirmed, the last asked for first."""
    rows = asker.follows.filter(confirmed_at=None).select_related("theme", "item")
    return list(rows.order_by("-created_at")[:most])


def facts(letter: Letter) -> dict[str, Any]:
    """What the words of the letter are filled with."""
    asker = letter.asker
    assert asker is not None
    if letter.kind == "digest":
        told = sections(letter)
        first = told[0].lines[0].title[:80] if told else ""
        return {"first": first, "news": told, "link": follows_link(asker)}
    names = [name(one) for one in waiting(asker)]
    confirm = settings.BASE_URL + reverse("follow-confirm", args=[asker.confirm_follows_token])
    return {"names": names, "link": confirm if names else follows_link(asker)}


def follows_link(asker: Asker) -> str:
    return settings.BASE_URL + reverse("follows", args=[asker.follows_token])


def stop_link(letter: Letter) -> str:
    """Where one click in the mail program stops every digest (RFC 8058); nothing while none was asked for."""
    if letter.kind != "digest" or letter.asker is None:
        return ""
    return settings.BASE_URL + reverse("follow-stop", args=[stop_token(letter.asker)])


def sections(letter: Letter) -> list[Section]:
    """The digest that was composed, without what was stopped or is no longer public."""
    rows = Follow.objects.filter(asker=letter.asker).select_related("theme", "item").in_bulk()
    made = [
        section(rows[UUID(one["follow"])], one)
        for one in letter.content.get("sections", [])
        if UUID(one["follow"]) in rows
    ]
    return [one for one in made if one.lines]


def section(follow: Follow, one: dict[str, Any]) -> Section:
    told = [line(*thing.split(":")) for thing in one["things"]]
    stop = reverse("follow-stop", args=[stop_token(follow)])
    return Section(
        title=name(follow),
        url=settings.BASE_URL + path(follow),
        stop=settings.BASE_URL + stop,
        lines=[one for one in told if one is not None],
        more=one["more"],
    )


def line(what: str, pk: str) -> Line | None:
    """A thing as it stands now: taken back meanwhile, it says so."""
    if what == SOURCE:
        source = Source.objects.filter(pk=pk, public=True).first()
        return of_source(source) if source else None
    version = Version.objects.select_related("item").filter(pk=pk).first()
    if version is not None and version.state == VersionState.SUPERSEDED:
        version = version.item.shown()
    return of_answer(version) if version is not None and version.state in SHOWN else None


SHOWN = (VersionState.PUBLISHED, VersionState.RETRACTED)


def of_answer(version: Version) -> Line:
    item = version.item
    url = settings.BASE_URL + reverse("answer", args=[item.number, item.slug])
    if version.retracted_at is not None:
        day = date_format(localtime(version.retracted_at), "j F Y")
        gone = [_("This answer no longer holds."), _("We took it back on %(date)s. Do not rely on it.") % {"date": day}]
        return Line(item.title, url, " ".join([*gone, version.retraction]).strip())
    fresh = what_changed(version) if version.n > 1 else _("New answer.")
    return Line(item.title, url, f"{fresh} {how_sure(version.strength)}".strip())


def what_changed(version: Version) -> str:
    """What a new version changed, in words; where it only mended the language, what the one before it did."""
    told = version.item.versions.filter(language=version.language, n__lte=version.n, published_at__isnull=False)
    last = told.exclude(significance=Significance.TYPO).order_by("-n").first() or version
    fresh = CHANGED.get(last.significance) or (_("New version of the answer.") if last.n > 1 else _("New answer."))
    return f"{fresh} {last.change_note}".strip()


CHANGED: dict[str, Any] = {
    Significance.CONCLUSION: gettext_lazy("New version of the answer: the conclusion changed."),
    Significance.CLARIFICATION: gettext_lazy("New version of the answer: clearer or fuller, with the same conclusion."),
}


def how_sure(strength: str, words: dict[Strength, Any] = SENTENCES) -> str:
    """The strength in words that stand by themselves; what we do not know must not read as “no effect”."""
    if strength not in Strength.values:
        return ""
    caution = f" {CAUTION}" if strength == Strength.INSUFFICIENT else ""
    return f"{words[Strength(strength)]}{caution}"


def of_source(source: Source) -> Line:
    url = settings.BASE_URL + reverse("source", args=[source.key])
    whose = ", ".join(filter(None, [authors_line(source.csl), str(source.year or "")]))
    told = [_("New in our library."), f"{whose}." if whose else "", how_sure(source.strength, OF_ONE)]
    return Line(source.title, url, " ".join(filter(None, told)))


def as_text(told: Sequence[Section]) -> str:
    """The sections for a letter without markup; the last line of each stops it."""
    return "\n\n\n".join(block(one) for one in told)


def block(one: Section) -> str:
    parts = [one.title]
    parts += [f"- {thing.title}\n  {thing.note}\n  {thing.url}" for thing in one.lines]
    if one.more:
        parts.append(_("And %(n)s more: %(url)s") % {"n": one.more, "url": one.url})
    parts.append(_("No longer follow this: %(url)s") % {"url": one.stop})
    return "\n\n".join(parts)


def example() -> dict[str, Any]:
    """What a letter to a follower is filled with in a preview: nothing that exists."""
    title = _("Does reading aloud every day help seven-year-olds to read better?")
    page = f"{settings.BASE_URL}/example"
    note = f"{_('New answer.')} {how_sure(Strength.INSUFFICIENT)}"
    told = [Section(_("Theme: %(name)s") % {"name": _("Reading")}, page, page, [Line(title, page, note)], more=2)]
    return {"first": title, "names": told[0].title, "news": told}
