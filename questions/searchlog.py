"""The search log of a case: where was looked, with which words, and what was kept."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions import inputs, lease, limits, personal
from questions.models import Question, SearchEntry
from questions.refusals import NotNow, NotYou
from questions.states import OPEN, State


class Line(forms.Form):
    place = forms.CharField(label=gettext_lazy("Where you searched"), max_length=200)
    terms = forms.CharField(label=gettext_lazy("With which words"), max_length=500)
    hits = forms.IntegerField(label=gettext_lazy("How many hits"), required=False, min_value=0, max_value=2**31 - 1)
    kept = inputs.Long(label=gettext_lazy("What you kept"), max_length=limits.MESSAGE, required=False)


def may_log(by: Any) -> bool:
    return bool(by.has_perm("questions.work_question"))


def log(question: Question, data: Mapping[str, Any], *, by: Any) -> SearchEntry:
    """Write down one search of `by` for this case."""
    if not may_log(by):
        raise NotYou(_("This is for %(who)s.") % {"who": _("a broker")})
    if question.state not in (*OPEN, State.ANSWERED, State.PUBLISHED):
        raise NotNow(_("This cannot be done while the state is: %(state)s.") % {"state": question.get_state_display()})
    cleaned = inputs.clean_form(Line, data)
    personal.refuse(cleaned, ["terms"])
    with transaction.atomic():
        lease.renew(question, by)
        return SearchEntry.objects.create(question=question, user=by, **cleaned)
