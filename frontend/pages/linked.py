"""The head of an answer page, for machines: schema.org, Dublin Core and `citation_*`."""

import json
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from brokers.models import Desk
from frontend import prose
from frontend.pages.answers import Answer
from frontend.pages.certainty import Sure, sure
from questions.models import Version

LEAD = 300  # characters that a description may have
# JSON inside a script element must not be able to end it.
_UNSAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Linked:
    """What stands in the head of an answer page: meta elements by name, and JSON-LD."""

    description: str
    meta: list[tuple[str, str]]
    json: SafeString


def absolute(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def sure_words(strength: str, direction: str) -> str:
    """How sure an answer is, in the words of its page: what is quoted without them can be misread."""
    return in_words(sure(strength, direction))


def in_words(found: Sure | None) -> str:
    return " ".join(filter(None, [found.sentence, found.found, found.caution])) if found else ""


def lead(version: Version) -> str:
    """How sure an answer is and its short answer, plain."""
    return f"{sure_words(version.strength, version.direction)} {prose.plain(version.short_answer)}".strip()


def of(page: Answer, version: Version) -> Linked | None:
    """The head of the page; None where an earlier version or a retracted answer is read."""
    if page.is_old or page.retracted_at:
        return None
    text = lead(version)
    short, desk = shorten(text, LEAD, placeholder=" …"), Desk.default().name
    return Linked(short, _meta(page, desk), _escaped(_article(page, desk, text, short)))


def _meta(page: Answer, desk: str) -> list[tuple[str, str]]:
    """Dublin Core for libraries, `citation_*` for Google Scholar and reference managers.

    The desk is the author: who wrote and who reviewed is not everybody's business unless they say so.
    """
    url = absolute(page.url)
    rows = [("citation_title", page.title), ("citation_author", desk), ("citation_publisher", desk)]
    rows += [("citation_language", page.text.language), ("citation_public_url", url)]
    rows += [("DC.title", page.title), ("DC.creator", desk), ("DC.publisher", desk), ("DC.type", "Text")]
    rows += [("DC.identifier", url), ("DC.language", page.text.language)]
    rows += [("DC.subject", theme.title) for theme in page.themes]
    if page.date:
        rows += [("citation_publication_date", f"{page.date:%Y/%m/%d}"), ("DC.date", f"{page.date:%Y-%m-%d}")]
    return rows


def _article(page: Answer, name: str, text: str, short: str) -> dict[str, Any]:
    """An `Article` whose main entity is a `Question`; not a `QAPage`: visitors cannot answer."""
    desk = {"@type": "Organization", "name": name, "url": settings.BASE_URL}
    url, spoken = absolute(page.url), page.text.language
    dates = [one.date for one in page.editions if one.date]
    accepted = {"@type": "Answer", "text": text, "url": url, "inLanguage": spoken, "author": desk}
    question = {"@type": "Question", "name": page.title, "answerCount": 1, "acceptedAnswer": accepted}
    made = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": page.title,
        "description": short,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": spoken,
        "author": desk,
        "publisher": desk,
        "version": str(page.n),
        "isAccessibleForFree": True,
        "about": [{"@type": "DefinedTerm", "name": one.title, "url": absolute(one.url)} for one in page.themes],
        "citation": [_work(one.text, one.doi_url or absolute(one.url)) for one in page.text.references],
        "mainEntity": question,
    }
    if dates:
        made |= {"datePublished": min(dates).isoformat(), "dateModified": max(dates).isoformat()}
    return made


def _work(text: str, url: str) -> dict[str, str]:
    return {"@type": "CreativeWork", "name": text, "url": url}


def _escaped(found: Any) -> SafeString:
    return mark_safe(json.dumps(found, ensure_ascii=False).translate(_UNSAFE))  # nothing in it can end the element
