"""What readers say of an answer: whether it helped, and what is wrong in it; and what the desk did with that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions import inputs, limits, personal, workflow
from questions.intake import HOUR, count_against, prefix
from questions.models import Correction, Event, Feedback, Question, Version
from questions.permissions import works_or_edits
from questions.refusals import NotNow, NotYou

SOURCE = "source-"
MOST_SHOWN = 50
TWICE = timedelta(minutes=10)
Row = TypeVar("Row", Feedback, Correction)


class Helped(forms.Form):
    helpful = forms.TypedChoiceField(
        label=gettext_lazy("Did this answer help you?"),
        choices=[("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    missing = inputs.Long(
        label=gettext_lazy("What is missing?"),
        max_length=limits.MESSAGE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Mistake(forms.Form):
    section = forms.RegexField(
        rf"^({'|'.join(filter(None, Correction.Section.values))}|{SOURCE}[1-9][0-9]{{0,2}})$",
        label=gettext_lazy("Which part is it about?"),
        required=False,
    )
    what = inputs.Long(label=gettext_lazy("What is wrong?"), max_length=limits.MESSAGE)
    quoted = inputs.Long(label=gettext_lazy("Which sentence is it about?"), max_length=limits.MESSAGE, required=False)


class Settle(forms.Form):
    why = inputs.Long(label=gettext_lazy("What the desk did with it"))


@dataclass(frozen=True)
class Opinions:
    """What readers thought of an answer, all its versions together; `missing` the newest first."""

    helped: int
    not_helped: int
    missing: list[Feedback]


def opinions(question: Question) -> Opinions:
    rows = Feedback.objects.filter(version__item=question.item_id) if question.item_id else Feedback.objects.none()
    counts = rows.aggregate(helped=Count("pk", filter=Q(helpful=True)), total=Count("pk"))
    missing = rows.exclude(missing="").select_related("version").order_by("-at", "-pk")[:MOST_SHOWN]
    return Opinions(counts["helped"], counts["total"] - counts["helped"], list(missing))


def waiting() -> "QuerySet[Correction]":
    """Corrections that nobody has settled yet."""
    return Correction.objects.filter(settled_at=None)


def waiting_by_item(items: Iterable[int | None]) -> dict[int, int]:
    """How many corrections wait for each of `items` that has some."""
    rows = waiting().filter(version__item__in=[pk for pk in items if pk is not None])
    return dict(rows.order_by().values_list("version__item").annotate(n=Count("pk")))


def helped(version: Version, data: Mapping[str, Any], *, network: str) -> Feedback:
    """Keep whether `version` helped a reader. Raises ValidationError or TooMany; nothing is kept then."""
    cleaned = inputs.clean_form(Helped, data)
    personal.refuse(cleaned, ["missing"], personal.NAMES_NOBODY)
    return said(Feedback(version=version, **cleaned), network, ["helpful", "missing"] if cleaned["missing"] else [])


def mistake(version: Version, data: Mapping[str, Any], *, network: str) -> Correction:
    """Keep what a reader says is wrong in `version`. Raises ValidationError or TooMany; nothing is kept then."""
    cleaned = inputs.clean_form(Mistake, data)
    personal.refuse(cleaned, ["what", "quoted"], personal.NAMES_NOBODY)
    cited = version.citations.values("source").distinct().count()
    if cleaned["section"].startswith(SOURCE) and int(cleaned["section"].removeprefix(SOURCE)) > cited:
        raise ValidationError({"section": [_("This answer has no such source.")]})
    return said(Correction(version=version, **cleaned), network, ["section", "what", "quoted"])


def said(row: Row, network: str, words: list[str]) -> Row:
    """Keeps it; the same `words` (fields) again so soon are a second click."""
    with transaction.atomic():
        count_against("reader", prefix(network), HOUR, settings.QUESTIONS_PER_NETWORK_AN_HOUR)
        same = {name: getattr(row, name) for name in words}
        rows: Any = type(row)._default_manager.filter(version=row.version, at__gt=timezone.now() - TWICE, **same)
        if same and (found := rows.first()):
            return found  # type: ignore[no-any-return]
        row.save()
    return row


def settle(question: Question, pk: int, data: Mapping[str, Any], *, by: Any) -> Correction:
    """Write down what was done with a correction of this question's answer.

    Raises NotYou, NotNow (there is none that waits) or ValidationError.
    """
    if not works_or_edits(question, by):
        raise NotYou(_("This is for %(who)s.") % {"who": works_or_edits.who})  # type: ignore[attr-defined]
    cleaned = inputs.clean_form(Settle, data)
    with transaction.atomic():
        question = workflow.lock(question)
        found = waiting().filter(version__item=question.item_id, pk=pk)
        row = found.select_related("version").first() if question.item_id else None
        if row is None:
            raise NotNow(_("This has been settled already."))
        row.settled_at, row.settled_by, row.settled_because = timezone.now(), by, cleaned["why"]
        row.save()
        Event.record("settle", by=by, question=question, version=row.version, why=cleaned["why"])
    return row
