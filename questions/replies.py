"""Replies by mail become messages of the dialogue: read → decide → say. Strangers and machines change nothing."""

import hashlib
import logging
import time
from collections import Counter

from celery import shared_task
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, models, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from brokers.models import User
from evidence.bells import ring
from questions import buttons, dialogue, incoming, intake, letterbox, mail, tallies, tasks
from questions.models import HandledMail, Letter, Participation, Question
from questions.refusals import NotNow, NotYou, TooMany

logger = logging.getLogger(__name__)

RUN = 20.0  # seconds; letters go out by the same worker


class Outcome(models.TextChoices):
    """What became of a mail. What was taken over is removed from the box, the rest is put aside in it."""

    TAKEN = "taken"
    AUTOMATIC = "automatic"
    STRANGER = "stranger"  # answers no letter of ours
    ELSEWHERE = "elsewhere"  # from another address than the letter went to
    CLOSED = "closed"
    UNREAD = "unread"


# Who gets to hear why; a stranger or a machine never does.
ANSWERED = {Outcome.ELSEWHERE: "reply_elsewhere", Outcome.CLOSED: "reply_closed", Outcome.UNREAD: "reply_unread"}


@shared_task(name="questions.replies.read_mail")
def read_mail() -> None:
    try:
        read()
    except letterbox.Away as error:
        logger.warning("The mailbox for replies cannot be read: %s", error)


def read(limit: int = 200) -> Counter[str]:
    """Handle what waits in the box, at most `limit` mails. Returns how many had which outcome; raises Away.

    Safe twice and in parallel. A mail leaves its place only after what it changed is committed: when the
    process dies in between, the next run finds that it was handled.
    """
    counts: Counter[str] = Counter()
    end = time.monotonic() + RUN
    with letterbox.opened(settings.REPLY_MAILBOX) as box:
        for key, raw in box.waiting(limit):
            outcome = handle(raw)
            counts[outcome.value] += 1
            tallies.add(f"reply.{outcome.value}")
            if outcome is Outcome.TAKEN:
                box.remove(key)
            else:
                box.put_aside(key)
            if time.monotonic() > end:
                break
    return counts


def handle(raw: bytes) -> Outcome:
    """What becomes of one mail. No mail, however made, keeps the ones behind it waiting."""
    try:
        return take(raw)
    except (OperationalError, InterfaceError):  # the database is away: the mail stays where it is
        raise
    except Exception as error:
        # Without the traceback: what somebody wrote could stand in it.
        logger.error("A mail could not be handled (%s)", type(error).__name__)
        return Outcome.UNREAD


def take(raw: bytes) -> Outcome:
    try:
        reply = incoming.parse(raw, first_lines())
    except incoming.Unreadable:
        return Outcome.STRANGER
    if reply.is_automatic:
        return Outcome.AUTOMATIC
    letter = next(filter(None, map(Letter.find_by_reply_token, reply.tokens)), None)
    writer = writer_of(letter) if letter is not None else None
    question = letter.event.question if letter is not None and letter.event is not None else None
    if letter is None or writer is None or question is None:
        return Outcome.STRANGER
    with transaction.atomic():
        # Another reader with the same mail waits here until this one is done.
        digest = hashlib.sha256(f"{letter.pk}:{reply.digest}".encode()).hexdigest()
        row, is_new = HandledMail.objects.get_or_create(digest=digest)
        if not is_new:
            return Outcome(row.outcome)
        outcome = judge(reply, question, writer)
        HandledMail.objects.filter(pk=row.pk).update(outcome=outcome.value)
        if outcome in ANSWERED:
            mail.answer_reply(letter, ANSWERED[outcome])
            ring(tasks.deliver)
    return outcome


def first_lines() -> list[str]:
    """The line that our letters begin with, in every language."""
    lines = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            lines.append(str(buttons.REPLY_ABOVE))
    return lines


def writer_of(letter: Letter) -> Participation | User | None:
    """Whom the letter went to, if they are still there."""
    part, user = letter.participation, letter.user
    if part is not None:
        return part if part.asker is not None else None
    return user if user is not None and user.is_active else None


def judge(reply: incoming.Reply, question: Question, writer: Participation | User) -> Outcome:
    """Says it for them, if it is them; nothing stays behind of what is refused."""
    if reply.sender != address_of(writer).lower():
        return Outcome.ELSEWHERE
    try:
        with transaction.atomic():
            intake.count_against("reply", str(writer.pk), intake.HOUR, settings.REPLIES_AN_HOUR)
            dialogue.say(question, {"body": words_of(reply, question)}, by=writer)
    except (NotNow, NotYou):
        return Outcome.CLOSED
    except (ValidationError, TooMany):
        return Outcome.UNREAD
    return Outcome.TAKEN


def address_of(writer: Participation | User) -> str:
    person = writer.asker if isinstance(writer, Participation) else writer
    return "" if person is None else person.email


def words_of(reply: incoming.Reply, question: Question) -> str:
    if not (reply.words and reply.attachments):
        return reply.words
    with translation.override(question.language):
        note = _("(Left out: the attachments of this mail, %(count)s.)") % {"count": reply.attachments}
    return f"{reply.words}\n\n{note}"
