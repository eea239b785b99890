"""Changing the introduction of a theme: editors only, nothing overwritten unseen, everything kept."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence import kept
from evidence.models import Theme
from questions import inputs, limits, permissions, personal
from questions.models import Introduction
from questions.refusals import NotYou, Stale

ROOM = forms.Textarea(attrs={"rows": 12})


class Texts(forms.Form):
    text_nl = inputs.Long(
        label=gettext_lazy("Introduction in Dutch"), max_length=limits.ANSWER_FIELD, required=False, widget=ROOM
    )
    text_en = inputs.Long(
        label=gettext_lazy("Introduction in English"), max_length=limits.ANSWER_FIELD, required=False, widget=ROOM
    )


def editions(theme: Theme) -> QuerySet[Introduction]:
    """Every introduction the theme ever had, the newest first."""
    return theme.introductions.select_related("by").order_by("-n")


def current(theme: Theme) -> Introduction | None:
    return editions(theme).first()


def newest() -> QuerySet[Any]:
    """All themes, each with the number and the time of its introduction (None: it has none)."""
    made = {"introduction": Max("introductions__n"), "introduced": Max("introductions__at")}
    return Theme.objects.annotate(**made).order_by("order", "slug")


def may_write(by: Any) -> bool:
    return permissions.edits(None, by)


def write(theme: Theme, data: Mapping[str, Any], *, by: Any, expected: int) -> Introduction:
    """Make `data` the introduction, by somebody who had read edition `expected` (0: there was none).

    The same texts again are no new edition. Raises NotYou, ValidationError (by field), or Stale when
    somebody else wrote meanwhile; nothing changes then.
    """
    if not may_write(by):
        raise NotYou(_("This is for %(who)s.") % {"who": permissions.edits.who})  # type: ignore[attr-defined]
    texts = inputs.clean_form(Texts, data)
    personal.refuse(texts, Texts.base_fields)
    with transaction.atomic():
        Theme.objects.select_for_update(no_key=True).get(pk=theme.pk)  # two editors take turns
        last = current(theme)
        if expected != (last.n if last else 0):
            raise Stale(None, last)
        if last is not None and texts == {name: getattr(last, name) for name in texts}:
            return last
        made = Introduction.objects.create(theme=theme, n=expected + 1, by=by, **texts)
        kept.forget()
    return made
