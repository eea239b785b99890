"""Views of the queue under a name, for oneself or for the whole desk."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Case, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions import inputs, permissions, personal
from questions.listing import Wanted
from questions.models import SavedView
from questions.models.savedview import NAME
from questions.refusals import NotNow, NotYou

MOST = 50  # of one person


class Name(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of this view"),
        max_length=NAME,
        error_messages=inputs.missing(gettext_lazy("Give the view a name.")),
    )
    is_shared = forms.BooleanField(label=gettext_lazy("Share it with the whole desk"), required=False)


class Keep(Name):
    is_instead = forms.BooleanField(
        label=gettext_lazy("Put it in place of my view of this name, if there is one"), required=False
    )


def visible(user: Any) -> Any:
    """The views this person may open, their own first."""
    rows = SavedView.objects.visible_to(user).select_related("owner")
    return rows.order_by(Case(When(owner=user, then=0), default=1), "name", "pk")


def save(user: Any, what: Wanted, data: Mapping[str, Any]) -> SavedView:
    """Keep `what` under a name, also in place of what had it. Raises ValidationError, or NotNow when there are MOST."""
    cleaned = clean(data, Keep)
    personal.refuse({"name": what.q}, ["name"], personal.NAMES_NOBODY)  # the words looked for are kept as well
    with transaction.atomic():
        own = SavedView.objects.filter(owner=user)
        old = own.filter(name__iexact=cleaned["name"]).first() if cleaned.pop("is_instead") else None
        if old is None and own.count() >= MOST:
            raise NotNow(_("You have %(most)s saved views. Remove one first.") % {"most": MOST})
        view = old or SavedView(owner=user)
        view.query = what.query
        return stored(view, cleaned)


def change(view: SavedView, data: Mapping[str, Any], *, by: Any) -> SavedView:
    """Another name, shared or private. Raises NotYou or ValidationError."""
    if view.owner_id != by.pk:
        raise NotYou(_("This is for %(who)s.") % {"who": _("who made this view")})
    return stored(view, clean(data))


def remove(view: SavedView, *, by: Any) -> None:
    """Its owner removes it; one that is shared, a coordinator as well. Raises NotYou."""
    if not may_remove(view, by):
        raise NotYou(_("This is for %(who)s.") % {"who": _("who made this view, or a coordinator when it is shared")})
    view.delete()


def may_remove(view: SavedView, by: Any) -> bool:
    return view.owner_id == by.pk or (view.is_shared and permissions.coordinates(None, by))


def clean(data: Mapping[str, Any], form: type[Name] = Name) -> dict[str, Any]:
    cleaned = inputs.clean_form(form, data)
    personal.refuse(cleaned, ["name"], personal.NAMES_NOBODY)
    return cleaned


def stored(view: SavedView, values: Mapping[str, Any]) -> SavedView:
    for name, value in values.items():
        setattr(view, name, value)
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise ValidationError({"name": [_("You have a view of this name already.")]}) from None
    return view
