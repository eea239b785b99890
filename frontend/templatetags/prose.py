"""Markdown, and what a template cannot write itself."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.safestring import SafeString

from frontend import prose

register = template.Library()
SECRET = ("password", "csrf", "code")


@register.filter
def markdown(text: str) -> SafeString:
    return prose.html(text)


@register.simple_tag
def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What somebody sent, but for secrets: a page that refuses shows it, so that it is not lost."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if not any(part in name for part in SECRET)
        for value in values
    ]


@register.simple_tag
def is_own_form(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on a page of ours; nobody else can make it say so."""
    host: Any = request.headers.get("Origin", "")
    return bool(host == f"{request.scheme}://{request.get_host()}" and "password" not in request.POST)
