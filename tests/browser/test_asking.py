"""Asking on a phone in a real browser: suggestions while typing, drafts, no connection, the back button."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from questions.models import Participation, Question
from tests import factories
from tests.browser.conftest import Opened
from tests.browser.test_every_page_fits import wrong_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ASKED = factories.ARTICULATED
OFFLINE = "Er is nu geen verbinding"


@pytest.fixture
def phone(opened: Opened, settings: Any) -> Page:
    settings.EMBEDDING_MODEL = "none"
    return opened(width=320)


def go_on(page: Page, step: str) -> None:
    with page.expect_navigation():
        page.click(f"button[value={step}]:not(.first)")


def fill_in(page: Page, text: str = "Wat helpt tegen onrust na de pauze in een combinatieklas?") -> None:
    """Through all the pages up to the last."""
    page.goto("/ask")
    page.fill("[name=text]", text)
    go_on(page, "suggestions")
    if page.locator("input[name=at][value=suggestions]").count():
        go_on(page, "why")
    page.fill("[name=context]", "Voor mijn team.")
    go_on(page, "you")
    page.select_option("[name=role]", "teacher")
    page.select_option("[name=sector]", "po")
    page.fill("[name=email]", "lerares@school.example")
    go_on(page, "check")


def send(page: Page) -> None:
    go_on(page, "send")
    while "/ask/sent" not in page.url:  # quick as a machine: it asks to read once more
        go_on(page, "send")


def test_suggestions_come_while_typing_with_one_request_a_pause(phone: Page) -> None:
    number = factories.item(factories.published()).number
    shown = factories.shown()
    asked: list[str] = []
    phone.on("request", lambda one: asked.append(one.url) if one.url.endswith("/ask/suggestions") else None)
    phone.goto("/ask")
    phone.locator("[name=text]").press_sequentially(ASKED, delay=5)
    expect(phone.locator("#live")).to_contain_text("Misschien is dit je antwoord al")
    assert len(asked) == 1
    assert phone.locator("#live").get_attribute("aria-live") == "polite"
    assert phone.locator(f"#live a[href='/working-on/{shown.number}']").count()
    with phone.context.expect_page():
        phone.locator(f"#live a[data-reads='{number}']").click()
    phone.fill("[name=text]", "kort")
    expect(phone.locator("#live")).to_be_empty()
    phone.fill("[name=text]", ASKED + " Bel 06-12345678.")
    expect(phone.locator("#live")).to_contain_text("een telefoonnummer")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    phone.fill("[name=text]", ASKED)
    go_on(phone, "suggestions")
    assert phone.locator(f"#read-{number}").is_checked(), "what was opened goes along"
    with phone.expect_navigation():
        phone.locator(f"button[value='helped:answer:{number}']").click()
    assert phone.url.endswith(f"/ask/helped?answer={number}")


def test_a_draft_survives_a_closed_tab_and_is_gone_when_sent_or_thrown_away(phone: Page) -> None:
    fill_in(phone)
    context = phone.context
    phone.close()
    page = context.new_page()
    page.goto("/ask")
    expect(page.locator("#draft")).to_contain_text("onrust na de pauze")
    assert "lerares@school.example" not in str(page.evaluate("JSON.stringify(localStorage)"))
    page.click("#draft-on")
    assert "onrust" in page.input_value("[name=text]")
    go_on(page, "suggestions")
    if page.locator("input[name=at][value=suggestions]").count():
        go_on(page, "why")
    assert page.input_value("[name=context]") == "Voor mijn team."
    fill_in(page)
    send(page)
    assert page.evaluate("localStorage.getItem('rotonde-ask')") is None
    page.goto("/ask")
    page.fill("[name=text]", "Nog een vraag die ik half af heb")
    page.reload()
    page.click("#draft-away")
    page.reload()
    expect(page.locator("#draft")).to_be_hidden()
    page.check("#keep-not")
    page.fill("[name=text]", "Dit blijft op deze computer niet staan")
    page.reload()
    expect(page.locator("#draft")).to_be_hidden()
    assert page.evaluate("localStorage.getItem('rotonde-ask')") is None


def test_a_lost_connection_loses_nothing(phone: Page) -> None:
    fill_in(phone)
    phone.context.set_offline(True)
    phone.click("button[value=send]:not(.first)")
    expect(phone.locator("#lost")).to_contain_text(OFFLINE)
    expect(phone.locator("dl.check")).to_contain_text("onrust na de pauze")
    phone.context.set_offline(False)
    send(phone)
    assert Question.objects.count() == 1


@pytest.mark.parametrize("script", [True, False])
def test_the_back_button_shows_what_was_typed_and_sending_again_is_one_question(
    opened: Opened, settings: Any, script: bool
) -> None:
    settings.EMBEDDING_MODEL = "none"
    page = opened(width=320, script=script)
    fill_in(page)
    page.go_back()
    assert page.input_value("[name=email]") == "lerares@school.example"
    page.go_back()
    assert page.input_value("[name=context]") == "Voor mijn team."
    page.go_forward()
    page.go_forward()
    send(page)
    page.go_back()
    go_on(page, "send")
    assert page.url.endswith("/ask/sent")
    assert Question.objects.count() == 1


def test_what_is_wrong_gets_the_focus_and_leads_to_the_field(phone: Page) -> None:
    phone.goto("/ask")
    go_on(phone, "suggestions")
    expect(phone.locator("#problem")).to_be_focused()
    phone.click("#problem a")
    expect(phone.locator("#ask-text")).to_be_focused()


def test_me_too_from_the_list_to_the_own_page(phone: Page) -> None:
    shown = factories.shown()
    phone.goto("/working-on")
    phone.click("main h2 a")
    phone.fill("[name=email]", "ook@school.example")
    with phone.expect_navigation():
        phone.click("main form button")
    part = Participation.objects.get(question=shown, asker__email="ook@school.example")
    phone.goto(f"/confirm/{part.confirm_token}")
    with phone.expect_navigation():
        phone.click("main form button")
    assert re.search("/track/", phone.url)
    expect(phone.locator("main")).to_contain_text(ASKED)


@pytest.mark.thorough
@pytest.mark.parametrize(("width", "prefix"), [(320, ""), (1280, "/en")])
def test_every_step_fits_and_is_accessible_empty_wrong_and_filled(
    opened: Opened, settings: Any, width: int, prefix: str
) -> None:
    settings.EMBEDDING_MODEL = "none"
    factories.published()
    factories.shown()
    page = opened(width=width)
    problems: dict[str, list[str]] = {}

    def look(name: str) -> None:
        if found := wrong_with(page):
            problems[name] = found

    page.goto(f"{prefix}/ask")
    look("empty")
    go_on(page, "suggestions")
    look("nothing typed")
    page.fill("[name=text]", "Helpt dit leerling Fatima de Vries, 06-12345678, bij het lezen?")
    go_on(page, "suggestions")
    look("personal data")
    with page.expect_navigation():
        page.click("button[value='scrub:question']")
    page.fill("[name=text]", ASKED)
    expect(page.locator("#live ol")).to_be_visible()
    look("live")
    go_on(page, "suggestions")
    look("suggestions")
    go_on(page, "why")
    look("why")
    go_on(page, "you")
    page.check("[name=behalf][value=team]")
    go_on(page, "check")
    look("you, wrong")
    page.select_option("[name=role]", "teacher")
    page.select_option("[name=sector]", "po")
    page.fill("[name=on_behalf_of]", "Onderbouw")
    page.fill("[name=email]", "lerares@school.example")
    go_on(page, "check")
    look("check")
    assert problems == {}
