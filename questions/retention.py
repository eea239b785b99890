"""What the desk forgets by itself, and when."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from questions.models import (
    Asker,
    Event,
    Follow,
    HandledMail,
    Idempotency,
    Invitation,
    Letter,
    Notice,
    Participation,
    PrivateDraft,
    Question,
    Quota,
    Sought,
)
from questions.states import State

UNCONFIRMED = timedelta(days=8)  # a day longer than the link in the letter holds
AT_ONCE = 100  # questions that are held together while they are forgotten
COUNTED = timedelta(days=2)
HANDLED = timedelta(days=90)  # what tells that a mail was taken over already
WRITTEN = timedelta(days=90)  # private drafts of a case that nobody works on
NOTICED = timedelta(days=180)
TOLD = timedelta(days=366)  # letters to followers
SOUGHT = timedelta(days=60)  # in which a word that was not found has to come from several places
SOUGHT_KNOWN = timedelta(days=2 * 365)  # such words after that


def forget_unconfirmed() -> int:
    """Remove questions whose address was never confirmed, a day after their link has run out.

    Where somebody is at work at this moment is looked at the next time.
    """
    count = 0
    while some := forget_questions():
        count += some
    while forget_waiting():
        pass
    Idempotency.objects.filter(created_at__lt=timezone.now() - COUNTED).delete()
    Quota.objects.filter(window__lt=timezone.now() - COUNTED).delete()
    HandledMail.objects.filter(at__lt=timezone.now() - HANDLED).delete()
    return count


def forget_questions() -> int:
    """Some questions that nobody confirmed, held before they go: they may be confirmed in this second."""
    stale = Question.objects.unconfirmed().filter(created_at__lt=timezone.now() - UNCONFIRMED)
    with transaction.atomic():
        cases = held(stale)
        askers = list(to_go(Participation.objects.filter(question__in=cases)).values_list("asker_id", flat=True))
        Question.objects.filter(pk__in=cases).delete()
    Asker.forget_unknown(askers)
    return len(cases)


def forget_waiting() -> int:
    """Some who never confirmed that they want to know what somebody else asked, held in the same way."""
    old = timezone.now() - UNCONFIRMED
    waiting = Participation.objects.filter(kind=Participation.Kind.WAITING, created_at__lt=old)
    with transaction.atomic():
        cases = held(Question.objects.filter(Exists(waiting.filter(question=OuterRef("pk")))))
        parts = list(to_go(waiting.filter(question__in=cases)))
        Event.objects.filter(participation__in=parts).delete()
        Participation.objects.filter(pk__in=[part.pk for part in parts]).delete()
    Asker.forget_unknown(part.asker_id for part in parts)
    return len(parts)


def held(questions: Any) -> list[Any]:
    """The ids of AT_ONCE of these that nobody works at, ours until the transaction ends."""
    free = questions.order_by("pk").select_for_update(no_key=True, skip_locked=True, of=("self",))
    return list(free.values_list("pk", flat=True)[:AT_ONCE])


def to_go(parts: Any) -> Any:
    """The same of participations: who writes a letter to one of them at this moment is waited for."""
    return parts.order_by("pk").select_for_update(of=("self",))


def forget_notices() -> int:
    """Remove notices of long ago, read or not: what still matters has been told anew. Returns how many."""
    count, _each = Notice.objects.filter(at__lt=timezone.now() - NOTICED).delete()
    return int(count)


def forget_follows() -> int:
    """Remove what nobody confirmed to follow, with an address nothing else is known of. Returns how many.

    Of what was told only the last year is kept: it is needed to tell nothing twice.
    """
    stale = Follow.objects.filter(confirmed_at=None, created_at__lt=timezone.now() - UNCONFIRMED)
    with transaction.atomic():
        # Whoever asks for it anew in this second has the row, and is left alone.
        free = Asker.objects.order_by("pk").select_for_update(no_key=True, skip_locked=True)
        askers = list(free.filter(Exists(stale.filter(asker=OuterRef("pk")))).values_list("pk", flat=True))
        count, _each = stale.filter(asker__in=askers).delete()
    Asker.forget_unknown(askers)
    old = Letter.objects.exclude(asker=None).exclude(sent_at=None)
    old.filter(sent_at__lt=timezone.now() - TOLD).delete()
    return count


def forget_invited() -> int:
    """Remove the address of invited reviewers a while after their link ended, and the name of who is not to be named."""
    old = timezone.now() - timedelta(days=settings.INVITED_KEPT_DAYS)
    over = Invitation.objects.exclude(email="").filter(Q(until__lt=old.date()) | Q(withdrawn_at__lt=old))
    for row in (rows := list(over)):
        row.forget(keep_name=row.may_be_named)
    return len(rows)


def forget_sought() -> int:
    """Remove what was looked for and not found: soon where it stayed a hash, later where it is a word."""
    today = timezone.localdate()
    rows = Sought.objects.filter(day__lte=today - SOUGHT, word="") | Sought.objects.filter(
        day__lte=today - SOUGHT_KNOWN
    )
    count, _each = rows.delete()
    return count


def forget_drafts() -> int:
    """Remove private drafts of cases in which nothing happened for three months and nobody writes. Returns how many."""
    old = timezone.now() - WRITTEN
    busy = Event.objects.filter(question=OuterRef("question"), at__gte=old)
    stale = PrivateDraft.objects.filter(at__lt=old).exclude(question__state=State.ASSIGNED).exclude(Exists(busy))
    count, _rows = stale.delete()
    return count
