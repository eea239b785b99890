"""Reads that page and API share: which rows, in which order, for whom."""

from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.db.models import Case, Max, Q, When

from evidence.models import Source
from questions.models import Item, Question, Version
from questions.states import State, VersionState


def cases(user: Any) -> Any:
    """Cases `user` may see, with what a dossier shows of them."""
    return (
        Question.objects.visible_to(user)
        .select_related("assignee__broker", "item", "desk", "handed_to", "merged_into", "organisation")
        .prefetch_related("themes", "participations")
    )


def published(*, sector: str = "", theme: str = "") -> Any:
    """Living answers, the newest first."""
    rows = Version.objects.published().select_related("item").order_by("-published_at")
    if sector:
        rows = rows.filter(item__in=Question.objects.filter(sector=sector).values("item"))
    if theme:
        rows = rows.filter(item__in=Question.objects.filter(themes__slug=theme).values("item"))
    return rows


def addresses() -> Any:
    """Number, slug and day of every living answer, the newest first; without its texts."""
    return published().values_list("item__number", "item__slug", "published_at")


def shown_answer(number: int) -> Version | None:
    """What stands at the permanent address of answer `number`: living, or retracted with a banner."""
    if number > 2**31 - 1:
        return None
    rows = Version.objects.shown().filter(item__number=number).select_related("item")
    found = rows.order_by(Case(When(state=VersionState.PUBLISHED, then=0), default=1), "-n").first()
    return cast("Version | None", found)


@dataclass(frozen=True)
class Place:
    """Where to read instead; `for_good` unless it may be undone with a click."""

    item: Item
    for_good: bool


def moved_to(number: int, shown: Version | None) -> Place | None:
    """The place of answer `number` now: it was replaced by another, or its question joined with one.

    `shown` is what stands at its own address (`shown_answer`).
    """
    if shown is not None:
        return Place(shown.item.replaced_by, for_good=True) if shown.item.replaced_by else None
    if number > 2**31 - 1:
        return None
    case, seen = Question.objects.filter(number=number, state=State.MERGED).first(), set()
    while case is not None and case.merged_into is not None and case.pk not in seen:
        seen.add(case.pk)
        case = case.merged_into
    if not seen or case is None or case.item is None or case.item.shown() is None:
        return None
    return Place(case.item.replaced_by or case.item, for_good=False)


def replaced(item: Item) -> list[tuple[int, int]]:
    """The answers that `item` took the place of: number, and the version that was public last."""
    last = Max("versions__n", filter=Q(versions__state=VersionState.RETRACTED))
    return [(row.number, row.last or 1) for row in item.replaces.annotate(last=last).order_by("number")]


def sources(user: Any, *, q: str = "", sector: str = "", theme: str = "") -> Any:
    """Sources of the library `user` may see."""
    rows = Source.objects.all()
    if not user.has_perm("evidence.view_source"):
        rows = rows.filter(public=True)
    if q:
        rows = rows.filter(Q(title__icontains=q) | Q(key__icontains=q) | Q(doi__iexact=q))
    if sector:
        rows = rows.filter(sectors__contains=[sector])
    return rows.filter(themes__slug=theme) if theme else rows


def network(request: Any) -> str:
    """The caller's address; behind TRUSTED_PROXIES proxies the one the outermost of them saw."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    trusted = settings.TRUSTED_PROXIES
    if trusted and len(hops) >= trusted:
        return str(hops[-trusted])
    return str(request.META.get("REMOTE_ADDR", ""))
