"""Sending somebody the links to their own questions again."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from evidence.bells import ring
from questions import enclosed, inputs, intake, joining, tasks
from questions.models import Asker, Event, Letter, Participation
from questions.permissions import SYSTEM

A_NETWORK_AN_HOUR, AN_ADDRESS_A_DAY = 20, 3


def send_again(data: Mapping[str, Any], *, network: str) -> None:
    """Mail the links of whoever has this address. Says the same, known or not; nothing is sent to who never asked.

    Raises ValidationError, or TooMany (counted for any address, so that it tells nothing either).
    """
    email = inputs.clean_form(inputs.Again, data)["email"].lower()
    intake.count_against("links-network", intake.prefix(network), intake.HOUR, A_NETWORK_AN_HOUR)
    intake.count_against("links-address", email, intake.DAY, AN_ADDRESS_A_DAY)
    with transaction.atomic():
        asker = Asker.known_at(email)
        if asker is not None and not write(asker):
            joining.remind(asker)  # nothing is confirmed yet
    ring(tasks.deliver)


def write(asker: Asker) -> bool:
    """One letter with all links; False when there is no case that they would open."""
    newest = enclosed.live(asker.pk).first()
    if newest is None:
        return False
    if (newest := Participation.hold(newest.pk)) is None:
        return True  # forgotten in this second: there is nobody to write to
    state = newest.question.state
    event = Event.record("links", by=SYSTEM, question=newest.question, source=state, target=state)
    Letter.objects.create(event=event, kind="links", participation=newest)
    return True
