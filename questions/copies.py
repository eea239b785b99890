"""Every copy of a text that is not the text itself: saves, kept drafts and private ones. What is forgotten goes there too."""

import re
from collections.abc import Callable
from typing import Any

from django.db.models import F

from questions.models import KeptDraft, PrivateDraft, Question, Revision, Version
from questions.models.conditions import GONE
from questions.states import WRITABLE

Content = dict[str, Any]


def forget_asked_as(question: Question) -> None:
    """The asker's own words, in every version and every copy of it."""

    def without(content: Content) -> Content:
        return {name: value for name, value in content.items() if name != "asked_as"}

    Version.objects.filter(item=question.item_id).exclude(item=None).update(asked_as="")
    rewrite(question, without)
    mark(question)


def forget_name(question: Question, name: str) -> None:
    """An expert, by their name in lower case: the row, and in what nobody checked yet every place in a text."""
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)

    def without(content: Content) -> Content:
        left = {key: word.sub(GONE, value) if isinstance(value, str) else value for key, value in content.items()}
        if "consulted" in left:
            left["consulted"] = [row for row in left["consulted"] or [] if not is_of(row, name)]
        return left

    rewrite(question, without)
    mark(question)


def is_of(row: Any, name: str) -> bool:
    return isinstance(row, dict) and isinstance(row.get("name"), str) and row["name"].strip().casefold() == name


def rewrite(question: Question, change: Callable[[Content], Content]) -> None:
    rows: list[Any] = list(PrivateDraft.objects.filter(question=question))
    if question.item_id is not None:
        rows += Revision.objects.filter(version__item=question.item_id)
        rows += KeptDraft.objects.filter(version__item=question.item_id)
        rows += PrivateDraft.objects.filter(question__item=question.item_id).exclude(question=question)
    for row in rows:
        changed = change(row.content)
        if changed != row.content:
            type(row).objects.filter(pk=row.pk).update(content=changed)


def mark(question: Question) -> None:
    """Whoever is writing or judging now read a text that still held it, and would bring it back."""
    if question.item_id is None:
        return
    every = Version.objects.filter(item=question.item_id)
    for version in every.filter(state__in=WRITABLE) or every.order_by("-n")[:1]:
        Version.objects.filter(pk=version.pk).update(revision=F("revision") + 1)
        version.refresh_from_db(fields=["revision"])
        Revision.keep(version, forgets=True)


def forgotten_since(version: Version, base: Revision | None) -> bool:
    """Whether something was taken out of this answer after somebody read `base` (None: nobody knows when)."""
    marks = Revision.objects.filter(version__item=version.item_id, forgets=True)
    return marks.filter(at__gt=base.at).exists() if base else marks.exists()
