"""Searches as Atom feeds, for who wants to hear of what is new."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from brokers.models import Desk
from evidence.facets import Filters
from evidence.models import Source
from frontend.pages.answers import line_of
from frontend.pages.around import language
from frontend.pages.certainty import weight
from frontend.pages.finding import Asked
from frontend.pages.linked import absolute, in_words, lead
from questions import reading
from questions.findable import ANSWER, SOURCE
from questions.suggest import Found, find

MOST = 50
# Whatever is no character of XML 1.0 (its production 2).
UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """`identity` stays what it is, whatever becomes of title and address."""

    identity: UUID
    title: str
    url: str
    summary: str
    at: datetime


def feed(query: str, filters: Filters, *, as_typed: bool = False) -> Atom1Feed:
    """The best that a search finds, the newest first; without words, the newest answers."""
    here = Asked(query, filters, as_typed)
    entries = found(here) if query else newest(filters)
    name = Desk.default().name
    title = _("%(desk)s: search for “%(query)s”") % {"desk": name, "query": query} if query else name
    made = Atom1Feed(
        title=printable(title),
        link=absolute(here.address()),
        feed_url=absolute(here.address("search-feed")),
        description=_("Questions from education, answered with research"),
        language=language(),
        author_name=name,
    )
    for one in sorted(entries, key=lambda entry: entry.at, reverse=True):
        made.add_item(
            title=printable(one.title),
            link=absolute(one.url),
            description=escape(printable(one.summary)),  # the feed calls it HTML, and readers show it as such
            unique_id=one.identity.urn,
            updateddate=one.at,
        )
    return made


def newest(filters: Filters) -> Iterator[Entry]:
    for version in reading.published(sector=filters.sector, theme=filters.theme).with_news()[:MOST]:
        yield of_answer(version)


def found(here: Asked) -> Iterator[Entry]:
    hits = find(here.query, here.filters, limit=MOST, as_typed=here.as_typed).found
    answers = [UUID(one.id) for one in hits if one.kind == ANSWER]
    for version in reading.published().with_news().filter(pk__in=answers) if answers else ():
        yield of_answer(version)
    sources = {UUID(one.id): one for one in hits if one.kind == SOURCE}
    for pk, at in Source.objects.filter(pk__in=sources).values_list("pk", "created_at"):
        yield of_source(sources[pk], at)


def of_answer(version: Any) -> Entry:
    """A new version is news: it is an entry of its own, unless it only mended the language of the one before."""
    line = line_of(version)
    at = version.news_at or version.published_at or version.item.created_at
    return Entry(version.news or version.pk, line.title, line.url, lead(version), at)


def of_source(one: Found, at: datetime) -> Entry:
    summary = f"{in_words(weight(one.strength))} {one.passage}".strip()
    return Entry(UUID(one.id), one.title, one.url, summary, at)


def printable(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return UNPRINTABLE.sub("", text)
