"""Markdown of the desk to safe HTML, with `[@key]` as links to the numbered references."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from questions import limits
from questions.citing import CITE

LINK = re.compile(r"(?:https?://|mailto:|#|/(?!/|\\|%5c|%2f))", re.IGNORECASE)
MARKS = re.compile(r"\[@[^\[\]\n]{0,300}\]|^[^\S\n]*#{1,6}\s|(?<=\s)#{2,6}\s|\*\*|`", re.MULTILINE)
TAGS = {
    "p",
    "br",
    "hr",
    "em",
    "strong",
    "s",
    "ul",
    "ol",
    "li",
    "blockquote",
    "code",
    "pre",
    "a",
    "span",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
# Markdown lets nobody write an `id`: those of citations are our own.
ATTRIBUTES = {"a": {"href", "class", "title", "id"}, "span": {"class"}, "ol": {"start"}}
# The page has its own h1 and h2.
HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h4", "h4": "h5", "h5": "h6"}


def cite(state: StateInline, silent: bool) -> bool:
    match = CITE.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push("cite", "", 0)
        token.meta = {"keys": [key.strip(" @") for key in match[1].split(";")], "place": match[2] or ""}
    state.pos = match.end()
    return True


def render_cite(renderer: Any, tokens: Sequence[Token], n: int, options: Any, env: Mapping[str, Any]) -> str:
    numbers: Mapping[str, int] = env.get("numbers", {})
    seen: dict[int, int] = env["seen"]
    links = [
        cite_link(numbers[key], seen) if key in numbers else f'<span class="unknown-source">@{escape(key)}</span>'
        for key in tokens[n].meta["keys"]
    ]
    place = f", {escape(tokens[n].meta['place'])}" if tokens[n].meta["place"] else ""
    return f'<span class="cite">[{", ".join(links)}{place}]</span>'


def cite_link(n: int, seen: dict[int, int]) -> str:
    """A link to reference `n`, with a name of its own, so that the reference can lead back to it."""
    seen[n] = seen.get(n, 0) + 1
    title = escape(_("Source %(n)s") % {"n": n})
    return f'<a id="{place_of(n, seen[n])}" href="#ref-{n}" title="{title}">{n}</a>'


def place_of(n: int, time: int) -> str:
    """The name of the place in the text where reference `n` is cited for the `time`-th time."""
    return f"cite-{n}-{time}"


def is_allowed_link(url: str) -> bool:
    """Links go to a named scheme or stay here; `//host` looks like the second and is the first."""
    return LINK.match(url) is not None


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    # Reading is linear in the nesting allowed: at 100, 50 kB of "[" take five times as long.
    markdown = MarkdownIt("js-default", {"html": False, "maxNesting": 20}).disable("image")
    markdown.validateLink = is_allowed_link  # type: ignore[method-assign]
    markdown.inline.ruler.before("link", "cite", cite)
    markdown.add_render_rule("cite", render_cite)
    return markdown


def plain(text: str) -> str:
    """`text` without the signs of Markdown and citations, for a line in a list."""
    return " ".join(MARKS.sub(" ", text).split()).replace(" .", ".").replace(" ,", ",")


def html(text: str, numbers: Mapping[str, int] | None = None, seen: dict[int, int] | None = None) -> SafeString:
    """`text` as HTML; `numbers` gives the place of each source key in the reference list.

    `seen` counts how often each reference was cited so far, in this text and those before it.
    """
    markdown, env = parser(), {"numbers": numbers or {}, "seen": {} if seen is None else seen}
    tokens = markdown.parse(text[: limits.ANSWER_FIELD], env)
    for token in tokens:
        token.tag = HEADINGS.get(token.tag, token.tag)
    made = markdown.renderer.render(tokens, markdown.options, env)
    return mark_safe(nh3.clean(made, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}))
