"""What is new since the last digest, for everybody whose digest is due. The rows that are due are the queue."""

import logging
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from evidence.facets import Filters
from evidence.models import Source
from questions import news
from questions.findable import ANSWER, SOURCE
from questions.models import Asker, Follow, Letter, Version
from questions.states import VersionState
from questions.suggest import relevant

logger = logging.getLogger(__name__)

MOST = 10  # things told of one follow; the rest is a number and a link
RUN = 45.0  # seconds
# What was published a moment ago may not be committed yet, and would be passed over for good.
LAG = timedelta(minutes=5)
AGAIN = timedelta(hours=1)
HOUR = 7  # of the desk's own time, on a Monday
YEARS = ("year_from", "year_to")
Often = Follow.Often


def next_after(often: str, now: datetime) -> datetime:
    """When the next digest is due: the Monday (the first of the month) at HOUR that comes after `now`."""
    if often == Often.AT_ONCE:
        return now
    local = timezone.localtime(now)
    day = local.replace(hour=HOUR, minute=0, second=0, microsecond=0) + timedelta(days=-local.weekday() % 7)
    while day <= local or (often == Often.MONTHLY and day.day > 7):
        day += timedelta(days=7)
    return day


def due(now: datetime) -> QuerySet[Follow]:
    """What has to be looked at; what is followed at once only when there is something to tell."""
    changed = Version.objects.changed(OuterRef("seen_until"), now - LAG).filter(item=OuterRef("item"))
    rows = Follow.objects.exclude(confirmed_at=None).filter(due_at__lte=now)
    return rows.filter(~Q(often=Often.AT_ONCE) | Exists(changed))


def is_due() -> bool:
    return due(timezone.now()).exists()


def run(limit: int = 1_000) -> int:
    """Write the digests that are due, for at most `limit` addresses; safe twice and in parallel.

    Returns for how many it looked, also where nothing was new.
    """
    done, end = 0, time.monotonic() + RUN
    while done < limit and time.monotonic() < end and step():
        done += 1
    return done


def step() -> bool:
    """Do one address, in one transaction: the letter is written and what it tells is noted, or neither."""
    now = timezone.now()
    with transaction.atomic():
        asker = lock(Asker.objects.filter(Exists(due(now).filter(asker=OuterRef("pk")))))
        if asker is None:
            return False
        try:
            with transaction.atomic():
                compose(asker, now)
        except SoftTimeLimitExceeded:
            raise
        except Exception:  # one search that fails must not keep everybody else's digest from them
            logger.exception("digest for %s", asker.pk)
            due(now).filter(asker=asker).update(due_at=now + AGAIN)
    return True


def lock(askers: QuerySet[Asker]) -> Asker | None:
    return askers.order_by("pk").select_for_update(skip_locked=True, no_key=True).first()


def preview() -> list[list[int]]:
    """What `run` would write, without writing: of each due address how many things each section tells."""
    now = timezone.now()
    askers = Asker.objects.filter(Exists(due(now).filter(asker=OuterRef("pk"))))
    told = [previewed(pk, now) for pk in list(askers.order_by("pk").values_list("pk", flat=True))]
    return [[len(one["things"]) + one["more"] for one in sections] for sections in told]


def previewed(pk: Any, now: datetime) -> list[Any]:
    """The sections of one letter; the address is held no longer than `step` would."""
    with transaction.atomic():
        asker = Asker.objects.select_for_update(no_key=True).filter(pk=pk).first()
        letter = compose(asker, now) if asker is not None else None
        transaction.set_rollback(True)
    return list(letter.content["sections"]) if letter is not None else []


def compose(asker: Asker, now: datetime) -> Letter | None:
    """The letter of all that is due for `asker`, who is locked; None when there is nothing new.

    Each thing is told once: under the first follow that finds it, answers before themes before
    searches, and never again in a later digest.
    """
    follows = sorted(
        due(now).filter(asker=asker).select_related("theme", "item"), key=lambda one: (one.item is None, not one.theme)
    )
    told, sections = told_before(asker), []
    for follow in follows:
        until = max(follow.seen_until, now - LAG)
        fresh = [thing for thing in things(follow, until, told) if thing not in told]
        told.update(fresh)
        if fresh:
            more = max(0, len(fresh) - MOST)
            sections.append({"follow": str(follow.pk), "things": fresh[:MOST], "more": more})
        follow.seen_until, follow.due_at = until, next_after(follow.often, now)
    Follow.objects.bulk_update(follows, ["seen_until", "due_at"])
    return Letter.objects.create(asker=asker, kind="digest", content={"sections": sections}) if sections else None


def told_before(asker: Asker) -> set[str]:
    letters = Letter.objects.filter(asker=asker, kind="digest").values_list("content", flat=True)
    return {thing for content in letters for section in content["sections"] for thing in section["things"]}


def things(follow: Follow, until: datetime, told: Iterable[str]) -> list[str]:
    """What is new for `follow`, as "kind:id"; what no longer holds comes first, then the newest."""
    changed = Version.objects.changed(follow.seen_until, until)
    if follow.theme is not None:
        return answers(changed.filter(item__questions__themes=follow.theme))
    if follow.item is not None:
        return answers(changed.filter(item=follow.item))
    # A search no longer finds what was taken back; whom we sent it must hear of that.
    known = [thing.partition(":")[2] for thing in told if thing.startswith(ANSWER)]
    gone = changed.filter(state=VersionState.RETRACTED, item__versions__in=known) if known else changed.none()
    return answers(gone) + found(follow, changed.published(), until)


def answers(versions: Any) -> list[str]:
    """One thing of each item: the version that is read now, else that it was taken back."""
    rows = list(versions.distinct().order_by("-published_at", "pk"))
    fresh: dict[int, str] = {}
    gone: dict[int, str] = {}
    for row in rows:
        if row.state == VersionState.PUBLISHED:
            fresh.setdefault(row.item_id, f"{ANSWER}:{row.pk}")
        else:
            gone.setdefault(row.item_id, f"{news.RETRACTED}:{row.pk}")
    return [thing for item, thing in gone.items() if item not in fresh] + list(fresh.values())


def found(follow: Follow, changed: Any, until: datetime) -> list[str]:
    """What is new and found by the search, above its floor; nobody searches when nothing is new."""
    sources = Source.objects.filter(public=True, created_at__gt=follow.seen_until, created_at__lte=until)
    fresh: dict[tuple[str, str], str] = {}
    for source in sources.only("pk"):
        fresh[SOURCE, str(source.pk)] = f"{SOURCE}:{source.pk}"
    for version in changed.select_related("item"):
        fresh[ANSWER, str(version.item.number)] = f"{ANSWER}:{version.pk}"
    if not fresh:
        return []
    given = news.asked(follow)
    filters: dict[str, Any] = {key: int(text) if key in YEARS else text for key, text in given.items() if key != "q"}
    hits = relevant(given["q"], Filters(**filters))
    return [fresh[hit.kind, hit.ref] for hit in hits if (hit.kind, hit.ref) in fresh]
