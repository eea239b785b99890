"""What search engines, browsers and feed readers ask for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from evidence.models import Theme
from frontend.pages import feeds, finding
from frontend.views.public import searched
from questions import reading

MOST = 50_000  # as many as one sitemap may hold


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "public/robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Published answers and the themes; nothing that is not public."""
    themes = list(Theme.objects.all())
    rows = {"themes": themes, "versions": reading.published()[: MOST - len(themes) - 1]}
    return render(request, "public/sitemap.xml", rows, content_type="application/xml")


@require_safe
@cache_control(public=True, max_age=900)
def feed(request: HttpRequest) -> HttpResponse:
    """Any search of the search page, at the same address but for its end."""
    query, given = searched(request)
    filters, _notes = finding.chosen(given)
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    feeds.feed(query, filters).write(response, "utf-8")
    return response


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    return render(request, "public/opensearch.xml", content_type="application/opensearchdescription+xml")
