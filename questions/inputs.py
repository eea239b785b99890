"""What a transition asks for. Page, API and command read the same fields from here."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from brokers.models import Desk, User
from brokers.sectors import Role, Sector
from evidence.models import Theme
from evidence.strength import Strength
from evidence.visible import is_blank
from questions import judging, limits, placeholders
from questions.fields import LISTS, LocalMoment, QuestionField
from questions.fields import AnswerField as AnswerField
from questions.fields import Day as Day
from questions.fields import DeskField as DeskField
from questions.fields import Long as Long
from questions.fields import Moment as Moment
from questions.fields import NumbersField as NumbersField
from questions.fields import SourceField as SourceField
from questions.fields import SourcesField as SourcesField
from questions.fields import Year as Year
from questions.fields import as_uuid as as_uuid
from questions.fields import find_source as find_source
from questions.models import Question, Version
from questions.states import Behalf, Track, Verdict
from questions.wording import Agree as Agree
from questions.wording import NoteAgreement as NoteAgreement
from questions.wording import Propose as Propose


def missing(sentence: Any) -> dict[str, Any]:
    """What is said of a field that was left empty, in the place of Django's own words."""
    return {"required": sentence}


class Ask(forms.Form):
    """A question as it comes in."""

    text = Long(
        label=_("Your question"),
        max_length=limits.QUESTION,
        min_length=10,
        error_messages=missing(_("Write down your question.")),
    )
    context = Long(label=_("Why do you ask, and for whom?"), max_length=limits.QUESTION, required=False)
    tried = Long(label=_("What have you tried or read already?"), max_length=limits.QUESTION, required=False)
    sector = forms.ChoiceField(
        label=_("Sector"), choices=Sector.choices, error_messages=missing(_("Choose your sector."))
    )
    role = forms.ChoiceField(label=_("I am a"), choices=Role.choices, error_messages=missing(_("Choose what you are.")))
    behalf = forms.ChoiceField(
        label=_("For whom do you ask?"), choices=Behalf.choices, required=False, widget=forms.RadioSelect
    )
    on_behalf_of = forms.CharField(label=_("Name of the team, school or network"), max_length=200, required=False)
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, error_messages=missing(_("Write your e-mail address."))
    )
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    read = NumbersField(required=False)
    read_sources = SourcesField(required=False)
    language = forms.ChoiceField(choices=[("nl", "nl"), ("en", "en")], required=False, widget=forms.HiddenInput)
    personal_data_checked = forms.BooleanField(
        label=_("I have checked that nobody can be recognised in this text"), required=False
    )

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if data.get("behalf") == Behalf.MYSELF:
            data["on_behalf_of"] = ""
        elif data.get("behalf") and not data.get("on_behalf_of") and "on_behalf_of" not in self.errors:
            self.add_error("on_behalf_of", _("Write the name of the team, the school or the network."))
        return data


class MeToo(forms.Form):
    """Somebody who wants to know what another asked."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, error_messages=missing(_("Write your e-mail address."))
    )
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    language = forms.ChoiceField(choices=[("nl", "nl"), ("en", "en")], required=False, widget=forms.HiddenInput)


class Again(forms.Form):
    """Who wants the confirmation mail, or the links to their questions, once more."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, error_messages=missing(_("Write your e-mail address."))
    )


class Look(forms.Form):
    """A text to find something for."""

    text = Long(label=_("Your question"), max_length=limits.QUESTION)
    sector = forms.ChoiceField(label=_("Sector"), choices=[("", "–"), *Sector.choices], required=False)


