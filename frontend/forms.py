"""Forms as pages show them, and what browsers post as the domain wants it."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django import forms
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from evidence.models import Theme
from frontend.pages.around import local
from questions import inputs

AUTOCOMPLETE = {"email": "email", "name": "name", "on_behalf_of": "organization"}
FormT = TypeVar("FormT", bound=forms.BaseForm)


def posted(form: type[forms.BaseForm], data: QueryDict, prefix: str = "") -> dict[str, Any]:
    """The fields of `form` in what a browser sent; a box that is not ticked sends nothing."""
    fields: dict[str, forms.Field] = form.base_fields  # type: ignore[attr-defined]
    return {
        name: data.getlist(prefix + name) if is_list(field) else data[prefix + name]
        for name, field in fields.items()
        if prefix + name in data
    }


def is_list(field: forms.Field) -> bool:
    own = inputs.NumbersField | inputs.SourcesField
    return isinstance(field, forms.ModelMultipleChoiceField | forms.MultipleChoiceField | own)


def shown(
    form: type[FormT],
    name: str,
    *,
    typed: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
    errors: Mapping[str, list[str]] | None = None,
    prefix: str = "",
) -> FormT:
    """`form` ready to be shown: empty, or filled with what was `typed` and the errors of it.

    `name` keeps the ids of several forms on one page apart.
    """
    if prefix and typed is not None:
        typed = {f"{prefix}-{key}": value for key, value in typed.items()}
    made = form(typed, initial=dict(initial or {}), auto_id=f"{name}-%s", prefix=prefix or None)
    for key, field in made.fields.items():
        dress(key, field)
    for key, sentences in (errors or {}).items():
        known: Any = made.errors.get(key or "__all__", [])
        for sentence in sentences:
            if sentence not in known:
                made.add_error(key if key in made.fields else None, sentence)
    return made


def dress(key: str, field: forms.Field) -> None:
    """What browsers need to know of a field, and what they must not do with it."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        field.label_from_instance = theme_label  # type: ignore[assignment]
        field.widget = forms.CheckboxSelectMultiple()
        field.widget.choices = field.choices
    if isinstance(field, forms.DateField) and not isinstance(field, forms.DateTimeField):
        field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    if isinstance(field, forms.DateTimeField):
        field.widget = forms.DateTimeInput(attrs={"type": "datetime-local"})
    if key == "verdict":
        field.widget = forms.RadioSelect(choices=field.choices)  # type: ignore[attr-defined]
    if key == "track":
        unchosen(field)
    if key in AUTOCOMPLETE:
        field.widget.attrs["autocomplete"] = AUTOCOMPLETE[key]
    # A browser cuts a pasted text at maxlength without a word; the desk says so instead.
    field.widget.attrs.pop("maxlength", None)


def unchosen(field: Any) -> None:
    """A track is a promise to the asker: nobody makes it by not choosing."""
    if all(value for value, _label in field.choices):
        field.choices = [("", "–"), *field.choices]


def theme_label(theme: Theme) -> str:
    return local(theme, "label")


class Select(forms.Select):
    """As Django's, for values and labels without groups; without a template for each of many options."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        rows = ((given, mark_safe(" selected") if given in chosen else "", label) for given, label in self.choices)
        options = format_html_join("\n", '<option value="{}"{}>{}</option>', rows)
        own = self.build_attrs({**self.attrs, "name": name}, attrs)
        return format_html("<select{}>\n{}\n</select>", flatatt(own), options)


def select(choices: list[tuple[str, str]]) -> Select:
    return Select(choices=choices)
