"""The signpost: one thing a page, every choice an address, and counted without anybody's name."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from evidence.models import Theme
from frontend.pages import guide
from frontend.views.desk import staff
from frontend.views.public import searched
from questions import wayfinding

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


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    if is_read_by_a_person(request):
        wayfinding.started()
    return render(request, "guide/start.html", {"choices": guide.start()})


@require_safe
def who(request: HttpRequest, who: str) -> HttpResponse:
    known(who)
    if is_read_by_a_person(request):
        wayfinding.chose(who)
    return render(request, "guide/who.html", {"page": guide.at(who)})


@require_safe
def want(request: HttpRequest, who: str, want: str) -> HttpResponse:
    known(who, want)
    if is_read_by_a_person(request):
        wayfinding.chose(who, want)
        if want in guide.GOALS_HERE:
            wayfinding.reached(who, want)
    return render(request, f"guide/{want}.html", {"page": guide.at(who, want), "back": who})


@require_safe
def go(request: HttpRequest, who: str, want: str) -> HttpResponse:
    """Leads on to the page that helps, and counts that somebody got there."""
    known(who, want)
    query, given = searched(request)
    theme = given.get("theme", "")
    if want == wayfinding.READ and not Theme.objects.filter(slug=theme).exists():
        raise Http404
    address = guide.goal(who, want, query, theme)
    if address is None:
        return redirect("guide-want", who, want)
    if is_read_by_a_person(request):
        wayfinding.reached(who, want)
    response = redirect(address)
    response["Cache-Control"] = "no-store"
    return response


def known(who: str, want: str = wayfinding.FIND) -> None:
    if who not in wayfinding.WHO or want not in wayfinding.WANTS:
        raise Http404


@staff
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/guide_numbers.html", {"page": guide.numbers()})
