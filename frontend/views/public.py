"""Pages for everybody: home, search, sources and themes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from evidence.models import Source, Theme
from frontend.pages import finding, library, numbers, pace

LONGEST_QUERY = 2_000


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "public/home.html", {**library.home(), "pace": pace.usual()})


def searched(request: HttpRequest) -> tuple[str, dict[str, str]]:
    """The words that are looked for, and all that the address asks."""
    given = {name: value.replace("\x00", " ").strip() for name, value in request.GET.dict().items()}
    return given.get("q", "")[:LONGEST_QUERY], given


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    page = finding.search(*searched(request))
    return render(request, "public/search.html", {"page": page})


@require_safe
def search_numbers(request: HttpRequest) -> HttpResponse:
    return render(request, "public/numbers.html", {"page": numbers.page()})


@require_safe
def source(request: HttpRequest, key: str) -> HttpResponse:
    row = get_object_or_404(Source, key=key)
    if not (row.public or request.user.has_perm("evidence.view_source")):
        raise Http404
    return render(request, "public/source.html", {"page": library.source(row)})


@require_safe
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    row = get_object_or_404(Theme, slug=slug)
    return render(request, "public/theme.html", {"page": library.theme(row, request.user)})
