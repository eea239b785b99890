"""What became of an answer: asked some time later, answered by one click, read in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from questions import folded, inputs, limits, periods, personal
from questions.enclosed import AFTER
from questions.models import Asker, Event, FollowUp, Letter, Participation, Referral, Version
from questions.periods import Period
from questions.permissions import SYSTEM
from questions.states import State, Verdict
from questions.tables import FEWEST as FEWEST

DUE = {FollowUp.Kind.WEEKS: timedelta(weeks=6), FollowUp.Kind.MONTHS: timedelta(days=183)}
# Later than this it would be strange to ask: the desk began later, or stood still.
WITHIN = timedelta(weeks=4)
GIVEN = ("answer", "refer")
NEVER = Period(date(1900, 1, 1), date(1900, 1, 1))
HAVE_ONE = (State.ANSWERED, State.PUBLISHED, State.REFERRED)


class Use(forms.Form):
    used = forms.MultipleChoiceField(
        label=_("To whom did you show the answer, or what did you use it for?"),
        choices=FollowUp.Used.choices,
        widget=forms.CheckboxSelectMultiple,
    )


class Influence(forms.Form):
    helped = forms.MultipleChoiceField(
        label=_("What helped?"), choices=FollowUp.Helped.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    hindered = forms.MultipleChoiceField(
        label=_("What made it difficult?"),
        choices=FollowUp.Hindered.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    words = inputs.Long(label=_("Is there more that you want to say of it?"), max_length=limits.REASON, required=False)

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if not self.errors and not any(data.values()):
            raise ValidationError(_("Choose what helped or what made it difficult, or write it down."))
        return data


# --- Asking ---------------------------------------------------------------------------------


def ask(limit: int = 500) -> int:
    """Write to whoever got an answer six weeks or six months ago; safe twice and in parallel. How many letters."""
    return sum(ask_one(part_id, kind) for kind in DUE for part_id in due(kind)[:limit])


def due(kind: FollowUp.Kind) -> Any:
    """The participations that may be asked now, by their ids."""
    latest = timezone.now() - DUE[kind]
    asked = FollowUp.objects.filter(participation=OuterRef("pk"), kind=kind)
    rows = given(latest).filter(given__gt=latest - WITHIN).exclude(Exists(asked))
    return rows.order_by("given").values_list("pk", flat=True)


def given(latest: datetime) -> Any:
    """The participations that got an answer or a referral, the last one at `latest` or before; `given` says when."""
    at = Max("question__events__at", filter=Q(question__events__name__in=GIVEN))
    return may_be_asked().filter(question__state__in=HAVE_ONE).annotate(given=at).filter(given__lte=latest)


def may_be_asked() -> Any:
    """Whoever is there, wants such letters, and has an answer that still holds."""
    rows = Participation.objects.exclude(asker=None).exclude(kind=Participation.Kind.WAITING)
    return holding(rows.filter(asker__wants_follow_up=True, mail_stopped_at=None))


def holding(rows: Any) -> Any:
    """Those whose answer was not taken back: nobody is asked what they did with one that was, as if it were good."""
    stands = Version.objects.published().filter(item=OuterRef("question__item"))
    last = Referral.objects.filter(question=OuterRef("question")).order_by("-at", "-pk")
    holds = Version.objects.published().filter(item=OuterRef("referred_to"))
    rows = rows.annotate(referred_to=Subquery(last.values("item")[:1]))
    rows = rows.exclude(Q(question__state=State.PUBLISHED) & ~Exists(stands))
    return rows.exclude(Q(question__state=State.REFERRED, referred_to__isnull=False) & ~Exists(holds))


def still_holds(part: Participation) -> bool:
    return bool(holding(Participation.objects.filter(pk=part.pk)).exists())


def ask_one(part_id: Any, kind: FollowUp.Kind) -> bool:
    """One letter, while the person is still there, wants it and has not had it."""
    with transaction.atomic():
        rows = may_be_asked().select_for_update(no_key=True, skip_locked=True, of=("self",))
        part = rows.select_related("question").filter(pk=part_id).first()
        # Asked in a query of its own: what another worker did before we got the row counts.
        if part is None or part.follow_ups.filter(kind=kind).exists():
            return False
        FollowUp.begin(part, kind)
        state = part.question.state
        event = Event.record("follow_up", by=SYSTEM, question=part.question, source=state, target=state)
        Letter.objects.create(event=event, kind=AFTER[kind], participation=part)
    return True


# --- Answering ------------------------------------------------------------------------------


def say_use(row: FollowUp, data: Mapping[str, Any]) -> None:
    """To whom it was shown or what for; may be said anew. Raises ValidationError."""
    _keep(row, inputs.clean_form(Use, data))


def say_influence(row: FollowUp, data: Mapping[str, Any]) -> None:
    """What helped and hindered. Raises ValidationError, also for personal data in the words."""
    cleaned = inputs.clean_form(Influence, data)
    personal.refuse(cleaned, ["words"], personal.NAMES_NOBODY)
    _keep(row, cleaned)


def _keep(row: FollowUp, values: Mapping[str, Any]) -> None:
    FollowUp.objects.filter(pk=row.pk).update(answered_at=row.answered_at or timezone.now(), **values)


def stop(row: FollowUp) -> None:
    """Never ask this person again."""
    Asker.objects.filter(participations=row.participation_id).update(wants_follow_up=False)


# --- Reading --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Numbers:
    """What came back of one kind; counts under FEWEST are None, so that nobody can be told apart.

    `first` and `last` are the days between which was counted; None for all there is, or for nothing.
    """

    kind: str
    asked: int | None
    answered: int | None
    used: dict[str, int | None]
    helped: dict[str, int | None]
    hindered: dict[str, int | None]
    first: date | None = None
    last: date | None = None


def numbers(period: Period | None = None) -> list[Numbers]:
    """What was answered, for each time that is asked: ever, or in the blocks of months that lie within `period`."""
    if period is None:
        return [numbers_of(kind, folded.counts(kind)) for kind in FollowUp.Kind.values]
    answered = folded.answered_by_month()
    found = []
    for kind in FollowUp.Kind.values:
        months = {month: count for (one, month), count in answered.items() if one == kind}
        told = [one for one in blocks(months) if one.first >= period.first and one.last <= period.last]
        # The same questions are asked of the database when there is nothing to tell.
        days = Period(told[0].first, told[-1].last) if told else NEVER
        found.append(numbers_of(kind, folded.counts(kind, days), days if told else None))
    return found


def numbers_of(kind: str, counted: Mapping[str, int], days: Period | None = None) -> Numbers:
    def of(name: str, values: list[str]) -> dict[str, int | None]:
        return {value: enough(counted.get(f"{name}.{value}", 0)) for value in values}

    return Numbers(
        kind,
        enough(counted.get(folded.ASKED, 0)),
        enough(counted.get(folded.ANSWERED, 0)),
        of("used", FollowUp.Used.values),
        of("helped", FollowUp.Helped.values),
        of("hindered", FollowUp.Hindered.values),
        days.first if days else None,
        days.last if days else None,
    )


def blocks(answered: Mapping[date, int]) -> list[Period]:
    """Whole months that follow each other, as many together as it takes until FEWEST people answered.

    `answered` says how many in each month. Whoever lays one period beside another learns what was
    said in a block at the least, never what somebody said on a day; what comes in later changes no
    block that is full.
    """
    found: list[Period] = []
    begin: date | None = None
    people = 0
    for month in sorted(answered):
        begin = begin or month
        people += answered[month]
        if people >= FEWEST:
            found.append(Period(begin, periods.whole(month, 1).last))
            begin, people = found[-1].last + timedelta(days=1), 0
    return found


def enough(count: int) -> int | None:
    return count if count >= FEWEST else None


def words() -> list[str]:
    """What people wrote, in the order of the alphabet: that tells neither when nor by whom. None while few did."""
    found = sorted(FollowUp.objects.exclude(words="").values_list("words", flat=True))
    return found if enough(len(found)) else []


def verdicts() -> dict[str, dict[str, int | None]]:
    """How often answers and referrals did, partly did, or did not answer the question."""
    referred = Referral.objects.exclude(verdict="").values_list("verdict").annotate(n=Count("pk")).order_by()
    return {"answers": told(folded.verdicts()), "referrals": told(dict(referred))}


def told(found: Mapping[str, int]) -> dict[str, int | None]:
    return {value: enough(found.get(value, 0)) for value in Verdict.values}
