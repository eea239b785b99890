"""Markdown, and what a template cannot write itself."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.safestring import SafeString

from frontend import prose
from frontend.refused import labels_of
from questions import inputs, introductions, reviewing, searchlog, texts, wording

register = template.Library()
SHORT = 12
SECRET = ("password", "csrf", "code")
# What a form sends along that nobody typed.
OURS = {"etag", "sitting", "rows", "experts", "go", "key", "stamp", "next", "held", "tab", "read", "read_sources"}
# The forms that people write much in; the first that knows a field names it.
FORMS: tuple[Any, ...] = (
    *(texts.Texts, inputs.Ask, inputs.Say, wording.Propose, reviewing.Say, searchlog.Line, texts.CitationLine),
    *(inputs.Refer, inputs.Decline, inputs.Why, introductions.Texts),
)


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


@register.filter
def in_words(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of what was sent, what a person may have typed, by the names that the pages give it."""
    labels = {name: label for form in reversed(FORMS) for name, label in labels_of(form).items()}
    found = [(name, labels.get(name.rpartition("-")[2], ""), value) for name, value in fields if name not in OURS]
    # A short value of a field without a name is a choice or a code.
    return [(label or name, value) for name, label, value in found if value and (label or len(value) > SHORT)]


@register.simple_tag
def is_own_form(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on a page of ours; nobody else can make it say so."""
    host: Any = request.headers.get("Origin", "")
    return bool(host == f"{request.scheme}://{request.get_host()}" and "password" not in request.POST)
