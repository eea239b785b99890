"""What search engines and browsers ask for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from questions import reading

MOST = 50_000  # as many as one sitemap may hold


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "public/robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Published answers only."""
    return render(
        request, "public/sitemap.xml", {"versions": reading.published()[:MOST]}, content_type="application/xml"
    )


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    return render(request, "public/opensearch.xml", content_type="application/opensearchdescription+xml")
