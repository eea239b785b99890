"""What the desk has, counted and listed for everybody: only what is public, and only whole numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Max, Q
from django.utils import timezone

from brokers.models import Broker
from evidence.models import Theme
from questions import reading
from questions.models import Item, Question, Version

OLD = timedelta(days=2 * 365)
INQUIRY = (
    "praktijkonderzoek",
    "praktijkgericht onderzoek",
    "actieonderzoek",
    "lesson study",
    "action research",
    "practitioner research",
    "practitioner inquiry",
    "teacher research",
    "teacher inquiry",
)


@dataclass(frozen=True)
class Counts:
    answers: int
    sources: int
    waiting: int  # questions the desk is working on

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that anybody could find."""
        return not (self.answers or self.sources)


@dataclass(frozen=True)
class Age:
    """How fresh a list of answers is: when the newest was published, and how many are older than OLD."""

    newest: datetime | None
    old: int


def counts() -> Counts:
    return Counts(
        answers=Version.objects.published().values("item").distinct().count(),
        sources=sources().count(),
        waiting=Question.objects.open().count(),
    )


def sources(*, theme: str = "") -> Any:
    """Sources that everybody may read of: also their collection is public."""
    rows = reading.sources(AnonymousUser(), theme=theme)
    return rows.filter(Q(collection=None) | Q(collection__public=True))


def sources_on_inquiry() -> Any:
    """Public sources that speak of inquiry into one's own practice; by name, since a guess would mislead."""
    named = Q()
    for word in INQUIRY:
        named |= Q(title__icontains=word) | Q(finding_nl__icontains=word) | Q(finding_en__icontains=word)
    return sources().filter(named).order_by("-year", "title")


def gaps(*, theme: str = "") -> Any:
    """Living answers that say what research does not tell yet, the newest first."""
    return reading.published(theme=theme).with_gap()


def age(*, theme: str = "") -> Age:
    old = Q(published_at__lt=timezone.now() - OLD)
    found = reading.published(theme=theme).order_by().aggregate(newest=Max("published_at"), old=Count("pk", filter=old))
    return Age(found["newest"], found["old"])


def themes() -> list[tuple[Theme, int]]:
    """Every theme with how many living answers it has."""
    living = Version.objects.published().values("item")
    counted = dict(
        Item.objects.filter(pk__in=living)
        .values_list("questions__themes")
        .annotate(n=Count("pk", distinct=True))
        .order_by()
    )
    return [(theme, counted.get(theme.pk, 0)) for theme in Theme.objects.all()]


def people(*, theme: str = "") -> Any:
    """Brokers who want to be named in public, of one theme or of all; by name."""
    rows = Broker.objects.filter(user__is_active=True, user__name_public=True).exclude(user__name="")
    if theme:
        rows = rows.filter(themes__slug=theme)
    return rows.select_related("user").order_by("user__name", "pk")
