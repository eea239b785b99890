"""The answer page in a real browser: on paper, without scripts, and with them."""

import re
from typing import Any

import pytest

from questions import limits
from questions.models import Correction
from tests.browser.conftest import Opened
from tests.factories import answer_url, public_answer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Much, and yet what a broker may well write.
SHORT = "Waarschijnlijk een beetje, maar zeker is het niet. " * 8
TEAM = {
    "team_questions": "\n".join(["Wat doen wij nu, en wat weten we van de kinderen die het minst lezen?"] * 3),
    "team_try": "Spreek af wie wat doet, en schrijf op wat er gebeurt. " * 10,
    "team_watch": "Let op wie er niet meedoet, en vraag waarom. " * 10,
}


def pages_on_paper(page: Any) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))


def test_a_team_sheet_is_one_page_on_paper(opened: Opened) -> None:
    assert all(len(text) < limits.TEAM for text in TEAM.values())
    item = public_answer(short_answer=SHORT, strength="insufficient", direction="", **TEAM)
    page = opened()
    page.goto(f"/answers/{item.number}/team")
    assert pages_on_paper(page) == 1
    page.goto(answer_url(item))
    assert page.locator(".share").is_visible()
    page.emulate_media(media="print")
    for part in (".share", ".respond", ".report"):
        assert page.locator(part).first.is_hidden(), part
    assert page.locator(".sure").is_visible()


def test_a_mistake_in_one_part_is_reported_without_scripts(opened: Opened) -> None:
    item = public_answer()
    page = opened(width=320, script=False)
    page.goto(answer_url(item))
    assert page.locator("button[data-copy]").is_hidden()
    assert page.get_by_label("Het vaste adres").input_value().endswith(f"/answers/{item.number}")
    page.get_by_role("link", name="Klopt er iets niet met bron 1?").click()
    assert page.get_by_label("Over welk deel gaat het?").input_value() == "source-1"
    page.get_by_label("Wat klopt er niet?").fill("Het jaartal.")
    page.locator("#correction button").click()
    page.get_by_role("status").filter(has_text="Bedankt").wait_for()
    assert Correction.objects.get().section == "source-1"


def test_with_scripts_the_address_is_copied_by_a_button(opened: Opened) -> None:
    item = public_answer()
    page = opened()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(answer_url(item))
    page.get_by_role("button", name="Kopieer het adres").click()
    page.get_by_role("status").filter(has_text="Gekopieerd").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"/answers/{item.number}")
