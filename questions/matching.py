"""Which broker fits a question, which question fits a broker, and why.

Expertise is compared as texts are found: by what a broker says they know and by the answers they
wrote, as internal passages of the index. Without vectors words are compared. The ranking proposes;
people decide.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brokers import clock
from brokers.models import Broker, User
from brokers.sectors import Sector
from evidence import affinity, search
from evidence.models import Passage
from evidence.ranking import WEIGHT
from questions import findable
from questions.models import Question
from questions.permissions import holds_or_coordinates
from questions.refusals import NotYou
from questions.states import State

# What each part weighs; they add up to 1.
FIT, SECTOR, ROOM = 0.6, 0.2, 0.2
LEAVING = 0.2  # taken off for who is about to be away
NEAR = 0.4  # a fit from which something is said to come close
WORDS = 5  # words that are named at most


@dataclass(frozen=True)
class Reason:
    """Why a broker and a question fit, or do not: a kind and its facts, for programs and for people."""

    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self.kind](self.facts))


@dataclass(frozen=True)
class Fit:
    """How near in subject, 0 to 1, and what shows it."""

    share: float = 0.0
    reason: Reason = field(default_factory=lambda: Reason("far"))


@dataclass(frozen=True)
class Match:
    """A broker for a question. `load` and `capacity` in open cases; not `is_open`: absent or without room."""

    broker: User
    score: float
    reasons: list[Reason]
    load: int
    capacity: int
    is_open: bool


def people() -> Any:
    """Who works cases, with their broker row and the number of their open cases as `load`."""
    works = Q(groups__permissions__codename="work_question") | Q(is_superuser=True)
    rows = User.objects.filter(pk__in=User.objects.filter(works).values("pk"), is_active=True, broker__isnull=False)
    load = Count("cases", filter=Q(cases__state=State.ASSIGNED))
    return rows.select_related("broker").annotate(load=load).order_by("name", "pk")


def ranked(question: Question, limit: int | None = None) -> list[Match]:
    """The brokers for `question`, the best first and those who cannot take it last; never its holder.

    score = 0.6 × fit + 0.2 × sector + 0.2 × room - 0.2 when about to be away, each 0 to 1: fit by
    subject; sector 1 when named, 0.5 for who names none; room the free part of the capacity.
    """
    users = [user for user in people() if user.pk != question.assignee_id]
    fits = fits_of(question, users)
    matches = [match(question, user, fits[user.pk]) for user in users]
    return sorted(matches, key=lambda one: (not one.is_open, -one.score, one.load, str(one.broker)))[:limit]


def proposed(question: Question, by: Any, limit: int | None = None) -> list[Match]:
    """`ranked`, for who may give the case to somebody; others get NotYou."""
    if not holds_or_coordinates(question, by):
        raise NotYou(_("This is for %(who)s.") % {"who": str(holds_or_coordinates.who)})  # type: ignore[attr-defined]
    return ranked(question, limit)


def match(question: Question, user: Any, fit: Fit) -> Match:
    broker = user.broker
    room = max(0.0, 1 - user.load / broker.capacity) if broker.capacity else 0.0
    sector, about_sector = by_sector(question, broker)
    leaves = leaving(broker)
    score = FIT * fit.share + SECTOR * sector + ROOM * room - (LEAVING if leaves else 0)
    reasons = [fit.reason, *about_sector, *leaves, *presence(user)]
    is_open = broker.is_present and user.load < broker.capacity
    return Match(user, round(max(0.0, score), 4), reasons, user.load, broker.capacity, is_open)


def by_sector(question: Question, broker: Broker) -> tuple[float, list[Reason]]:
    if not broker.sectors:
        return 0.5, []
    works_there = question.sector in broker.sectors
    return float(works_there), [Reason("sector" if works_there else "other_sector", {"sector": question.sector})]


def leaving(broker: Broker) -> list[Reason]:
    """Whether the broker is away before a claim made today would end."""
    begins = broker.absent_from
    soon = clock.after(timezone.localdate(), max(1, settings.LEASE_DAYS))
    if begins is None or not timezone.localdate() < begins <= soon:
        return []
    return [Reason("leaving", {"from": begins.isoformat(), "until": broker.absent_until.isoformat()})]  # type: ignore[union-attr]


def presence(user: Any) -> list[Reason]:
    broker = user.broker
    if not broker.is_present:
        return [Reason("absent", {"until": broker.absent_until.isoformat()})]
    return [Reason("room" if user.load < broker.capacity else "full", {"load": user.load, "capacity": broker.capacity})]


# --- By subject ---------------------------------------------------------------------------------------


def fits_of(question: Question, users: Sequence[User]) -> dict[int, Fit]:
    """How near each of `users` is to `question`; by their words for those without vectors."""
    refs = {str(user.pk): user.pk for user in users}
    near = affinity.between(findable.QUESTION, [str(question.pk)], findable.BROKER, list(refs))
    shown = passages(one.passage for one in near.values())
    found = {refs[ref]: by_meaning(one, shown) for (_question, ref), one in near.items()}
    rest = {ref for ref, pk in refs.items() if pk not in found}
    by_words = search.search(question.title, kinds=(findable.BROKER,), public_only=False, limit=200, mode="words")
    for hit in by_words.hits if rest else []:
        if hit.ref in rest:
            found[refs[hit.ref]] = Fit(min(1.0, hit.score / WEIGHT), words_reason(hit))
    return {user.pk: found.get(user.pk, Fit()) for user in users}


def fits_for(user: User, questions: Sequence[Question]) -> dict[Any, Fit]:
    """How near each of `questions` is to `user`, by id; the same measure the other way round."""
    refs = {str(question.pk): question.pk for question in questions}
    near = affinity.between(findable.QUESTION, list(refs), findable.BROKER, [str(user.pk)])
    shown = passages(one.passage for one in near.values())
    found = {refs[ref]: by_meaning(one, shown) for (ref, _user), one in near.items()}
    expertise = user.broker.expertise if hasattr(user, "broker") else ""
    if len(found) < len(refs) and expertise.strip():
        kinds: dict[str, Any] = {"kinds": (findable.QUESTION,), "public_only": False, "mode": "words"}
        for hit in search.search(expertise, limit=200, as_typed=True, **kinds).hits:
            if hit.ref in refs and refs[hit.ref] not in found:
                found[refs[hit.ref]] = Fit(min(1.0, hit.score / WEIGHT), words_reason(hit))
    return {pk: found.get(pk, Fit()) for pk in refs.values()}


def passages(ids: Iterable[int]) -> dict[int, tuple[str, str, str]]:
    rows = Passage.objects.filter(pk__in=set(ids))
    return {pk: (title, body, number) for pk, title, body, number in rows.values_list("pk", "title", "body", "locator")}


def by_meaning(near: affinity.Near, shown: Mapping[int, tuple[str, str, str]]) -> Fit:
    if near.fit < NEAR or near.passage not in shown:
        return Fit(near.fit)
    title, body, number = shown[near.passage]
    if title:
        return Fit(near.fit, Reason("answered", {"title": title, "number": int(number) if number else None}))
    return Fit(near.fit, Reason("expertise", {"text": body}))


def words_reason(hit: search.Hit) -> Reason:
    return Reason("words", {"words": hit.words[:WORDS]}) if hit.words else Reason("far")


def refresh() -> int:
    """Make what can be compared what holds now: profiles that were changed elsewhere, people who left. Safe twice.

    Returns how many brokers can be compared.
    """
    users = list(people())
    for user in users:
        findable.put_broker(user.broker)
    present = {str(user.pk) for user in users}
    for ref in set(Passage.objects.filter(kind=findable.BROKER).values_list("ref", flat=True)) - present:
        findable.drop_broker(int(ref))
    return len(users)


def _sector(facts: Mapping[str, Any]) -> str:
    return str(Sector(facts["sector"]).label)


def _day(iso: str) -> str:
    return date_format(timezone.datetime.fromisoformat(iso), "j F Y")  # type: ignore[attr-defined]


SENTENCES: dict[str, Any] = {
    "answered": lambda facts: _("Comes close to an answer they wrote: “%(title)s”.") % facts,
    "expertise": lambda facts: _("Comes close to what they know: %(text)s") % {"text": facts["text"][:200]},
    "words": lambda facts: _("Has words in common: %(words)s.") % {"words": ", ".join(facts["words"])},
    "far": lambda facts: _("Nothing that they wrote or know comes close."),
    "sector": lambda facts: _("Works for this sector: %(sector)s.") % {"sector": _sector(facts)},
    "other_sector": lambda facts: _("Does not work for this sector: %(sector)s.") % {"sector": _sector(facts)},
    "room": lambda facts: _("Holds %(load)s of at most %(capacity)s cases.") % facts,
    "full": lambda facts: _("Has no room: holds %(load)s of at most %(capacity)s cases.") % facts,
    "absent": lambda facts: _("Is absent up to and including %(day)s.") % {"day": _day(facts["until"])},
    "leaving": lambda facts: (
        _("Will be absent from %(first)s to %(last)s.") % {"first": _day(facts["from"]), "last": _day(facts["until"])}
    ),
    "waited": lambda facts: _("It has waited for %(days)s working days.") % facts,
    "oldest": lambda facts: _("It has waited longest."),
}
