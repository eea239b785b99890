"""The acceptance criteria of a desk, kept by its coordinators and editors, and the checklist of a case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brokers.models import Desk
from questions import defaults, inputs, limits, permissions, personal, workflow
from questions.models import Check, Criterion, Event, Question
from questions.refusals import NotNow, NotYou
from questions.states import OPEN, Checked


class Words(forms.Form):
    """A criterion in the two languages of the desk."""

    text_nl = forms.CharField(label=gettext_lazy("The criterion in Dutch"), max_length=limits.TITLE)
    text_en = forms.CharField(label=gettext_lazy("The criterion in English"), max_length=limits.TITLE)


class Found(forms.Form):
    """What was found of one criterion."""

    verdict = forms.ChoiceField(label=gettext_lazy("Is it met?"), choices=Checked.choices)
    remark = forms.CharField(label=gettext_lazy("Remark"), max_length=limits.REMARK, required=False)


@dataclass(frozen=True)
class Line:
    """A criterion in a case; `check` is None while nobody looked at it."""

    criterion: Criterion
    check: Check | None


# --- The criteria of a desk ---------------------------------------------------------------------


def of_desk(desk: Desk) -> Any:
    """The criteria in use, in their order."""
    return desk.criteria.filter(retired_at=None).select_related("changed_by")


def may_edit(by: Any) -> bool:
    return permissions.coordinates_or_edits(None, by)


def refuse_others(by: Any) -> None:
    if not may_edit(by):
        raise NotYou(_("This is for %(who)s.") % {"who": permissions.coordinates_or_edits.who})  # type: ignore[attr-defined]


def add(desk: Desk, data: Mapping[str, Any], *, by: Any) -> Criterion:
    """A new criterion at the end of the list. Raises NotYou, NotNow (it stands there already) or ValidationError."""
    refuse_others(by)
    words = inputs.clean_form(Words, data)
    with transaction.atomic():
        Desk.take_turns(desk.pk)
        refuse_twice(desk.criteria, words)
        last = desk.criteria.aggregate(last=Max("order"))["last"] or 0
        return Criterion.objects.create(desk=desk, order=last + 1, changed_by=by, **words)


def refuse_twice(rows: Any, words: Mapping[str, Any]) -> None:
    if rows.filter(retired_at=None, **words).exists():
        raise NotNow(_("This criterion stands in the list already."))


def change(criterion: Criterion, data: Mapping[str, Any], *, by: Any) -> Criterion:
    """Other words for a criterion, in its place.

    One that was used in a case keeps its words there, so another takes its place for the cases to come.
    """
    refuse_others(by)
    words = inputs.clean_form(Words, data)
    with transaction.atomic():
        row = in_use(criterion)
        refuse_twice(Criterion.objects.filter(desk=row.desk_id).exclude(pk=row.pk), words)
        if not row.checks.exists():
            for name, text in words.items():
                setattr(row, name, text)
            row.changed_by = by
            row.save()
            return row
        put_away(row, by)
        return Criterion.objects.create(desk=row.desk, order=row.order, changed_by=by, **words)


def retire(criterion: Criterion, *, by: Any) -> None:
    """Not asked any more from now on; cases keep what was found of it."""
    refuse_others(by)
    with transaction.atomic():
        put_away(in_use(criterion), by)


def move_up(criterion: Criterion, *, by: Any) -> None:
    """One place up in the list; nothing happens at the top."""
    refuse_others(by)
    with transaction.atomic():
        in_use(criterion)
        rows = list(Criterion.objects.filter(desk=criterion.desk_id, retired_at=None))
        place = [row.pk for row in rows].index(criterion.pk)
        if place:
            rows[place - 1], rows[place] = rows[place], rows[place - 1]
        for order, row in enumerate(rows, start=1):
            Criterion.objects.filter(pk=row.pk).exclude(order=order).update(order=order)


def in_use(criterion: Criterion) -> Criterion:
    """The row as it is now; nobody else changes it until the transaction ends."""
    Desk.take_turns(criterion.desk_id)
    row = Criterion.objects.filter(pk=criterion.pk, retired_at=None).first()
    if row is None:
        raise NotNow(_("This criterion is no longer in use."))
    return row


def put_away(row: Criterion, by: Any) -> None:
    row.retired_at, row.changed_by = timezone.now(), by
    row.save(update_fields=["retired_at", "changed_by", "changed_at"])


def furnish(desk: Desk) -> int:
    """The criteria that a desk begins with, when it never had any. Returns how many were added."""
    if desk.is_external or desk.criteria.exists():
        return 0
    rows = [Criterion(desk=desk, order=n, text_nl=nl, text_en=en) for n, (nl, en) in enumerate(defaults.CRITERIA, 1)]
    return len(Criterion.objects.bulk_create(rows))


# --- The checklist of a case ----------------------------------------------------------------------


def of(question: Question) -> list[Line]:
    """The criteria of the case's desk, and those out of use that were checked in it, each with what was found."""
    checks = {row.criterion_id: row for row in question.checks.select_related("by")}
    rows = Criterion.objects.filter(Q(desk=question.desk_id, retired_at=None) | Q(pk__in=list(checks)))
    return [Line(row, checks.get(row.pk)) for row in rows.order_by("order", "pk")]


