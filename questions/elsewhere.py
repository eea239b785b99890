"""A source that was found outside our library: put in the library and in the ledger of a case, in one go.

Only what somebody typed is kept. Nothing is looked up and nothing is filled in: a reference that
nobody saw must not come about here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence import csl, library
from questions import fields, inputs, ledger, limits
from questions.models import LedgerEntry, Question
from questions.permissions import adds_sources
from questions.refusals import NotYou

# The types of CSL-JSON that a desk meets, in its own words.
KINDS: dict[str, Any] = {
    "article-journal": gettext_lazy("article in a scientific journal"),
    "report": gettext_lazy("report"),
    "book": gettext_lazy("book"),
    "chapter": gettext_lazy("chapter of a book"),
    "thesis": gettext_lazy("thesis or dissertation"),
    "paper-conference": gettext_lazy("paper of a conference"),
    "article": gettext_lazy("preprint: not yet in a journal"),
    "article-magazine": gettext_lazy("article in a magazine"),
    "webpage": gettext_lazy("page on the web"),
    "document": gettext_lazy("something else"),
}
LANGUAGES: dict[str, Any] = {
    "nl": gettext_lazy("Dutch"),
    "en": gettext_lazy("English"),
    "de": gettext_lazy("German"),
    "fr": gettext_lazy("French"),
}
# How CSL-JSON calls what a field asks for, where that is another name.
ITEM = {"container": "container-title", "year": "issued", "doi": "DOI", "url": "URL"}
OF_THE_CASE = ("locator", "note")


class Elsewhere(forms.Form):
    """A publication as it describes itself, and what is of use in it for the case."""

    type = forms.ChoiceField(label=gettext_lazy("Kind of publication"), choices=list(KINDS.items()))
    title = forms.CharField(label=gettext_lazy("Title"), max_length=1_000)
    author = fields.Authors(
        label=gettext_lazy("Authors"),
        max_length=10_000,
        required=False,
        help_text=gettext_lazy(
            "One a line: family name, comma, first names or initials. An organisation between quotation marks."
        ),
    )
    year = fields.Year(label=gettext_lazy("Year"))
    container = forms.CharField(
        label=gettext_lazy("Journal, book or website in which it appeared"), max_length=1_000, required=False
    )
    volume = forms.CharField(label=gettext_lazy("Volume"), max_length=150, required=False)
    issue = forms.CharField(label=gettext_lazy("Issue"), max_length=150, required=False)
    page = forms.CharField(label=gettext_lazy("Pages"), max_length=150, required=False)
    publisher = forms.CharField(label=gettext_lazy("Publisher"), max_length=1_000, required=False)
    doi = fields.Doi(
        label=gettext_lazy("DOI"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("If it has one, such as 10.1000/182."),
    )
    url = fields.Address(label=gettext_lazy("Address on the web"), max_length=1_000, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the text"), choices=[("", "–"), *LANGUAGES.items()], required=False
    )
    locator = forms.CharField(label=gettext_lazy("Place in the source"), max_length=100, required=False)
    note = fields.Long(label=gettext_lazy("Note"), max_length=limits.REASON, required=False)

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if self.errors:
            return data
        try:
            return {**data, "item": csl.checked(item_of(data))}
        except ValidationError as error:
            asked = {ITEM.get(name, name): name for name in self.fields}
            for name, sentences in error.message_dict.items():
                self.add_error(asked.get(name), sentences)
        return data


@dataclass(frozen=True)
class Brought:
    """A source that stands in the ledger now. `is_new` is False when the library had it: that one stands there."""

    entry: LedgerEntry
    is_new: bool


def may_bring(question: Question, by: Any) -> bool:
    return adds_sources(question, by) and ledger.may_add(question, by)


def bring(question: Question, data: Mapping[str, Any], *, by: Any) -> Brought:
    """Put a source that was found elsewhere in the library and in the ledger, or in neither.

    One whose DOI or address the library knows is not put in again: the one that is there goes into
    the ledger, as it is. Raises NotYou, NotNow (see `ledger.add`) or ValidationError.
    """
    if not may_bring(question, by):
        raise NotYou(_("This is for %(who)s.") % {"who": _("a broker")})
    cleaned = inputs.clean_form(Elsewhere, data)
    with transaction.atomic():
        source, is_new = library.find_or_put(cleaned["item"])
        about = {name: cleaned[name] for name in OF_THE_CASE}
        return Brought(ledger.add(question, {"source": source.key, **about}, by=by), is_new)


def item_of(cleaned: Mapping[str, Any]) -> csl.Item:
    """What was typed as a CSL-JSON item; what was left empty is not in it."""
    given = {ITEM.get(name, name): value for name, value in cleaned.items() if value and name not in OF_THE_CASE}
    if "issued" in given:
        given["issued"] = {"date-parts": [[given["issued"]]]}
    return given
