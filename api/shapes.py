"""From rows to the plain data that the serializers document."""

import uuid
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.urls import reverse

from api.serializers import options_out
from evidence.library import apa
from evidence.models import Source
from evidence.strength import Strength
from questions import throughput, workflow
from questions.models import (
    Articulation,
    Consultation,
    Event,
    Message,
    Participation,
    Question,
    Remark,
    Review,
    Version,
)
from questions.models.articulation import FRAME
from questions.models.revision import FOR_EVERYBODY
from questions.models.searchentry import where
from questions.suggest import Found, Listing, Suggestions

Data = dict[str, Any]


def absolute(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def asked(question: Question, part: Participation) -> Data:
    return {"id": question.pk, "number": question.number, "state": question.state, "part": part.pk}


def with_link(data: Data) -> Data:
    """`asked` as it goes out. The link is put in last, so that no stored answer holds it."""
    part = Participation(pk=uuid.UUID(str(data["part"])))
    shown = {name: data[name] for name in ("id", "number", "state")}
    return {**shown, "tracking_url": absolute(reverse("track", args=[part.token]))}


def line(question: Question) -> Data:
    return {
        "id": question.pk,
        "number": question.number,
        "state": question.state,
        "title": question.title,
        "sector": question.sector,
        "role": question.role,
        "language": question.language,
        "track": question.track,
        "themes": [theme.slug for theme in question.themes.all()],
        "assignee": question.assignee.email if question.assignee else None,
        "held_until": question.held_until,
        "turn": question.turn_now,
        "waiting_since": question.waiting_since,
        "due_on": question.due_on,
        "created_at": question.created_at,
        "confirmed_at": question.confirmed_at,
    }


def dossier(question: Question, user: Any) -> Data:
    expected = throughput.expected(question)
    plain = (
        "text",
        "context",
        "tried",
        "behalf",
        "on_behalf_of",
        "region",
        "articulated",
        "agreement",
        "waived_because",
        "early_because",
        "declined_because",
        "alternative",
        "embargo_until",
        "publish_at",
    )
    return {
        **line(question),
        **{name: getattr(question, name) for name in plain},
        "frame": {name: getattr(question, name) for name in FRAME},
        "wordings": [wording(one) for one in question.articulations.all()],
        "expected": None if expected is None else asdict(expected),
        "askers": [part.kind for part in question.participations.all() if not part.is_waiting],
        "read_before": [item.number for item in question.read_before.all()],
        "read_sources": [one.key for one in question.read_sources.all()],
        "answer_number": question.item.number if question.item else None,
        "merged_into": question.merged_into.number if question.merged_into else None,
        "desk": question.desk.slug,
        "handed_to": question.handed_to.slug if question.handed_to else None,
        "transitions": options_out(workflow.options(question, user)),
        "events": [event(one) for one in question.events.select_related("user")],
    }


def wording(one: Articulation) -> Data:
    names = ("n", "kind", "articulated", "note", "at", "agreed_at")
    return {name: getattr(one, name) for name in names} | {"frame": {name: getattr(one, name) for name in FRAME}}


def event(one: Event) -> Data:
    by = str(one.user) if one.user else "asker" if one.participation_id else "system"
    return {"at": one.at, "name": one.name, "source": one.source, "target": one.target, "by": by, "why": one.why}


def texts(version: Version) -> Data:
    return {
        **{name: getattr(version, name) for name in FOR_EVERYBODY},
        "searched": [{**one, "place": where(one["place"])} for one in version.searched],
        "strength_label": str(Strength(version.strength).label) if version.strength else "",
        "citations": [citation(one, version.language) for one in version.citations.select_related("source")],
        "consulted": [{"name": one.name, "role": one.role} for one in version.consulted.all()],
    }


def citation(one: Any, language: str) -> Data:
    return {
        "n": one.n,
        "source": one.source_id,
        "key": one.source.key,
        "claim": one.claim,
        "locator": one.locator,
        "reference": apa(one.source.csl, language),
        "doi": one.source.doi,
    }


EMPTY: Data = {
    **dict.fromkeys(FOR_EVERYBODY, ""),
    "strength_label": "",
    "look_again_on": None,
    "searched": [],
    "strength_because": "",
    "citations": [],
    "consulted": [],
    "state": "draft",
    "version": 0,
    "transitions": [],
    "reviews": [],
    "reviews_open": [],
    "remarks": [],
}


def draft(version: Version | None, question: Question, user: Any) -> Data:
    if version is None:
        return {**EMPTY, "language": question.language}
    return {
        **texts(version),
        "consulted": [{name: getattr(one, name) for name in Consultation.WORDS} for one in version.consulted.all()],
        "strength_because": version.strength_because,
        "state": version.state,
        "version": version.n,
        "language": version.language,
        "transitions": options_out(workflow.options(version, user)),
        "reviews": [review(one, version) for one in version.reviews.select_related("reviewer", "invitation")],
        "reviews_open": version.open_kinds(),
        "remarks": [remark(one) for one in version.remarks.select_related("reviewer", "invitation")],
    }


def review(one: Review, version: Version) -> Data:
    stands = one.void_at is None and one.revision == version.revision
    names = ("kind", "verdict", "remarks", "at")
    return {**{name: getattr(one, name) for name in names}, "reviewer": one.who, "stands": stands}


def remark(one: Remark) -> Data:
    names = ("id", "field", "n", "quoted", "body", "at", "outcome", "answer")
    return {**{name: getattr(one, name) for name in names}, "by": one.who}


def answer_line(version: Version) -> Data:
    item = version.item
    return {
        "number": item.number,
        "title": item.title,
        "url": absolute(reverse("answer", args=[item.number, item.slug])),
        "language": version.language,
        "short_answer": version.short_answer,
        "strength": version.strength,
        "published_at": version.published_at,
    }


def answer(version: Version) -> Data:
    return {
        **answer_line(version),
        **texts(version),
        "version": version.n,
        "state": version.state,
        "retraction": version.retraction,
        "replaced_by": version.item.replaced_by.number if version.item.replaced_by else None,
    }


def message(one: Message) -> Data:
    return {
        "id": one.pk,
        "from_asker": one.from_asker,
        "by": "asker" if one.from_asker else str(one.user or ""),
        "body": one.body,
        "at": one.at,
    }


def source(one: Source, language: str = "nl") -> Data:
    names = (
        "id",
        "key",
        "csl",
        "title",
        "year",
        "doi",
        "design",
        "population",
        "country",
        "sectors",
        "strength",
        "finding_nl",
        "finding_en",
    )
    return {
        **{name: getattr(one, name) for name in names},
        "reference": apa(one.csl, language),
        "url": absolute(reverse("source", args=[one.key])),
    }


def hit(found: Found) -> Data:
    names = ("kind", "id", "number", "title", "score", "passage", "locator")
    return {
        **{name: getattr(found, name) for name in names},
        "url": absolute(found.url),
        "marks": [list(span) for span in found.marks],
        "why": {"words": list(found.words), "meaning": found.meaning},
    }


def hits(found: Iterable[Found]) -> list[Data]:
    return [hit(one) for one in found]


def suggestions(found: Suggestions) -> Data:
    return {
        "answers": hits(found.answers),
        "sources": hits(found.sources),
        "working": hits(found.working),
        "nothing_relevant": found.nothing_relevant,
        "degraded": found.degraded,
        "corrected": found.corrected,
    }


def for_staff(found: Suggestions) -> Data:
    return {**suggestions(found), "questions": hits(found.questions), "asked_now": hits(found.asked_now)}


def listing(found: Listing) -> Data:
    return {
        "results": hits(found.found),
        "total": found.total,
        "more": found.more,
        "facets": found.facets,
        "nothing_relevant": found.nothing_relevant,
        "degraded": found.degraded,
        "corrected": found.corrected,
    }
