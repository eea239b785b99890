"""Who looks at a page: what is counted is what people open, as far as the headers tell."""

import re

from django.http import HttpRequest

# What says of itself that nobody reads along. A visitor without any name is no browser.
MACHINE = re.compile(
    r"bot|headless|crawl|spider|slurp|preview|fetch|monitor|check|scan|curl|wget|python|java|http", re.IGNORECASE
)


def is_read_by_a_person(request: HttpRequest) -> bool:
    """Whether somebody looks at this now, as far as the headers tell; people of the desk do not count."""
    said = request.headers.get
    ahead = f"{said('Sec-Purpose', '')} {said('Purpose', '')} {said('X-Moz', '')}"
    name = said("User-Agent", "")
    is_browser = bool(name) and not MACHINE.search(name)
    return (
        request.method == "GET"
        and is_browser
        and not re.search("prefetch|preview|prerender", ahead)
        and not (request.user.is_authenticated)
    )


def may_be_noted(request: HttpRequest) -> bool:
    """Whether this visitor's browser does not ask to be left alone (Global Privacy Control, Do Not Track)."""
    return "1" not in (request.headers.get("Sec-GPC"), request.headers.get("DNT"))
