"""What search engines, browsers and feed readers ask for."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from evidence.models import Theme
from frontend.pages import feeds, finding, statements
from frontend.views.public import searched
from questions import reading

MOST = 50_000  # as many as one sitemap may hold
PAGES = ("home", "themes", "guide", "ask", "search-numbers", "accessibility", "privacy")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "public/robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Published answers and the themes; nothing that is not public."""
    themes = list(Theme.objects.all())
    pages = [reverse(name) for name in PAGES]
    answers = reading.addresses()[: MOST - len(themes) - len(pages)]
    rows = {"pages": pages, "themes": themes, "answers": answers}
    return render(request, "public/sitemap.xml", rows, content_type="application/xml")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    text = statements.security_txt()
    if not text:
        raise Http404
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=900)
def feed(request: HttpRequest) -> HttpResponse:
    """Any search of the search page, at the same address but for its end."""
    query, given = searched(request)
    filters, _notes = finding.chosen(given)
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    feeds.feed(query, filters, as_typed="typed" in given).write(response, "utf-8")
    return response


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    return render(request, "public/opensearch.xml", content_type="application/opensearchdescription+xml")
