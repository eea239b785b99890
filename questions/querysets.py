"""Named reads that chain. Every door that shows something starts at one of these."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from brokers.models import Broker, User
from evidence.strength import Strength
from questions.states import OPEN, WORKED_ON, Significance, State, Turn, VersionState


class QuestionQuerySet(models.QuerySet[Any]):
    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def unconfirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=True)

    def open(self) -> Self:
        return self.confirmed().filter(state__in=OPEN)

    def waiting_for_asker(self) -> Self:
        """Cases in which it is the asker's turn."""
        return self.filter(turn_now=Turn.ASKER, confirmed_at__isnull=False)

    def due(self, until: Any) -> Self:
        """Cases in the desk's hands that should be ready on the day `until` or before, the first due first."""
        return self.confirmed().filter(due_on__lte=until).order_by("due_on", "id").select_related("assignee__broker")

    def shown(self) -> Self:
        """Open questions whose agreed words everybody may read."""
        return self.filter(shown_at__isnull=False, state__in=WORKED_ON)

    def without_spam(self) -> Self:
        return self.exclude(state=State.SPAM)

    def unclaimed(self) -> Self:
        return self.confirmed().filter(state=State.TRIAGED)

    def held_by(self, user: Any) -> Self:
        return self.filter(assignee=user)

    def open_cases_of(self, user: Any) -> Self:
        return self.filter(assignee=user, state=State.ASSIGNED)

    def offered(self) -> Self:
        """Cases whose broker is absent today, or works here no more: others may take them over."""
        away = User.objects.filter(Q(is_active=False) | Q(broker__in=Broker.objects.absent()))
        return self.filter(assignee__in=away.values("pk"), state=State.ASSIGNED)

    def visible_to(self, user: Any) -> Self:
        """Cases `user` may know of; nobody but staff sees any, and none before confirmation."""
        if getattr(user, "is_active", False) and user.has_perm("questions.view_question"):
            return self.confirmed()
        return self.none()


class VersionQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        return self.filter(state=VersionState.PUBLISHED)

    def with_gap(self) -> Self:
        """Those that say what is not known, or that too little is."""
        return self.exclude(gap="", strength__in=[one for one in Strength if one != Strength.INSUFFICIENT])

    def shown(self) -> Self:
        """What has a public page: the living version, or a retracted one with its banner."""
        return self.filter(state__in=[VersionState.PUBLISHED, VersionState.RETRACTED])

    def changed(self, since: Any, until: Any) -> Self:
        """What was published or taken back after `since`, up to `until`, and stands on a public page now.

        A version that only mended the language of the one before is no change.
        """
        # Inside a subquery `since` names a column one query further out.
        begin = OuterRef(since) if isinstance(since, OuterRef) else since
        span = {"published_at__gt": begin, "published_at__lte": until}
        news = self.model.objects.filter(item=OuterRef("item"), language=OuterRef("language"), **span)
        told = Exists(news.exclude(significance=Significance.TYPO))
        gone = Q(state=VersionState.RETRACTED, retracted_at__gt=since, retracted_at__lte=until)
        return self.filter((Q(state=VersionState.PUBLISHED, published_at__gt=since) & told) | gone)

    def with_news(self) -> Self:
        """Each with `news` and `news_at`: id and moment of the last version up to it that did more than mend language."""
        same = {"item": OuterRef("item"), "language": OuterRef("language")}
        told = self.model.objects.filter(**same, published_at__lte=OuterRef("published_at"))
        told = told.exclude(significance=Significance.TYPO).order_by("-published_at")
        return self.annotate(news=Subquery(told.values("pk")[:1]), news_at=Subquery(told.values("published_at")[:1]))
