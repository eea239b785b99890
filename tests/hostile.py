"""Hostile text, which fields take it, and what must not come of it."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django import forms

from questions import inputs

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '"><script>alert(1)</script>',
    '" onfocus="alert(1)" autofocus x="',
    "' onmouseover='alert(1)",
    "</title><script>alert(1)</script>",
    "</textarea><img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "<iframe src=javascript:alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "<details open ontoggle=alert(1)>",
    "<body onload=alert(1)>",
    "<!--<img src='--><img src=x onerror=alert(1)>'>",
    "<style>@import'//evil.example'</style>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil>",
    "<form action=//evil><button>x</button></form>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "]]><script>alert(1)</script>",
    "{{ 7919*7907 }}{% debug %}${7919*7907}",
    "%(number)s%0d%0aBcc: x\r\nBcc: evil",
]
ALL = " ".join(PAYLOADS)
SHORTEST = 150  # the smallest room that a form gives to free text which other pages show by itself


def bundles(room: int) -> list[str]:
    """The payloads in as few texts of at most `room` characters as it takes."""
    made = [""]
    for one in PAYLOADS:
        longer = f"{made[-1]} {one}".strip()
        made[-1:] = [longer] if len(longer) <= room else [made[-1], one]
    return made


ROUNDS = len(bundles(SHORTEST))


def text(room: int | None, n: int) -> str:
    """What goes into a field in round `n`: all of them where there is room, else another part in each round."""
    if room is None or room >= len(ALL) + 20:
        return ALL
    parts = bundles(min(room, SHORTEST))
    made = parts[n % len(parts)]
    for one in parts[n + 1 :]:
        made = f"{made} {one}" if len(made) + len(one) < room else made
    return made


# --- Which fields there are ---------------------------------------------------------------------


def every_form() -> list[type[forms.Form]]:
    """The forms of the project: what pages, API and commands read what people type with."""

    def below(form: type) -> Iterator[type]:
        for one in form.__subclasses__():
            yield one
            yield from below(one)

    return sorted({one for one in below(forms.Form) if one.__module__.startswith("questions.")}, key=str)


def is_free(field: forms.Field) -> bool:
    """Whether somebody may write there what they like."""
    return type(field) in (forms.CharField, inputs.Long)


def name_of(form: type[forms.Form], field: str) -> str:
    """A field by the form that declares it: those that inherit it are filled with it."""
    owner = next(one for one in reversed(form.__mro__) if field in getattr(one, "base_fields", {}))
    return f"{owner.__module__.removeprefix('questions.')}.{owner.__name__}.{field}"


def free_fields() -> set[str]:
    return {name_of(form, key) for form in every_form() for key, one in form.base_fields.items() if is_free(one)}


# --- What must not come of it ---------------------------------------------------------------------

FORBIDDEN = {"iframe", "object", "embed", "base", "style", "applet", "math", "frame", "frameset"}
SAFE_SCRIPT = ("/static/", "http://testserver/static/", "http://localhost")
RAN = "62615533"


class Reader(HTMLParser):
    """Collects what in a page could run, load or send something that nobody of ours put there."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.data = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        is_data = tag == "script" and given.get("type") == "application/ld+json"
        is_ours = tag == "script" and given.get("src", "").startswith(SAFE_SCRIPT)
        if tag in FORBIDDEN or (tag == "script" and not (is_data or is_ours)):
            self.found.append(f"<{tag} {given}>")
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.found.append("<meta refresh>")
        for name, value in given.items():
            goes = re.sub(r"[\s\x00-\x20]", "", value).lower()
            if name.startswith("on") or (
                name in {"href", "src", "action", "formaction", "srcset", "xlink:href"}
                and (goes.startswith(("javascript:", "data:", "vbscript:", "//evil")) or goes == "x")
            ):
                self.found.append(f'<{tag} {name}="{value}">')


def wrong_in_html(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    raw = [one for one in PAYLOADS if "<" in one and one in html]
    for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL):
        json.loads(block)
        raw += ["< in JSON-LD"] * ("<" in block)
    return reader.found + raw + [RAN] * (RAN in html)


def wrong_in(response: Any) -> list[str]:
    """What is wrong with an answer of the desk, by what it says that it is."""
    kind = response["Content-Type"].partition(";")[0]
    body = response.content.decode()
    found = [] if response["X-Content-Type-Options"] == "nosniff" else ["may be taken for something else"]
    if kind == "text/html":
        return found + wrong_in_html(body)
    if kind.endswith("xml"):
        for one in ET.fromstring(body).iter():
            if one.get("type") == "html" or one.tag.rpartition("}")[2] in ("content", "summary"):
                found += wrong_in_html(one.text or "") if one.get("type") in ("html", "xhtml") else []
        return found
    if kind.endswith("json"):
        json.loads(body)
        return found
    return found + (
        [] if kind in ("application/x-research-info-systems", "application/x-bibtex", "text/plain") else [kind]
    )
