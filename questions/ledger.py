"""The evidence ledger: what was found for a case, what is kept and why not, and what follows from it.

Any broker may put a source in; whoever writes the answer judges it. Nothing goes in before research
may begin (`conditions.research_open`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence import designs
from evidence.models import Source
from questions import fields, grading, inputs, lease, limits, workflow
from questions.models import Event, LedgerEntry, Question, SearchEntry
from questions.models import conditions as when
from questions.permissions import works, works_or_edits, writes_for
from questions.refusals import NotNow, NotThere, NotYou, Stale, demand
from questions.states import Direction, State

MOST = 400  # sources in one ledger
OPEN = (State.ASSIGNED, State.ANSWERED, State.PUBLISHED)


class Found(forms.Form):
    """A source of the library that may be of use."""

    source = inputs.SourceField(label=gettext_lazy("Source (its key)"))
    locator = forms.CharField(label=gettext_lazy("Place in the source"), max_length=100, required=False)
    note = fields.Long(label=gettext_lazy("Note"), max_length=limits.REASON, required=False)


class Judge(forms.Form):
    """What the broker read in a source, and whether the answer may rest on it."""

    state = forms.ChoiceField(label=gettext_lazy("Keep it?"), choices=LedgerEntry.State.choices)
    reason = forms.ChoiceField(
        label=gettext_lazy("Why not"), choices=[("", "–"), *LedgerEntry.Reason.choices], required=False
    )
    why = fields.Long(label=gettext_lazy("In words"), max_length=limits.REASON, required=False)
    design = fields.DesignField(label=gettext_lazy("Design"), required=False)
    design_other = forms.CharField(
        label=gettext_lazy("Another design, in words"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Only if the list does not have it. A design that we do not know counts as weak."),
    )
    direction = forms.ChoiceField(
        label=gettext_lazy("What this source found"), choices=[("", "–"), *Direction.choices], required=False
    )
    fit = forms.ChoiceField(
        label=gettext_lazy("How near it is to the question"), choices=[("", "–"), *grading.Fit.choices], required=False
    )
    population = forms.CharField(label=gettext_lazy("Who was studied"), max_length=500, required=False)
    country = forms.CharField(label=gettext_lazy("Country"), max_length=200, required=False)
    same_study = inputs.SourceField(
        label=gettext_lazy("Tells of the same study as (key of a source in this ledger)"), required=False
    )
    locator = forms.CharField(label=gettext_lazy("Place in the source"), max_length=100, required=False)
    note = fields.Long(label=gettext_lazy("Note"), max_length=limits.REASON, required=False)

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        rejected = data.get("state") == LedgerEntry.State.REJECTED
        if rejected and not data.get("reason"):
            self.add_error("reason", _("Say why this source is rejected."))
        if rejected and data.get("reason") == LedgerEntry.Reason.ELSE and not data.get("why"):
            self.add_error("why", _("Say in words why this source is rejected."))
        data["design"] = self.design_of(data.get("design", ""), designs.key_of(data.pop("design_other", "")))
        return data if rejected else {**data, "reason": "", "why": ""}

    def design_of(self, chosen: str, words: str) -> str:
        """The key of a design, or the words of one that the list does not have."""
        if chosen == designs.OTHER and not words and "design_other" not in self.errors:
            self.add_error("design_other", _("Write down what the design is."))
        if chosen not in ("", designs.OTHER, words) and words:
            self.add_error("design_other", _("You chose a design and wrote down another one. Keep one of the two."))
        return words if chosen in ("", designs.OTHER) else chosen


# What of a judgement is kept under its own name.
READ = tuple(name for name in Judge.base_fields if name != "design_other")


@dataclass(frozen=True)
class Kept:
    """A source the answer may rest on, as completion and editor need it."""

    source: Source
    key: str
    title: str
    locator: str


def may_add(question: Question, by: Any) -> bool:
    return works(question, by) or (works_or_edits(question, by) and writes_for(question, by))


def may_judge(question: Question, by: Any) -> bool:
    return writes_for(question, by)


def of(question: Question) -> Any:
    """The ledger of a question, in the order in which sources were found."""
    return question.ledger.select_related("source", "added_by", "judged_by", "search", "same_study__source")


def kept(question: Question) -> list[Kept]:
    """The sources the answer may rest on, in the order in which they were found."""
    rows = question.ledger.filter(state=LedgerEntry.State.KEPT).select_related("source")
    return [Kept(row.source, row.source.key, row.source.title, row.locator) for row in rows]


def proposal(question: Question) -> grading.Proposal:
    """The strength that the kept sources bear out, by the rules of `grading`."""
    return propose(question.ledger.select_related("source"))


def propose(rows: Iterable[LedgerEntry]) -> grading.Proposal:
    """The same of a ledger that was read already."""
    return LedgerEntry.bears_out(rows)


def add(question: Question, data: Mapping[str, Any], *, by: Any) -> LedgerEntry:
    """Put a source in the ledger as found; one that stands there already is returned as it is.

    Raises NotYou, NotNow (research may not begin yet, or the case is over) or ValidationError.
    """
    if not may_add(question, by):
        raise NotYou(_("This is for %(who)s.") % {"who": _("a broker")})
    cleaned = inputs.clean_form(Found, data)
    with transaction.atomic():
        question = workflow.lock(question)
        refuse_unless_open(question)
        source = cleaned.pop("source")
        there: LedgerEntry | None = question.ledger.filter(source=source).first()
        if there is not None:
            return there
        if question.ledger.count() >= MOST:
            raise NotNow(_("A ledger holds at most %(most)s sources.") % {"most": MOST})
        return put(question, source, by, **cleaned)


def put(question: Question, source: Source, by: Any, **more: str) -> LedgerEntry:
    read = {name: getattr(source, name) for name in ("population", "country")}
    read["design"] = designs.key_of(source.design)
    gave = SearchEntry.objects.filter(question=question, seen__contains=[str(source.pk)]).last()
    entry = LedgerEntry.objects.create(question=question, source=source, search=gave, added_by=by, **read, **more)
    record("ledger_add", entry, by)
    return entry


def judge(question: Question, pk: Any, data: Mapping[str, Any], *, by: Any, expected: str = "") -> LedgerEntry:
    """Keep a source, reject it with a reason, or take that back; with what was read in it.

    `expected` is the ETag of the entry that `by` had read, when that is known. Raises NotYou,
    NotNow, ValidationError, or Stale when somebody else judged it meanwhile.
    """
    if not may_judge(question, by):
        raise NotYou(_("This is for the broker who holds the case."))
    cleaned = inputs.clean_form(Judge, data)
    with transaction.atomic():
        question = workflow.lock(question)
        if not may_judge(question, by):
            raise NotYou(_("This is for the broker who holds the case."))
        refuse_unless_open(question)
        entry = find(question, pk)
        if expected and expected not in (entry.etag, workflow.ANY):
            raise Stale(None, entry)
        cleaned["same_study"] = same_study(question, entry, cleaned["same_study"])
        for name, value in cleaned.items():
            setattr(entry, name, value)
        entry.judged_by, entry.judged_at = by, timezone.now()
        entry.revision += 1
        entry.save()
        record(f"ledger_{entry.state}", entry, by, why=entry.why)
    return entry


def find(question: Question, pk: Any) -> LedgerEntry:
    entry: LedgerEntry | None = of(question).filter(pk=pk).first()
    if entry is None:
        raise NotThere(_("This source is not in the ledger."))
    return entry


def same_study(question: Question, entry: LedgerEntry, source: Source | None) -> LedgerEntry | None:
    """The entry that tells of the same study first; chains are led back to their beginning."""
    if source is None:
        return None
    other: LedgerEntry | None = question.ledger.filter(source=source).exclude(pk=entry.pk).first()
    if other is None:
        words = _("There is no other source %(text)s in this ledger.")
        raise ValidationError({"same_study": [words % {"text": source.key}]})
    first = other.same_study or other
    if first.pk == entry.pk or entry.reports.exists():
        raise ValidationError({"same_study": [_("The other source points to this one already.")]})
    return first


def refuse_unless_open(question: Question) -> None:
    demand(when.research_open, question)
    if question.state not in OPEN:
        raise NotNow(_("This cannot be done while the state is: %(state)s.") % {"state": question.get_state_display()})


def record(name: str, entry: LedgerEntry, by: Any, why: str = "") -> None:
    lease.renew(entry.question, by)
    state = entry.question.state
    data = {"source": entry.source.key}
    Event.record(name, by=by, question=entry.question, source=state, target=state, why=why, data=data)
