"""Sending somebody the links to their own questions again."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from evidence.bells import ring
from questions import enclosed, inputs, intake, mail, tasks
from questions.models import Event, Letter, Participation
from questions.permissions import SYSTEM

A_NETWORK_AN_HOUR, AN_ADDRESS_A_DAY = 20, 3


class Address(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)


def send_again(data: Mapping[str, Any], *, network: str) -> None:
    """Mail the links of whoever has this address. Says the same, known or not; nothing is sent to who never asked.

    Raises ValidationError, or TooMany (counted for any address, so that it tells nothing either).
    """
    email = inputs.clean_form(Address, data)["email"].lower()
    intake.count_against("links-network", intake.prefix(network), intake.HOUR, A_NETWORK_AN_HOUR)
    intake.count_against("links-address", email, intake.DAY, AN_ADDRESS_A_DAY)
    parts = Participation.objects.filter(asker__email=email).select_related("question", "asker")
    newest = parts.order_by("-created_at").first()
    if newest is not None and newest.asker_id:
        with transaction.atomic():
            write(enclosed.live(newest.asker_id).first(), newest)
    ring(tasks.deliver)


def write(live: Participation | None, newest: Participation) -> None:
    """One letter with all links; before anything is confirmed, the link to confirm the newest."""
    part = live or newest
    state = part.question.state
    event = Event.record("links", by=SYSTEM, question=part.question, source=state, target=state)
    if live is not None:
        Letter.objects.create(event=event, kind="links", participation=live)
    elif newest.question.confirmed_at is None:
        mail.write_confirmation(event, newest)
