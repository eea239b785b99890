"""What a case is: the question in its words, who asked, and where it went."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brokers.sectors import Role, Sector
from frontend.pages.answers import Line
from frontend.pages.around import local
from frontend.pages.tracking import frame
from questions import inputs, intake
from questions.models import Question
from questions.states import Agreement, State, Track, Turn


@dataclass(frozen=True)
class Referral:
    target: Line
    note: str
    verdict: str
    at: datetime


@dataclass(frozen=True)
class Facts:
    """What the case is."""

    number: int | None
    title: str
    text: str
    context: str
    tried: str
    articulated: str
    frame: list[tuple[str, str]]
    agreement: str
    waived_because: str
    early_because: str
    state: str
    tone: str
    turn: str
    broker: str
    lines: list[tuple[str, str]]
    askers: list[str]
    read_before: list[Line]
    referrals: list[Referral]
    merged_into: Line | None
    merged: list[Line]
    declined: str
    alternative: str
    public: Line | None


def facts(question: Question) -> Facts:
    item = question.item
    living = item.shown() if item else None
    return Facts(
        number=question.number,
        title=question.title,
        text=question.text,
        context=question.context,
        tried=question.tried,
        articulated=question.articulated,
        frame=frame(question),
        agreement=str(Agreement(question.agreement).label) if question.agreement else "",
        waived_because=question.waived_because,
        early_because=question.early_because,
        state=str(State(question.state).label),
        tone=str(question.state),
        turn=str(Turn(question.turn).label),
        broker=str(question.assignee or ""),
        lines=lines(question),
        askers=askers(question),
        read_before=read_before(question),
        referrals=referrals(question),
        merged_into=case_line(question.merged_into) if question.merged_into else None,
        merged=[case_line(one) for one in question.merged.all()],
        declined=question.declined_because,
        alternative=question.alternative,
        public=Line(item.title, reverse("answer", args=[item.number, item.slug])) if item and living else None,
    )


def askers(question: Question) -> list[str]:
    """How many came to it by which way."""
    kinds = Counter(part.get_kind_display() for part in question.participations.all() if not part.is_waiting)
    return [f"{n} × {kind}" for kind, n in kinds.items()]


def read_before(question: Question) -> list[Line]:
    """What the asker opened before sending the question."""
    return [
        *(Line(one.title, reverse("answer-number", args=[one.number])) for one in question.read_before.all()),
        *(Line(one.title, reverse("source", args=[one.key])) for one in question.read_sources.all()),
    ]


def lines(question: Question) -> list[tuple[str, str]]:
    """The short facts: label and value, empty ones left out."""
    fields = inputs.Ask.base_fields
    rows = [
        (str(fields["sector"].label), str(Sector(question.sector).label)),
        (_("Role of the asker"), str(Role(question.role).label)),
        (_("On behalf of"), " – ".join(filter(None, [question.get_behalf_display(), question.on_behalf_of]))),
        (_("In public while we work on it"), since(question)),
        (_("Answered people who were about to ask"), helped(question)),
        (_("Not public before"), local_moment(question.embargo_until)),
        (_("Becomes public by itself"), local_moment(question.publish_at)),
        (_("Region"), question.region),
        (str(inputs.Triage.base_fields["track"].label), str(Track(question.track).label) if question.track else ""),
        (
            str(inputs.Triage.base_fields["themes"].label),
            ", ".join(local(theme, "label") for theme in question.themes.all()),
        ),
    ]
    return [(name, value) for name, value in rows if value]


def since(question: Question) -> str:
    return date_format(question.shown_at, "j F Y") if question.shown_at else ""


def local_moment(at: datetime | None) -> str:
    """A moment on the clock of the desk, with the name of its zone."""
    if at is None:
        return ""
    zone = settings.TIME_ZONE.rpartition("/")[2].replace("_", " ")
    moment = date_format(timezone.localtime(at), "j F Y H:i")
    return _("%(moment)s (time in %(zone)s)") % {"moment": moment, "zone": zone}


def helped(question: Question) -> str:
    """How often the answer spared somebody a question of their own."""
    return str(intake.helped_by(question.item.number) or "") if question.item else ""


def referrals(question: Question) -> list[Referral]:
    rows = question.referrals.select_related("item", "source")
    return [Referral(target(row), row.note, row.get_verdict_display() if row.verdict else "", row.at) for row in rows]


def target(row: Any) -> Line:
    if row.item is not None:
        return Line(row.item.title, reverse("answer-number", args=[row.item.number]))
    return Line(row.source.title, reverse("source", args=[row.source.key]))


def case_line(question: Question) -> Line:
    return Line(f"{question.number}: {question.title}", reverse("case", args=[question.pk]))
