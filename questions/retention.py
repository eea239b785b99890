"""What the desk forgets by itself, and when."""

from datetime import timedelta

from django.utils import timezone

from questions.models import Asker, Idempotency, Question, Quota

UNCONFIRMED = timedelta(days=8)  # a day longer than the link in the letter holds
COUNTED = timedelta(days=2)


def forget_unconfirmed() -> int:
    """Remove questions whose address was never confirmed, a day after their link has run out."""
    old = timezone.now() - UNCONFIRMED
    stale = Question.objects.unconfirmed().filter(created_at__lt=old)
    askers = list(stale.values_list("participations__asker_id", flat=True))
    count = stale.count()
    stale.delete()
    Asker.objects.filter(pk__in=askers, participations=None).delete()
    Idempotency.objects.filter(created_at__lt=timezone.now() - COUNTED).delete()
    Quota.objects.filter(window__lt=timezone.now() - COUNTED).delete()
    return count
