"""The signpost: one thing a page, every choice an address, and counted without anybody's name."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from evidence.models import Theme
from frontend.pages import guide
from frontend.readers import is_read_by_a_person
from frontend.views.desk import staff
from frontend.views.public import searched
from questions import wayfinding


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
