"""Changing the text of an answer: optimistic, void of approval when changed, and nothing ever lost."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.strength import Strength
from questions import inputs, lease, limits, personal, workflow
from questions.models import Citation, Consultation, Event, Item, KeptDraft, Question, Version
from questions.models import conditions as when
from questions.permissions import writes_for
from questions.refusals import NotNow, NotYou, Stale, demand
from questions.states import WORKED_ON, Direction, GapKind, State, VersionState
from questions.workflow import ANY

NEW = '"new"'
TEAM_QUESTIONS = 3
BASE = KeptDraft._meta.get_field("base").max_length


class Texts(forms.Form):
    asked_as = inputs.Long(
        label=gettext_lazy("Asked as: the asker's own words, for everybody to read"),
        max_length=limits.QUESTION,
        required=False,
    )
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
    look_again_on = forms.DateField(label=gettext_lazy("Look at it again on"), required=False)

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


def write(question: Question, data: Mapping[str, Any], *, by: Any, expected: str) -> Version:
    """Replace the draft's texts and citations with `data`, read at the state `expected` (an ETag).

    Raises NotYou, NotNow, ValidationError, or Stale after keeping what was typed. What somebody typed who
    has just lost the case is kept as well.
    """
    try:
        allow(question, by)
        cleaned = check(data)
        with transaction.atomic():
            draft_of(workflow.lock(question), by)  # there is a row to keep a stale text with
        with transaction.atomic():
            return replace(question, cleaned, by=by, expected=expected)
    except Stale as stale:
        raise Stale(keep(stale.current, data, by, expected), stale.current) from None
    except NotYou:
        check(data)
        if (version := lost_by(question, by)) is None:
            raise
        keep(version, data, by, expected)
        raise NotYou(_("You do not hold this case any more. Your text is kept: you find it in the case.")) from None


def keep(version: Version, data: Mapping[str, Any], by: Any, expected: str) -> KeptDraft:
    """What `by` typed, apart from the text; whatever a program sent as the ETag."""
    base, content = "".join(sign for sign in expected if sign.isprintable())[:BASE], dict(data)
    if not version.item.questions.exclude(participations__asker=None).exists():
        content.pop("asked_as", None)  # whose words these were was erased meanwhile
    last = version.kept_drafts.filter(user=by).first()
    if last is not None and last.content == content:  # a second click
        return last
    return KeptDraft.objects.create(version=version, user=by, base=base, content=content)


def lost_by(question: Question, by: Any) -> Version | None:
    """The version that `by` may have typed on when they lost the case; None when they never held it."""
    held = Event.objects.filter(question=question, data__held_by=by.pk) if by.pk is not None else Event.objects.none()
    if not held.exists() or Question.objects.visible_to(by).filter(pk=question.pk).first() is None:
        return None
    with transaction.atomic():
        question = workflow.lock(question)
        if question.item is None and question.state in WORKED_ON:
            begin(question, question.assignee)
        return current(question)


def begin(question: Question, holder: Any) -> None:
    """The answer of a case, without a text yet."""
    assert question.number is not None
    question.item = Item.objects.create(number=question.number, title=question.title[: limits.TITLE], holder=holder)
    question.save(update_fields=["item"])
    question.item.versions.create(language=question.language)


def may_write(question: Question, by: Any) -> bool:
    """Whoever holds the answer; the broker who holds the case while there is none."""
    return writes_for(question, by)


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
    lease.renew(question, by)
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
    demand(when.research_open, question)
    if question.state == State.ASSIGNED and question.item is None and question.number is not None:
        begin(question, by)
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
