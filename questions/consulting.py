"""An expert who no longer wants to be named goes out of every version, the old ones as well."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence import kept
from questions import copies, inputs, workflow
from questions.models import Consultation, Event, Idempotency, Question
from questions.permissions import coordinates, works_or_edits
from questions.refusals import NotNow, NotYou


class Forget(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)


def named(question: Question) -> list[str]:
    """Who is named in any version of the answer, each name as it is written."""
    if question.item_id is None:
        return []
    return sorted(set(Consultation.objects.filter(version__item=question.item_id).values_list("name", flat=True)))


def may_forget(question: Question, by: Any) -> bool:
    return works_or_edits(question, by) or coordinates(question, by)


def forget(question: Question, data: Mapping[str, Any], *, by: Any) -> int:
    """Take an expert out of every version of the answer and of every kept draft; how many rows that were.

    Raises NotYou, NotNow (nobody of that name is here) or ValidationError. The history says that
    it happened, and not who it was.
    """
    if not may_forget(question, by):
        raise NotYou(_("This is for people of the desk."))
    name = inputs.clean_form(Forget, data)["name"].casefold()
    with transaction.atomic():
        question = workflow.lock(question)
        rows = Consultation.objects.filter(version__item=question.item_id).only("pk", "name")
        gone = [row.pk for row in rows if row.name.casefold() == name] if question.item_id else []
        if not gone:
            raise NotNow(_("Nobody of this name is named in this answer."))
        Consultation.objects.filter(pk__in=gone).delete()
        copies.forget_name(question, name)
        Idempotency.objects.filter(question=question).delete()  # answers that the API remembers
        kept.forget()
        Event.record("consent_withdrawn", by=by, question=question)
        workflow.review_again(question)
    return len(gone)
