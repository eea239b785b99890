"""What judging an answer and planning its publication ask for."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from questions import checklists, limits
from questions.fields import LocalMoment, Long
from questions.states import ALL_OPEN, ReviewKind

KINDS = [*ReviewKind.choices, (ALL_OPEN, _("Everything that is still open"))]


def kind() -> forms.ChoiceField:
    """What a verdict is about; left out only when one kind is open (`Version.kinds_meant`)."""
    return forms.ChoiceField(label=_("What did you judge?"), choices=KINDS, required=False, widget=forms.RadioSelect)


class RequestChanges(forms.Form):
    kind = kind()
    remarks = Long(label=_("Remarks"), max_length=limits.MESSAGE)


class Approve(forms.Form):
    kind = kind()
    checked = forms.MultipleChoiceField(
        label=_("Checklist"), choices=checklists.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    remarks = Long(label=_("Remarks"), max_length=limits.MESSAGE, required=False)


class Schedule(forms.Form):
    publish_at = LocalMoment(_("Make it public at"))

    def clean_publish_at(self) -> datetime:
        moment: datetime = self.cleaned_data["publish_at"]
        if moment <= timezone.now():
            raise ValidationError(_("This moment has passed. Choose one that is still to come."))
        return moment
