"""What an answer may hold: its texts, the rows it rests on, and what each of them must be."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.models import Source
from evidence.strength import Strength
from questions import citing, inputs, limits, personal
from questions.models import Consultation
from questions.states import Direction, GapKind, Significance

TEAM_QUESTIONS = 3
# Where `[@key]` makes a citation.
CITING = ("short_answer", "explanation", "conclusion", "gap")


class Texts(forms.Form):
    asked_as = inputs.Long(
        label=gettext_lazy("Asked as: the asker's own words, for everybody to read"),
        max_length=limits.QUESTION,
        required=False,
    )
    short_answer = inputs.Long(label=gettext_lazy("Short answer"), max_length=limits.ANSWER_FIELD, required=False)
    explanation = inputs.Long(label=gettext_lazy("Explanation"), max_length=limits.ANSWER_FIELD, required=False)
    conclusion = inputs.Long(
        label=gettext_lazy("Conclusion: what follows from it"), max_length=limits.CONCLUSION, required=False
    )
    strength = forms.ChoiceField(
        label=gettext_lazy("Strength of the evidence"), choices=[("", "–"), *Strength.choices], required=False
    )
    direction = forms.ChoiceField(
        label=gettext_lazy("What the research found"), choices=[("", "–"), *Direction.choices], required=False
    )
    gap = inputs.Long(label=gettext_lazy("What is not known (gap)"), max_length=limits.ANSWER_FIELD, required=False)
    gap_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of gap"), choices=[("", "–"), *GapKind.choices], required=False
    )
    team_questions = inputs.Long(
        label=gettext_lazy("Team sheet: up to three questions to discuss, one a line"),
        max_length=limits.TEAM,
        required=False,
    )
    team_try = inputs.Long(label=gettext_lazy("Team sheet: what to try"), max_length=limits.TEAM, required=False)
    team_watch = inputs.Long(label=gettext_lazy("Team sheet: what to watch"), max_length=limits.TEAM, required=False)
    strength_because = inputs.Long(
        label=gettext_lazy("Why the strength is not what the ledger proposes (for the desk)"),
        max_length=limits.REASON,
        required=False,
    )
    look_again_on = inputs.Day(label=gettext_lazy("Look at it again on"), required=False)
    significance = forms.ChoiceField(
        label=gettext_lazy("What kind of change is this?"), choices=[("", "–"), *Significance.choices], required=False
    )
    change_note = inputs.Long(label=gettext_lazy("What changed, for readers"), max_length=limits.REASON, required=False)

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if data.get("gap") and not data.get("gap_kind"):
            data["gap_kind"] = GapKind.NONE
        if data.get("strength") == Strength.INSUFFICIENT and data.get("direction") not in ("", Direction.UNCLEAR):
            self.add_error("direction", _("With too little research the direction is unknown: it is not 'no effect'."))
        lines = [line.strip() for line in data.get("team_questions", "").splitlines() if line.strip()]
        if len(lines) > TEAM_QUESTIONS:
            self.add_error("team_questions", _("A team sheet has at most three questions."))
        return {**data, "team_questions": "\n".join(lines)}


class CitationLine(forms.Form):
    source = inputs.SourceField(label=gettext_lazy("Source"))
    claim = inputs.Long(label=gettext_lazy("Claim"), max_length=limits.ANSWER_FIELD)
    locator = forms.CharField(label=gettext_lazy("Place in the source"), max_length=100, required=False)


class Expert(forms.Form):
    """Somebody who was consulted and agreed to be named. Whoever did not agree is not written down here."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    role = forms.CharField(label=gettext_lazy("What they are, and where"), max_length=200, required=False)
    agreed_on = forms.DateField(label=gettext_lazy("Agreed to be named on"))
    agreed_by = forms.ChoiceField(
        label=gettext_lazy("How they said so"), choices=[("", "–"), *Consultation.Way.choices]
    )

    def clean_agreed_on(self) -> Any:
        if self.cleaned_data["agreed_on"] > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        return self.cleaned_data["agreed_on"]


# The rows of an answer: the form of each, and how many there may be.
ROWS: dict[str, tuple[type[forms.Form], int]] = {"citations": (CitationLine, 200), "consulted": (Expert, 20)}

TOO_MANY = {
    "citations": gettext_lazy("Citations are a list of at most %(most)s."),
    "consulted": gettext_lazy("Consulted experts are a list of at most %(most)s."),
}


@dataclass(frozen=True)
class Cleaned:
    """What was written, checked: texts by name, and the rows of each kind."""

    texts: dict[str, Any]
    citations: list[dict[str, Any]]
    consulted: list[dict[str, Any]]


def check(data: Mapping[str, Any]) -> Cleaned:
    """What may be stored of `data`; ValidationError names fields, those of rows as `citations.0.source`."""
    rows = {name: list_of(name, data) for name in ROWS}
    texts = inputs.clean_form(Texts, {key: value for key, value in data.items() if key not in ROWS})
    cleaned = Cleaned(texts, **{name: [check_row(name, n, row) for n, row in enumerate(rows[name])] for name in ROWS})
    personal.refuse(texts, ["asked_as"])
    keep_names_apart(cleaned)
    cite_what_is_named(cleaned)
    return cleaned


def list_of(name: str, data: Mapping[str, Any]) -> Sequence[Any]:
    rows = data.get(name)
    rows = [] if rows is None else rows
    most = ROWS[name][1]
    if not isinstance(rows, list | tuple) or len(rows) > most:
        raise ValidationError({name: [TOO_MANY[name] % {"most": most}]})
    return rows


def check_row(name: str, n: int, row: Any) -> dict[str, Any]:
    if not isinstance(row, Mapping):
        raise ValidationError({f"{name}.{n}": [_("This value has the wrong type.")]})
    try:
        return inputs.clean_form(ROWS[name][0], row)
    except ValidationError as error:
        raise ValidationError({f"{name}.{n}.{key}": value for key, value in error.error_dict.items()}) from None


def cite_what_is_named(cleaned: Cleaned) -> None:
    """Every `[@key]` of the texts gets a citation, with its sentence as the claim; a key of no source is refused."""
    named = [(field, *one) for field in CITING for one in citing.keys(cleaned.texts[field])]
    known = {one.key: one for one in Source.objects.filter(key__in={key for _field, key, *_rest in named})}
    errors: dict[str, list[str]] = {}
    for field, key, _place, _claim in named:
        told = _("No source has the key @%(key)s. Add the source to the library first, or mend the key.")
        if key not in known and (sentence := told % {"key": key}) not in errors.setdefault(field, []):
            errors[field].append(sentence)
    if errors:
        raise ValidationError(errors)
    cited = {row["source"].key for row in cleaned.citations}
    for _field, key, place, claim in named:
        if key not in cited:
            cited.add(key)
            row = {"source": known[key], "claim": claim or known[key].title, "locator": place}
            cleaned.citations.append(row)
    most = ROWS["citations"][1]
    if len(cleaned.citations) > most:
        raise ValidationError({"citations": [TOO_MANY["citations"] % {"most": most}]})


def keep_names_apart(cleaned: Cleaned) -> None:
    """An expert who no longer agrees is taken out of every version, so no text may hold the name."""
    told = _("Leave the name of a consulted expert (%(name)s) out of the text: it could not be taken back there.")
    for expert in cleaned.consulted:
        name = re.compile(rf"(?<!\w){re.escape(expert['name'])}(?!\w)", re.IGNORECASE)
        held = [field for field, text in cleaned.texts.items() if name.search(str(text or ""))]
        if held:
            raise ValidationError({field: [told % {"name": expert["name"]}] for field in held})