class Narrow(forms.Form):
    """What a search can be narrowed to. A theme or collection that is not there finds nothing."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("answer", "answer"), ("source", "source")], required=False)
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices, required=False)
    theme = forms.CharField(label=_("Theme"), max_length=100, required=False)
    strength = forms.ChoiceField(label=_("Strength of the research"), choices=Strength.choices, required=False)
    language = forms.RegexField(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,2}$", label=_("Language"), required=False)
    collection = forms.CharField(label=_("Collection"), max_length=100, required=False)
    year_from = Year(label=_("From year"))
    year_to = Year(label=_("Up to year"))

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        first, last = data.get("year_from"), data.get("year_to")
        if first and last and first > last:
            self.add_error("year_to", _("The last year is before the first."))
        return data


class Say(forms.Form):
    body = Long(label=_("Message"), max_length=limits.MESSAGE)


class SayAsDesk(Say):
    """A message of the desk, which has to be whole, and may stop the clock until the asker has answered."""

    body = Long(label=_("Message"), max_length=limits.MESSAGE, validators=[placeholders.check_filled])
    waits = forms.BooleanField(label=_("I can only go on when the asker has answered"), required=False)


class Nothing(forms.Form):
    """Asks for nothing."""


class Why(forms.Form):
    why = Long(label=_("Why"))


class Retract(Why):
    replaced_by = AnswerField(
        label=_("Number of the answer that replaces it"), required=False, min_value=1, max_value=2**31 - 1
    )


class OptionalWhy(forms.Form):
    why = Long(label=_("Why"), required=False)


class Triage(forms.Form):
    track = forms.ChoiceField(label=_("Track"), choices=Track.choices, error_messages=missing(_("Choose a track.")))
    themes = forms.ModelMultipleChoiceField(
        label=_("Themes"), queryset=Theme.objects.all(), to_field_name="slug", required=False
    )
    why = Long(label=_("Why"), required=False)


class Retheme(forms.Form):
    add = forms.ModelMultipleChoiceField(
        label=_("Themes to add"), queryset=Theme.objects.all(), to_field_name="slug", required=False
    )
    remove = forms.ModelMultipleChoiceField(
        label=_("Themes to remove"), queryset=Theme.objects.all(), to_field_name="slug", required=False
    )

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if not self.errors and not (data.get("add") or data.get("remove")):
            raise ValidationError(_("Choose a theme to add or to remove."))
        return data


def brokers() -> Any:
    return User.objects.filter(broker__isnull=False, is_active=True).order_by("name")


class Assign(forms.Form):
    broker = forms.ModelChoiceField(label=_("Broker"), queryset=brokers(), to_field_name="email")


class Transfer(Assign):
    why = Long(label=_("Why"))


class Answer(forms.Form):
    embargo_until = LocalMoment(_("Not public before"), required=False)


class Refer(forms.Form):
    answer = AnswerField(label=_("Number of the published answer"), required=False, min_value=1, max_value=2**31 - 1)
    source = SourceField(label=_("Or a source: its id or key"), required=False)
    note = Long(
        label=_("Bridging note to the asker"), max_length=limits.MESSAGE, validators=[placeholders.check_filled]
    )

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        targets = [data.pop(name, None) for name in ("answer", "source")]
        given = [target for target in targets if target is not None]
        if len(given) != 1 and not self.errors:
            raise ValidationError(_("Name one target: a published answer or a source."))
        return {**data, "target": given[0] if given else None}


class Merge(forms.Form):
    into = QuestionField(label=_("Into question (number)"))
    why = Long(label=_("Why"))


class Decline(forms.Form):
    why = Long(label=_("Reason"), validators=[placeholders.check_filled])
    alternative = Long(label=_("Where the asker can go instead"), validators=[placeholders.check_filled])


class HandOver(forms.Form):
    desk = DeskField(label=_("To which desk"), queryset=Desk.objects.order_by("name"), to_field_name="slug")
    why = Long(label=_("Reason, for the asker to read"), validators=[placeholders.check_filled])


class Retrack(forms.Form):
    track = forms.ChoiceField(label=_("Track"), choices=Track.choices, error_messages=missing(_("Choose a track.")))
    why = Long(label=_("Why"))


class Show(forms.Form):
    nobody_recognisable = forms.BooleanField(label=_("Nobody can be recognised in the sharpened question"))


class Respond(forms.Form):
    verdict = forms.ChoiceField(label=_("Does this answer your question?"), choices=Verdict.choices)
    why = Long(label=_("What is missing?"), required=False)


INPUTS: dict[type, dict[str, type[forms.Form]]] = {
    Question: {
        "confirm": Nothing,
        "triage": Triage,
        "retheme": Retheme,
        "retrack": Retrack,
        "claim": Nothing,
        "assign": Assign,
        "take": Nothing,
        "transfer": Transfer,
        "keep": Why,
        "release": Why,
        "lapse": Nothing,
        "propose": Propose,
        "agree": Agree,
        "note_agreement": NoteAgreement,
        "waive": Why,
        "start_research": Why,
        "go_on": Why,
        "close_silent": Nothing,
        "come_back": OptionalWhy,
        "show": Show,
        "hide": OptionalWhy,
        "answer": Answer,
        "resume": Why,
        "schedule": judging.Schedule,
        "unschedule": OptionalWhy,
        "publish": Nothing,
        "revise": Why,
        "retract": Retract,
        "refer": Refer,
        "respond": Respond,
        "merge": Merge,
        "unmerge": Why,
        "decline": Decline,
        "hand_over": HandOver,
        "withdraw": OptionalWhy,
        "reopen": Why,
        "set_aside": OptionalWhy,
        "not_spam": OptionalWhy,
    },
    Version: {
        "submit": Nothing,
        "request_changes": judging.RequestChanges,
        "approve": judging.Approve,
        "void": Nothing,
        "review_again": Nothing,
        "publish": Nothing,
        "supersede": Nothing,
        "retract": Why,
    },
}


def clean(subject: Question | Version, name: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The cleaned data of transition `name`; ValidationError names each field that is wrong."""
    return clean_form(INPUTS[type(subject)][name], data)


def clean_form(form_class: type[forms.Form], data: Mapping[str, Any]) -> dict[str, Any]:
    """The cleaned data of a form; strict about unknown fields and types."""
    check_shape(form_class.base_fields, data)
    form = form_class({key: seen(value) for key, value in data.items() if value is not None})
    if not form.is_valid():
        raise ValidationError(
            {("non_field_errors" if key == "__all__" else key): errors for key, errors in form.errors.as_data().items()}
        )
    return dict(form.cleaned_data)


def seen(value: Any) -> Any:
    """Text without a visible character is no text; a NUL byte stays, to be refused by name."""
    return "" if isinstance(value, str) and is_blank(value) and "\x00" not in value else value


def check_shape(fields: Mapping[str, forms.Field], data: Mapping[str, Any]) -> None:
    """Refuses unknown fields and values of the wrong type, which a form would turn into text."""
    wrong = {key: [_("This field is not known here.")] for key in data if key not in fields}
    for key, field in fields.items():
        value = data.get(key)
        if value is not None and not fits(field, value):
            wrong[key] = [_("This value has the wrong type.")]
    if wrong:
        raise ValidationError(wrong)


def fits(field: forms.Field, value: Any) -> bool:
    if isinstance(field, LISTS):
        return isinstance(value, list | tuple) and all(type(part) in (int, str) for part in value)
    if isinstance(field, forms.ModelMultipleChoiceField | forms.MultipleChoiceField):
        return isinstance(value, list | tuple) and all(isinstance(part, str) for part in value)
    if isinstance(value, bool) or isinstance(field, forms.BooleanField):
        return isinstance(field, forms.BooleanField) and (isinstance(value, bool) or value in ("on", "true", ""))
    if isinstance(field, forms.IntegerField | QuestionField):
        return isinstance(value, int | str)
    return isinstance(value, str)
