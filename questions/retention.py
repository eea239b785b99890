"""What the desk forgets by itself, and when."""

from datetime import timedelta

from django.utils import timezone

from questions.models import Asker, Event, Idempotency, Participation, Question, Quota


def forget_unconfirmed() -> int:
    """Remove questions whose address was never confirmed, a day after their link has run out."""
    old = timezone.now() - timedelta(days=8)
    stale = Question.objects.unconfirmed().filter(created_at__lt=old)
    # Nor did these ever confirm that they want to know what somebody else asked.
    waiting = Participation.objects.filter(kind=Participation.Kind.WAITING, created_at__lt=old)
    askers = [*stale.values_list("participations__asker_id", flat=True), *waiting.values_list("asker_id", flat=True)]
    count = stale.count()
    Event.objects.filter(participation__in=waiting).delete()
    waiting.delete()
    stale.delete()
    Asker.objects.filter(pk__in=askers, participations=None).delete()
    Idempotency.objects.filter(created_at__lt=timezone.now() - timedelta(days=2)).delete()
    Quota.objects.filter(window__lt=timezone.now() - timedelta(days=2)).delete()
    return count
