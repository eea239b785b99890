"""What is asked for where a question is put in sharper words and agreed on."""

from django import forms
from django.utils.translation import gettext_lazy as _

from questions import limits
from questions.fields import Long


class Propose(forms.Form):
    articulated = forms.CharField(label=_("The sharpened question"), max_length=limits.TITLE)
    for_whom = forms.CharField(label=_("For whom"), max_length=500, required=False)
    approach = forms.CharField(label=_("Which approach"), max_length=500, required=False)
    compared_to = forms.CharField(label=_("Compared to what"), max_length=500, required=False)
    outcome = forms.CharField(label=_("Which outcome"), max_length=500, required=False)
    frame_context = forms.CharField(label=_("In which context"), max_length=500, required=False)
    note = Long(label=_("Why you ask it this way (the asker reads this)"), required=False)


class Agree(forms.Form):
    articulated = forms.CharField(
        label=_("In better words (if you want to change it)"), max_length=limits.TITLE, required=False
    )
    keep_private = forms.BooleanField(
        label=_("Do not show this question to others while you work on it"), required=False
    )


class NoteAgreement(forms.Form):
    why = Long(label=_("When the asker said so, and how"))
