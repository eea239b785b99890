"""Joining a question that somebody else asked ("me too"), and proving an address once more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evidence.bells import ring
from questions import inputs, mail, tasks, workflow
from questions.intake import DAY, HOUR, count_against, prefix
from questions.models import Asker, Event, Letter, Participation, Question
from questions.refusals import NotNow
from questions.states import OPEN, State
from questions.suggest import told as as_told

CAN_BE_JOINED = (*OPEN, State.ANSWERED, State.PUBLISHED)
Kind = Participation.Kind


@dataclass(frozen=True)
class Working:
    """An open question as everybody may read it; `askers` as far as the public is told."""

    question: Question
    askers: int


def worked_on(sector: str = "", theme: str = "") -> list[Working]:
    """The questions in public while they are worked on, the newest first."""
    rows = Question.objects.shown().order_by("-shown_at").prefetch_related("themes", "participations")
    if sector:
        rows = rows.filter(sector=sector)
    if theme:
        rows = rows.filter(themes__slug=theme)
    return [Working(row, as_told(askers(row))) for row in rows[:200]]


def worked_on_now(number: int) -> Working | None:
    row = Question.objects.shown().filter(number=number).first() if number < 2**31 else None
    return Working(row, as_told(askers(row))) if row else None


def askers(question: Question) -> int:
    """How many people want to know this."""
    parts = question.participations.all()
    return len({part.asker_id for part in parts if part.asker_id and not part.is_waiting})


def me_too(question: Question, data: Mapping[str, Any], *, network: str = "") -> Participation:
    """Somebody wants to know this too. They take part once they have opened the link in the mail.

    Whether the address takes part already is told to the mailbox only. Raises ValidationError (400),
    TooMany (429) or NotNow (409: the question is not shown any more).
    """
    cleaned = inputs.clean_form(inputs.MeToo, data)
    with transaction.atomic():
        row = workflow.lock(question)
        if not Question.objects.shown().filter(pk=row.pk).exists():
            raise NotNow(_("We do not work on this question any more."))
        count_against("network", prefix(network), HOUR, settings.QUESTIONS_PER_NETWORK_AN_HOUR)
        count_against("address", cleaned["email"].lower(), DAY, settings.QUESTIONS_PER_ADDRESS_A_DAY)
        language = cleaned["language"] or (get_language() or "nl")[:2]
        asker = Asker.at(cleaned["email"], language=language)
        part = Participation.objects.filter(question=row, asker=asker).first()
        if part is not None and part.is_waiting:  # its days begin anew: it is to be found when the letter is read
            Participation.objects.filter(pk=part.pk).update(created_at=timezone.now())
        if part is None:
            part = Participation.join(question=row, asker=asker, kind=Kind.WAITING)
        # As with asking, a name is believed when the address is proved; until then it waits here.
        told_us = {"name": cleaned["name"], "language": language} if part.is_waiting else {}
        event = Event.record("me_too_ask", by=part, question=row, data=told_us)
        write_once(event, part, "confirm_me_too")
    ring(tasks.deliver)
    return part


def confirm(part: Participation) -> None:
    """What the button behind the link in a confirmation mail does; NotNow when it was done before."""
    if not part.is_waiting:
        if not part.decides:
            raise NotNow(_("You have confirmed this already."))
        workflow.perform(part.question, "confirm", by=part)
        return
    with transaction.atomic():
        question, part = workflow.lock(part.question), workflow.present(part)
        if question.state not in CAN_BE_JOINED:
            raise NotNow(_("We do not work on this question any more."))
        told = Event.objects.filter(participation=part, name="me_too_ask").values_list("data", flat=True)
        if not Participation.objects.filter(pk=part.pk, kind=Kind.WAITING).update(kind=Kind.ME_TOO):
            raise NotNow(_("You have confirmed this already."))
        known = {key: value for data in told for key, value in data.items() if value}
        workflow.introduce(part.asker_id, known.get("name", ""), known.get("language", question.language))
        mail.tell(Event.record("me_too", by=part, question=question, source=question.state, target=question.state))
    ring(tasks.deliver)


def may_be_joined(part: Participation) -> bool:
    return part.question.state in CAN_BE_JOINED


def send_again(data: Mapping[str, Any], *, network: str = "") -> None:
    """Send the last confirmation mail of an address once more, if it waits for one; who asks is not told."""
    email = inputs.clean_form(inputs.Again, data)["email"].lower()
    with transaction.atomic():
        count_against("network", prefix(network), HOUR, settings.QUESTIONS_PER_NETWORK_AN_HOUR)
        count_against("again", email, DAY, settings.QUESTIONS_PER_ADDRESS_A_DAY)
        asker = Asker.known_at(email)
        if asker is not None:
            remind(asker)
    ring(tasks.deliver)


def remind(asker: Asker) -> None:
    """Write the last confirmation mail of this person once more, if it waits for one."""
    for waiting in waiting_parts(asker):
        part = Participation.hold(waiting.pk)
        if part is None:
            continue  # forgotten in this second
        kind = "confirm_me_too" if part.is_waiting else "confirm"
        event = Event.objects.filter(participation=part, name__in=("ask", "me_too_ask")).last()
        if event is not None:
            write_once(event, part, kind)


def waiting_parts(asker: Asker) -> list[Participation]:
    rows = asker.participations.select_related("question")
    waits = [row for row in rows.order_by("-created_at") if row.is_waiting or row.question.confirmed_at is None]
    return waits[:1]


def write_once(event: Event, part: Participation, kind: str) -> None:
    """No second letter while one waits to go: whoever presses twice fills nobody's mailbox."""
    if not Letter.objects.filter(participation=part, kind=kind, sent_at=None, dead_at=None).exists():
        if Letter.objects.filter(event=event, participation=part, kind=kind).exists():
            event = Event.record(event.name, by=part, question=part.question, data=event.data)
        mail.write_confirmation(event, part, kind)
