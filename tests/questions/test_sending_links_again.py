"""Whoever lost their link gets it by mail; nobody learns here who asked something."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from questions import links, mail, privacy
from questions.models import Letter
from questions.refusals import TooMany
from tests import factories

pytestmark = pytest.mark.django_db
NETWORK = "192.0.2.7"


def letters() -> list[Letter]:
    return list(Letter.objects.filter(kind="links"))


def test_all_live_cases_stand_in_one_letter_that_goes_to_the_mailbox_only(mail_dir: Path) -> None:
    desk = factories.Desk()
    first = factories.triaged(desk, email="juf@school.example")
    second = factories.answered(desk, email="juf@school.example")
    gone = factories.withdrawn(desk, email="juf@school.example")
    links.send_again({"email": "Juf@School.example"}, network=NETWORK)
    (letter,) = letters()
    message = mail.render(letter)
    assert message is not None
    assert message.to == ["juf@school.example"]
    for question in (first, second):
        assert f"/track/{factories.asker(question).mailed_token}" in message.body
    assert factories.asker(gone).mailed_token not in message.body


def test_who_asked_the_same_does_not_read_the_words_of_the_other(second_teacher: Any) -> None:
    question = factories.submitted(text="De woorden van iemand anders over lezen?")
    part = second_teacher(question)
    links.send_again({"email": part.asker.email}, network=NETWORK)
    message = mail.render(letters()[0])
    assert message is not None
    assert part.mailed_token in message.body
    assert "iemand anders" not in message.body


@pytest.mark.parametrize("email", ["onbekend@school.example", "gewist@school.example"])
def test_an_unknown_or_erased_address_gets_nothing_and_is_told_nothing(email: str) -> None:
    question = factories.submitted(email="gewist@school.example")
    privacy.erase(factories.asker(question).asker)
    links.send_again({"email": email}, network=NETWORK)
    assert letters() == []


def test_who_never_confirmed_gets_the_link_to_confirm_again() -> None:
    question = factories.unconfirmed(email="juf@school.example")
    part = factories.asker(question)
    links.send_again({"email": "juf@school.example"}, network=NETWORK)
    assert part.letters.count() == 1, "the first still waits to go"
    part.letters.update(sent_at=timezone.now())
    links.send_again({"email": "juf@school.example"}, network=NETWORK)
    assert letters() == []
    first, again = part.letters.filter(kind="confirm").order_by("due_at")
    assert again.due_at > first.due_at, "one an hour, as always"


def test_known_and_unknown_addresses_have_the_same_quota() -> None:
    factories.submitted(email="juf@school.example")
    for email in ("juf@school.example", "onbekend@school.example"):
        for _n in range(links.AN_ADDRESS_A_DAY):
            links.send_again({"email": email}, network=NETWORK)
        with pytest.raises(TooMany):
            links.send_again({"email": email}, network=NETWORK)
    assert len(letters()) == links.AN_ADDRESS_A_DAY


def test_one_network_cannot_try_address_after_address() -> None:
    for n in range(links.A_NETWORK_AN_HOUR):
        links.send_again({"email": f"adres{n}@school.example"}, network=NETWORK)
    with pytest.raises(TooMany):
        links.send_again({"email": "nog-een@school.example"}, network=NETWORK)


@pytest.mark.parametrize("email", ["", "geen adres", "x" * 300 + "@school.example"])
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(ValidationError):
        links.send_again({"email": email}, network=NETWORK)