def still_open(lines: Iterable[Line]) -> list[Criterion]:
    """What nobody looked at yet, or what is not clear."""
    return [
        one.criterion
        for one in lines
        if one.criterion.retired_at is None and (one.check is None or one.check.verdict == Checked.UNCLEAR)
    ]


def may_check(question: Question, by: Any) -> bool:
    return question.state in OPEN and permissions.holds_or_coordinates(question, by)


def check(question: Question, data: Mapping[str, Any], *, by: Any) -> list[Line]:
    """Store what `by` found: id of a criterion → {"verdict": ..., "remark": ...}; what is left out stays as it was.

    Raises NotYou, NotNow or a ValidationError by `criterion-field`; nothing changes then.
    """
    with transaction.atomic():
        row = workflow.lock(question)
        if not permissions.holds_or_coordinates(row, by):
            raise NotYou(_("This is for %(who)s.") % {"who": permissions.holds_or_coordinates.who})  # type: ignore[attr-defined]
        if row.state not in OPEN:
            raise NotNow(_("The criteria are checked while a question is open."))
        lines = {str(one.criterion.pk): one for one in of(row)}
        found = cleaned(lines, data)
        changed = {key: one for key, one in found.items() if is_new(lines[key].check, one)}
        if changed:
            Desk.take_turns(row.desk_id)
        for key, one in changed.items():
            Check.objects.update_or_create(
                question=row, criterion=lines[key].criterion, defaults={**one, "by": by, "at": timezone.now()}
            )
        if changed:
            # Not the remarks: they may tell of the asker, and go with the words of the question.
            facts = {key: one["verdict"] for key, one in changed.items()}
            Event.record("check", by=by, question=row, source=row.state, target=row.state, data=facts)
        return of(row)


def cleaned(lines: Mapping[str, Line], data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    errors: dict[str, Any] = {}
    for key, given in data.items():
        if key not in lines or not isinstance(given, Mapping):
            errors[f"{key}-verdict"] = [_("There is no such criterion at this desk.")]
            continue
        try:
            found[key] = inputs.clean_form(Found, given)
            personal.refuse(found[key], ["remark"], personal.NAMES_NOBODY)
        except ValidationError as error:
            errors |= {f"{key}-{name}": found for name, found in error.message_dict.items()}
    if errors:
        raise ValidationError(errors)
    return found


def is_new(check: Check | None, found: Mapping[str, Any]) -> bool:
    return check is None or (check.verdict, check.remark) != (found["verdict"], found["remark"])
