"""Changing the text of an answer: optimistic, void of approval when changed, and nothing ever lost."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.strength import Strength
from questions import inputs, limits, workflow
from questions.models import Citation, Event, Item, KeptDraft, Question, Version
from questions.permissions import holds, holds_item
from questions.refusals import NotNow, NotYou, Stale
from questions.states import Direction, GapKind, State, VersionState
from questions.workflow import ANY

NEW = '"new"'
BASE = KeptDraft._meta.get_field("base").max_length


class Texts(forms.Form):
    short_answer = inputs.Long(label=gettext_lazy("Short answer"), max_length=limits.ANSWER_FIELD, required=False)
    explanation = inputs.Long(label=gettext_lazy("Explanation"), max_length=limits.ANSWER_FIELD, required=False)
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

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if data.get("gap") and not data.get("gap_kind"):
            data["gap_kind"] = GapKind.NONE
        if data.get("strength") == Strength.INSUFFICIENT and data.get("direction") not in ("", Direction.UNCLEAR):
            self.add_error("direction", _("With too little research the direction is unknown: it is not 'no effect'."))
        return data


class CitationLine(forms.Form):
    source = inputs.SourceField(label=gettext_lazy("Source"))
    claim = inputs.Long(label=gettext_lazy("Claim"), max_length=limits.ANSWER_FIELD)
    locator = forms.CharField(label=gettext_lazy("Place in the source"), max_length=100, required=False)


def current(question: Question) -> Version | None:
    """The version being written, else the one that is shown."""
    if question.item is None:
        return None
    return question.item.working(question.language) or question.item.shown()


def etag(version: Version | None) -> str:
    return NEW if version is None else version.etag


def write(question: Question, data: Mapping[str, Any], *, by: Any, expected: str) -> Version:
    """Replace the draft's texts and citations with `data`, read at the state `expected` (an ETag).

    Raises NotYou, NotNow, ValidationError, or Stale after keeping what was typed.
    """
    allow(question, by)
    texts, citations = check(data)
    with transaction.atomic():
        draft_of(workflow.lock(question), by)  # there is a row to keep a stale text with
    try:
        with transaction.atomic():
            return replace(question, texts, citations, by=by, expected=expected)
    except Stale as stale:
        # Whatever a program sent as the ETag: the text is kept.
        base = "".join(sign for sign in expected if sign.isprintable())[:BASE]
        kept = KeptDraft.objects.create(version=stale.current, user=by, base=base, content=dict(data))
        raise Stale(kept, stale.current) from None


def may_write(question: Question, by: Any) -> bool:
    """Whoever holds the answer; the broker who holds the case while there is none."""
    return holds(question, by) if question.item is None else holds_item(question.item, by)


def allow(question: Question, by: Any) -> None:
    if not may_write(question, by):
        raise NotYou(_("This is for the broker who holds the case."))


def check(data: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Cleaned texts and citations; ValidationError names fields, citations as `citations.0.source`."""
    lines = data.get("citations")
    lines = [] if lines is None else lines
    if not isinstance(lines, list | tuple) or len(lines) > 200:
        raise ValidationError({"citations": [_("Citations are a list of at most 200.")]})
    texts = inputs.clean_form(Texts, {key: value for key, value in data.items() if key != "citations"})
    return texts, [check_citation(n, line) for n, line in enumerate(lines)]


def check_citation(n: int, line: Any) -> dict[str, Any]:
    if not isinstance(line, Mapping):
        raise ValidationError({f"citations.{n}": [_("This value has the wrong type.")]})
    try:
        return inputs.clean_form(CitationLine, line)
    except ValidationError as error:
        raise ValidationError({f"citations.{n}.{key}": value for key, value in error.error_dict.items()}) from None


def replace(
    question: Question, texts: Mapping[str, Any], citations: Sequence[Mapping[str, Any]], *, by: Any, expected: str
) -> Version:
    question = workflow.lock(question)
    version = draft_of(question, by)
    fresh = version.revision == 0 and version.n == 1
    if expected not in ({NEW, version.etag, ANY} if fresh else {version.etag, ANY}):
        raise Stale(None, version)
    if version.state != VersionState.DRAFT:
        version = workflow.perform(version, "void", by=by)
    for name, value in texts.items():
        setattr(version, name, value)
    version.revision += 1
    version.save()
    version.authors.add(by)
    version.citations.all().delete()
    Citation.objects.bulk_create(Citation(version=version, n=n, **line) for n, line in enumerate(citations, start=1))
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
