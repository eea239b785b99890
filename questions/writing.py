"""Changing the text of an answer: optimistic, void of approval when changed, and nothing ever lost."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.models import Source
from evidence.strength import Strength
from questions import citing, copies, inputs, limits, merging, personal, workflow
from questions.models import Citation, Consultation, Event, Item, KeptDraft, PrivateDraft, Question, Revision, Version
from questions.models.revision import WRITTEN, content_of
from questions.permissions import holds, holds_item
from questions.refusals import NotNow, NotYou, Stale
from questions.states import Direction, GapKind, Significance, State, VersionState
from questions.workflow import ANY

NEW = '"new"'
TEAM_QUESTIONS = 3
# Where `[@key]` makes a citation.
CITING = ("short_answer", "explanation", "conclusion", "gap")
# Of what both sides changed one has to be chosen; two texts can stand beside each other.
CHOICES = ("strength", "direction", "gap_kind", "look_again_on", "significance")
# What may be taken out of an answer for good.
MAY_BE_FORGOTTEN = ("asked_as", "consulted")
BASE = KeptDraft._meta.get_field("base").max_length


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
    look_again_on = forms.DateField(label=gettext_lazy("Look at it again on"), required=False)
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


def current(question: Question) -> Version | None:
    """The version being written, else the one that is shown."""
    if question.item is None:
        return None
    return question.item.working(question.language) or question.item.shown()


def etag(version: Version | None) -> str:
    return NEW if version is None else version.etag


def write(
    question: Question, data: Mapping[str, Any], *, by: Any, expected: str, sitting: uuid.UUID | None = None
) -> Version:
    """Replace the draft's texts and citations with `data`, read at the state `expected` (an ETag).

    Raises NotYou, NotNow, ValidationError, or Stale after keeping what was typed. With the save, the
    private draft of this `sitting` is done with.
    """
    allow(question, by)
    cleaned = check(data)
    with transaction.atomic():
        draft_of(workflow.lock(question), by)  # there is a row to keep a stale text with
    try:
        with transaction.atomic():
            version = replace(question, cleaned, by=by, expected=expected)
            PrivateDraft.objects.filter(question=question, user=by, sitting=sitting).delete()
            return version
    except Stale as stale:
        merged = reconcile(stale.current, data, expected)
        # Whatever a program sent as the ETag: the text is kept.
        kept = KeptDraft.objects.create(
            version=stale.current, user=by, base=printable(expected), content=may_be_kept(data, merged)
        )
        raise Stale(kept, stale.current, merged) from None


def printable(tag: str) -> str:
    """An ETag as it can be stored, whatever a program sent."""
    return "".join(sign for sign in tag if sign.isprintable())[:BASE]


def reconcile(version: Version, data: Mapping[str, Any], expected: str) -> merging.Merged:
    """What stands in `version` and `data`, which was typed on top of the text `expected`, as one text."""
    base = base_of(version, expected)
    return merging.merge(
        base.content if base else {},
        data,
        content_of(version),
        texts=[name for name in WRITTEN if name not in CHOICES],
        choices=CHOICES,
        forgotten=MAY_BE_FORGOTTEN if copies.forgotten_since(version, base) else (),
    )


def base_of(version: Version, tag: str) -> Revision | None:
    """The text that somebody had read under the ETag `tag`, in this answer; None when it tells nothing."""
    pk, _dash, n = tag.strip('"').rpartition("-")
    if not (n.isascii() and n.isdecimal() and len(n) < 10 and (read := inputs.as_uuid(pk))):
        return None
    rows = Revision.objects.filter(version=read, version__item=version.item_id, n__lte=int(n))
    found: Revision | None = rows.order_by("-n").first()
    return found


def saved_content(version: Version | None) -> dict[str, Any]:
    """The saved text as `Revision.content` holds it; empty while nothing is written."""
    return content_of(version) if version else {}


def same(one: Any, other: Any) -> bool:
    """Whether two values of a field say the same, however they were sent."""
    return bool((merging.plain(one) or "") == (merging.plain(other) or ""))


def still_allowed(question: Question, data: Mapping[str, Any], base: str) -> dict[str, Any]:
    """`data`, typed on top of `base`, without what was taken out of the answer meanwhile."""
    version = current(question)
    return may_be_kept(data, reconcile(version, data, base)) if version else dict(data)


def may_be_kept(data: Mapping[str, Any], merged: merging.Merged) -> dict[str, Any]:
    """What was typed, without what was taken out of the answer meanwhile and may not come back."""
    names = {row.get("name") for row in merged.theirs["consulted"]}
    kept = dict(data)
    if merged.forgotten and "consulted" in kept:
        kept["consulted"] = [row for row in data["consulted"] if row.get("name") in names]
    if merged.forgotten and data.get("asked_as") != merged.theirs["asked_as"]:
        kept.pop("asked_as", None)
    return kept


def may_write(question: Question, by: Any) -> bool:
    """Whoever holds the answer; the broker who holds the case while there is none."""
    return holds(question, by) if question.item is None else holds_item(question.item, by)


def allow(question: Question, by: Any) -> None:
    if not may_write(question, by):
        raise NotYou(_("This is for the broker who holds the case."))


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


def replace(question: Question, cleaned: Cleaned, *, by: Any, expected: str) -> Version:
    question = workflow.lock(question)
    version = draft_of(question, by)
    fresh = version.revision == 0 and version.n == 1
    if expected not in ({NEW, version.etag, ANY} if fresh else {version.etag, ANY}):
        raise Stale(None, version)
    if version.state != VersionState.DRAFT:
        version = workflow.perform(version, "void", by=by)
    for name, value in cleaned.texts.items():
        setattr(version, name, value)
    version.revision += 1
    version.save()
    version.authors.add(by)
    version.citations.all().delete()
    Citation.objects.bulk_create(Citation(version=version, n=n, **one) for n, one in enumerate(cleaned.citations, 1))
    version.consulted.all().delete()
    Consultation.objects.bulk_create(
        Consultation(version=version, n=n, **one) for n, one in enumerate(cleaned.consulted, 1)
    )
    Revision.keep(version, by)
    Event.record(
        "write",
        by=by,
        question=question,
        version=version,
        source=version.state,
        target=version.state,
        data={"revision": version.revision},
    )
    return version


def draft_of(question: Question, by: Any) -> Version:
    """The version to write in; made on first use while the case is being worked.

    The question is locked: only now is it sure that nobody else was given the case.
    """
    allow(question, by)
    if question.state == State.ASSIGNED and question.item is None and question.number is not None:
        item = Item.objects.create(number=question.number, title=question.title[: limits.TITLE], holder=by)
        question.item = item
        question.save(update_fields=["item"])
    version = question.item.working(question.language) if question.item else None
    if version is None and question.state == State.ASSIGNED and question.item is not None:
        version = question.item.versions.create(language=question.language)
    if version is None or question.state not in (State.ASSIGNED, State.PUBLISHED):
        raise NotNow(
            _("The answer is not open for writing while the state is: %(state)s.")
            % {"state": question.get_state_display()}
        )
    locked: Version = workflow.lock(version)
    return locked
