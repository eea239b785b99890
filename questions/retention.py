"""What the desk forgets by itself, and when."""

from datetime import timedelta

from django.conf import settings
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
COUNTED = timedelta(days=2)
HANDLED = timedelta(days=90)  # what tells that a mail was taken over already
WRITTEN = timedelta(days=90)  # private drafts of a case that nobody works on
NOTICED = timedelta(days=180)
TOLD = timedelta(days=366)  # letters to followers
SOUGHT = timedelta(days=60)  # in which a word that was not found has to come from several places
SOUGHT_KNOWN = timedelta(days=2 * 365)  # such words after that


def forget_unconfirmed() -> int:
    """Remove questions whose address was never confirmed, a day after their link has run out."""
    old = timezone.now() - UNCONFIRMED
    stale = Question.objects.unconfirmed().filter(created_at__lt=old)
    # Nor did these ever confirm that they want to know what somebody else asked.
    waiting = Participation.objects.filter(kind=Participation.Kind.WAITING, created_at__lt=old)
    askers = [*stale.values_list("participations__asker_id", flat=True), *waiting.values_list("asker_id", flat=True)]
    count = stale.count()
    Event.objects.filter(participation__in=waiting).delete()
    waiting.delete()
    stale.delete()
    Asker.forget_unknown(askers)
    Idempotency.objects.filter(created_at__lt=timezone.now() - COUNTED).delete()
    Quota.objects.filter(window__lt=timezone.now() - COUNTED).delete()
    HandledMail.objects.filter(at__lt=timezone.now() - HANDLED).delete()
    return count


def forget_notices() -> int:
    """Remove notices of long ago, read or not: what still matters has been told anew. Returns how many."""
    count, _each = Notice.objects.filter(at__lt=timezone.now() - NOTICED).delete()
    return int(count)


def forget_follows() -> int:
    """Remove what nobody confirmed to follow, with an address nothing else is known of. Returns how many.

    Of what was told only the last year is kept: it is needed to tell nothing twice.
    """
    stale = Follow.objects.filter(confirmed_at=None, created_at__lt=timezone.now() - UNCONFIRMED)
    askers = list(stale.values_list("asker_id", flat=True))
    count = stale.count()
    stale.delete()
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
