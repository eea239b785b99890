"""Which case next, and for whom."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from brokers import clock
from questions import matching, workflow
from questions.matching import Reason
from questions.models import Question
from questions.refusals import NotNow

CANDIDATES = 50  # the oldest that are looked at
PATIENCE = 20  # working days that weigh as much as the best fit there is
# Whoever's sector it is: what waited so long is for everybody. As many working days as PATIENCE.
STARVING = timedelta(weeks=4)


@dataclass(frozen=True)
class Choice:
    """A case for a broker: how well it fits and how long it waited, in one number, and why."""

    case: Question
    score: float
    reasons: list[Reason]


@dataclass(frozen=True)
class Taken:
    """The case that somebody got, and why it was this one."""

    case: Question
    reasons: list[Reason]


def waiting() -> Any:
    """Cases that wait for a broker, the oldest first."""
    return Question.objects.unclaimed().order_by("confirmed_at", "pk")


def waiting_for(user: Any) -> Any:
    """Cases that wait and lie in a sector of this broker (all of them when none is named), or waited too long."""
    sectors = user.broker.sectors if hasattr(user, "broker") else []
    if not sectors:
        return waiting()
    return waiting().filter(Q(sector__in=sectors) | Q(confirmed_at__lt=timezone.now() - STARVING))


def offered(user: Any) -> Any:
    """Cases of brokers who are away, for everybody but who holds them."""
    return Question.objects.offered().exclude(assignee=user).order_by("confirmed_at", "pk")


def choices(user: Any) -> list[Choice]:
    """The cases that wait for `user`, the best first; of the CANDIDATES oldest, so that it costs the same for any number.

    score = fit (0 to 1) + working days since confirmation ÷ PATIENCE. A fit is never worth more than 1,
    so a case that waited PATIENCE working days longer than another always comes before it, and the
    oldest is always among those looked at: none starves. Equal scores: the oldest first.
    """
    cases = list(waiting_for(user)[:CANDIDATES])
    fits = matching.fits_for(user, cases)
    found = [choice(case, fits[case.pk], is_oldest=case is cases[0]) for case in cases]
    return sorted(found, key=lambda one: -one.score)


def choice(case: Question, fit: matching.Fit, *, is_oldest: bool) -> Choice:
    days = clock.working_days(timezone.localdate(case.confirmed_at), timezone.localdate())
    told = [fit.reason] if fit.reason.kind != "far" else []
    waited = [Reason("oldest")] if is_oldest else [Reason("waited", {"days": days})] if days else []
    return Choice(case, fit.share + days / PATIENCE, [*told, *waited])


def claim_next(user: Any) -> Taken:
    """Give `user` the case that fits best; no two brokers get the same one, and none goes without while cases wait."""
    best = choices(user)
    with transaction.atomic():
        case = first_free(best) or free(waiting_for(user)).first()
        if case is None:
            raise NotNow(_("No case is waiting."))
        claimed = workflow.perform(case, "claim", by=user)
    return Taken(claimed, next((one.reasons for one in best if one.case.pk == case.pk), []))


def first_free(best: list[Choice]) -> Question | None:
    """The best of them that still waits and that nobody is claiming at this moment; it is ours then."""
    if not best:
        return None
    places = [When(pk=one.case.pk, then=Value(n)) for n, one in enumerate(best)]
    rows = waiting().filter(pk__in=[one.case.pk for one in best])
    found: Question | None = free(rows.order_by(Case(*places, output_field=IntegerField()))).first()
    return found


def free(rows: Any) -> Any:
    return rows.select_for_update(skip_locked=True, no_key=True, of=("self",))
