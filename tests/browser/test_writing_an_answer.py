"""Writing with the keyboard: the toolbar, sources to choose from, and words that outlive the browser."""

import pytest
from playwright.sync_api import expect

from questions.models import PrivateDraft
from tests import factories
from tests.browser.conftest import Opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_was_typed_by_keyboard_is_marked_up_cited_kept_and_found_again(opened: Opened) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    source = factories.source(title="Woordenschat in de klas")
    page = opened(desk.broker, width=320)
    page.goto(f"/desk/cases/{question.pk}")
    field = page.get_by_label("Uitleg", exact=True)
    field.press("Control+End")
    page.keyboard.type(" Lees [@woordensch")
    option = page.get_by_role("option", name=source.key)
    expect(option).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    field.press("Enter")
    expect(field).to_have_value(f"{factories.TEXTS['explanation']} Lees [@{source.key}]")
    field.press("Shift+Tab")
    expect(page.locator(":focus")).to_have_text("Vet")
    for _n in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(field).to_have_value(f"- {factories.TEXTS['explanation']} Lees [@{source.key}]")
    expect(page.locator("#kept")).to_contain_text("voor jou alleen")
    expect(page.locator("#live")).to_contain_text("woorden")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.context.clear_cookies()  # logged out meanwhile
    field.press("End")
    page.keyboard.type(" NA HET UITLOGGEN")
    expect(page.locator("#kept")).to_contain_text("Je bent uitgelogd", timeout=15_000)  # it saves every few seconds
    assert "Lees [@" in PrivateDraft.objects.get().content["explanation"]

    again = opened(desk.broker)
    again.goto(f"/desk/cases/{question.pk}")
    again.get_by_role("button", name="Verder met mijn klad").click()
    field = again.get_by_label("Uitleg", exact=True)
    expect(field).to_have_value(f"- {factories.TEXTS['explanation']} Lees [@{source.key}]")
    with again.expect_navigation():
        field.press("Control+s")
    expect(again.locator(".notice.done")).to_contain_text("Het antwoord is opgeslagen")
    assert factories.working(question).citations.filter(source=source).exists()
    assert not PrivateDraft.objects.exists()
