"""Pages for everybody: home, search, sources and themes."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from evidence.models import Source, Theme
from frontend import kept
from frontend.pages import finding, library, numbers, pace, statements, themes
from frontend.readers import is_read_by_a_person, may_be_noted
from questions import introductions, reading, sought

LONGEST_QUERY = 2_000


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    page = kept.page(request, "home", library.home)
    return render(request, "public/home.html", {"page": page, "pace": pace.usual()})


def searched(request: HttpRequest) -> tuple[str, dict[str, str]]:
    """The words that are looked for, and all that the address asks."""
    given = {name: value.replace("\x00", " ").strip() for name, value in request.GET.dict().items()}
    return given.get("q", "")[:LONGEST_QUERY], given


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    page = finding.search(*searched(request))
    if page.is_counted and is_read_by_a_person(request):
        sought.looked(
            page.query,
            found=not page.empty,
            narrowed=page.empty == finding.Empty.TOO_NARROW,
            network=reading.network(request),
            words=page.empty == finding.Empty.NO_MATCH and may_be_noted(request),
        )
    return render(request, "public/search.html", {"page": page})


@require_safe
def search_numbers(request: HttpRequest) -> HttpResponse:
    return render(request, "public/numbers.html", {"page": numbers.page()})


@require_safe
def source(request: HttpRequest, key: str) -> HttpResponse:
    row = get_object_or_404(Source, key=key)
    if not (row.public or request.user.has_perm("evidence.view_source")):
        raise Http404
    page = kept.page(request, f"source {row.pk}", lambda: library.source(row))
    return render(request, "public/source.html", {"page": page})


@require_safe
def all_themes(request: HttpRequest) -> HttpResponse:
    return render(request, "public/themes.html", {"rows": kept.page(request, "themes", themes.listed)})


@require_safe
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    turned = themes.turned(request.GET.dict())
    row = partial(get_object_or_404, Theme, slug=slug)
    page = kept.page(request, f"theme {slug} {turned}", lambda: themes.theme(row(), turned))
    may_introduce = introductions.may_write(request.user)
    context = {"page": page, "people": themes.people(slug), "may_introduce": may_introduce}
    return render(request, "public/theme.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "public/privacy.html", {"page": statements.privacy()})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "public/accessibility.html", {"page": statements.accessibility()})
