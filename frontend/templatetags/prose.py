"""Markdown, and what a template cannot write itself."""

from django import template
from django.http import HttpRequest
from django.utils.safestring import SafeString

from frontend import again, prose

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    return prose.html(text)


@register.simple_tag
def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What somebody sent, but for secrets: a page that refuses shows it, so that it is not lost."""
    return again.typed(request)


@register.simple_tag
def in_words(request: HttpRequest) -> list[tuple[str, str]]:
    """The same for people: what they typed, by the names of the fields."""
    return again.in_words(request)


@register.simple_tag
def mark_again(request: HttpRequest) -> str:
    """What lets a form be sent after logging in (`frontend.again`)."""
    return again.mark(request)


@register.simple_tag
def is_own_form(request: HttpRequest) -> bool:
    """Whether the form stood on a page of ours, and may be offered to be sent again."""
    return again.is_own(request) and "password" not in request.POST
