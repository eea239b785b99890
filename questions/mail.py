"""Writing the letters of an event, and sending what was written. Rows are the queue."""

import logging
import time
from datetime import datetime, timedelta
from smtplib import SMTPConnectError, SMTPException, SMTPServerDisconnected
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone

from questions.models import Asker, Event, Invitation, Letter, Participation
from questions.recipients import WRITES, question_of
from questions.rendering import NECESSARY, PROVING, render
from questions.states import State

logger = logging.getLogger(__name__)

# A run ends well within a lease, so that no other worker takes a letter that is still being sent.
RUN = 45.0
LEASE = timedelta(seconds=120)
FIRST_WAIT = timedelta(seconds=120)
ATTEMPTS = 12
LONGEST_WAIT = timedelta(hours=4)
CONFIRMATIONS_APART = timedelta(hours=1)


def tell(event: Event) -> None:
    """Write the letters of `event`, in the same transaction; the caller rings the bell."""
    letters = [
        Letter(event=event, kind=kind_for(kind, event, recipient), **address(recipient))
        for kind, recipients in WRITES.get(event.name, [])
        for recipient in recipients(event)
    ]
    if letters:
        Letter.objects.bulk_create(letters, ignore_conflicts=True)


def kind_for(kind: str, event: Event, recipient: Any) -> str:
    if kind == "message" and isinstance(recipient, Participation):
        return "asks_you" if event.data.get("waits") else "message_to_asker"
    if kind == "message":
        return "message_to_broker"
    if kind == "handed_over" and event.target == State.DECLINED:
        return "sent_on"
    if kind == "published" and event.name == "merge":
        into = question_of(event).merged_into
        return "published" if into is not None and into.state == State.PUBLISHED else "answered"
    return "revised" if kind == "published" and event.source == event.target else kind


def address(recipient: Any) -> dict[str, Any]:
    kinds = {Participation: "participation", Invitation: "invitation"}
    return {kinds.get(type(recipient), "user"): recipient}


def write_confirmation(event: Event, part: Participation, kind: str = "confirm") -> None:
    """The letter that proves an address: at most one an hour to the same one, later ones wait."""
    last = (
        Letter.objects.filter(kind__in=PROVING, participation__asker=part.asker_id)
        .order_by("-due_at")
        .values_list("due_at", "sent_at")
        .first()
    )
    now = timezone.now()
    due = max(now, (last[1] or last[0]) + CONFIRMATIONS_APART) if last else now
    Letter.objects.create(event=event, kind=kind, participation=part, due_at=due)


def answer_reply(letter: Letter, kind: str) -> None:
    """Say by mail why the reply to `letter` was not taken over: once for each letter, whatever comes in.

    It goes to the address we know, never to the one the reply came from. The caller has begun a transaction.
    """
    if letter.participation_id is not None and Participation.hold(letter.participation_id) is None:
        return  # forgotten in this second: there is nobody to tell
    made = Letter(event=letter.event, kind=kind, participation=letter.participation, user=letter.user)
    Letter.objects.bulk_create([made], ignore_conflicts=True)


def stop(part: Participation) -> None:
    """No more mail about this question to this person, except what they cause themselves; safe twice."""
    with transaction.atomic():
        Participation.objects.filter(pk=part.pk, mail_stopped_at=None).update(mail_stopped_at=timezone.now())
        part.letters.filter(sent_at=None).exclude(kind__in=NECESSARY).delete()


def start_again(part: Participation) -> None:
    """Mail about this question as before; safe twice."""
    Participation.objects.filter(pk=part.pk).update(mail_stopped_at=None)


# --- Sending ------------------------------------------------------------------------------


def deliver(limit: int = 100) -> int:
    """Send what is due, at most `limit` letters; safe twice and in parallel. Returns how many went out.

    Ends early when its time is up or the server is away: the letters that are left wait for the next run.
    """
    sent, end = 0, time.monotonic() + RUN
    for _n in range(limit):
        letter = take_one() if time.monotonic() < end else None
        if letter is None:
            break
        try:
            sent += send(letter)
        except Unreachable:
            break
    return sent


class Unreachable(Exception):
    """The mail server is away: the next letter would fare no better."""


def is_away(error: Exception) -> bool:
    """Whether the connection failed; what a server says of one letter is an SMTPException as well."""
    if isinstance(error, SMTPException):
        return isinstance(error, SMTPServerDisconnected | SMTPConnectError)
    return isinstance(error, OSError)


def is_waiting() -> bool:
    return Letter.objects.filter(sent_at=None, dead_at=None, due_at__lte=timezone.now()).exists()


def revive() -> int:
    """Give the letters that were given up new attempts. Returns how many."""
    dead = Letter.objects.exclude(dead_at=None).filter(sent_at=None)
    return int(dead.update(dead_at=None, attempts=0, due_at=timezone.now()))


def take_one() -> Letter | None:
    """The next due letter, leased to us; its attempt is counted before anything can go wrong."""
    while True:
        now = timezone.now()
        with transaction.atomic():
            letter = (
                Letter.objects.filter(sent_at=None, dead_at=None, due_at__lte=now)
                .order_by("due_at")
                .select_for_update(skip_locked=True, of=("self",))
                .first()
            )
            if letter is None:
                return None
            later = not_before(letter)
            if later is None:
                letter.attempts += 1
                letter.dead_at = now if letter.attempts > ATTEMPTS else None
            letter.due_at = later or now + LEASE
            letter.save(update_fields=["attempts", "dead_at", "due_at"])
        if later is None and letter.dead_at is None:
            return letter


def not_before(letter: Letter) -> datetime | None:
    """When a confirmation may go, if now is too soon after (or during) another one to the same address.

    Due times alone do not keep them apart: a mail server that was away lets several come due at once.
    """
    if letter.kind not in PROVING or letter.participation is None:
        return None
    # The address only: with its part as well this would wait for who erases it, who waits for this letter.
    rows = Asker.objects.select_for_update(no_key=True, of=("self",))
    asker = rows.filter(participations=letter.participation).first()
    rivals = Letter.objects.filter(kind__in=PROVING, participation__asker=asker).exclude(pk=letter.pk)
    if rivals.filter(sent_at=None, dead_at=None, attempts__gt=0).exists():
        return timezone.now() + LEASE
    last = rivals.exclude(sent_at=None).order_by("-sent_at").values_list("sent_at", flat=True).first()
    if last is None or last + CONFIRMATIONS_APART <= timezone.now():
        return None
    return last + CONFIRMATIONS_APART


def send(letter: Letter) -> bool:
    """Send one letter that was taken; raises Unreachable after writing down why it could not go."""
    try:
        message = render(letter)
        if message is not None:
            message.send()
    except SoftTimeLimitExceeded:  # the worker has to stop: no fault of the letter, which comes back
        raise
    except Exception as error:  # a mail server may fail in any way; the letter must survive it
        # Not the words of the server, which name the address; they go with the letter when somebody is erased.
        logger.warning("letter %s, attempt %s: %s", letter.pk, letter.attempts, type(error).__name__)
        wait = min(FIRST_WAIT * 2 ** (letter.attempts - 1), LONGEST_WAIT)
        Letter.objects.filter(pk=letter.pk).update(due_at=timezone.now() + wait, last_error=str(error)[:300])
        if is_away(error):
            raise Unreachable from error
        return False
    Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now(), last_error="")
    return message is not None
