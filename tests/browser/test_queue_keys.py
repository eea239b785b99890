"""The keys of the queue: real focus on real links, never while typing, and they can be switched off."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.conftest import Opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def words_only(settings: Any) -> None:
    settings.EMBEDDING_MODEL = "none"


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.id"))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_one_goes_through_the_queue_by_keys(opened: Opened) -> None:
    desk = factories.Desk()
    cases = [factories.triaged(desk, context="Wij zijn een kleine school.") for _n in range(3)]
    urls = [f"/desk/cases/{case.pk}" for case in cases]
    page = opened(desk.broker)
    page.goto("/desk?tab=unclaimed")
    press(page, "j")
    assert focused(page) == urls[0]
    press(page, "j", "j", "j")
    assert focused(page) == urls[2], "the last one stays the last"
    press(page, "k")
    assert focused(page) == urls[1]
    press(page, "x")
    expect(page.locator("#picked")).to_have_text("(1)")
    assert page.locator("input[name=questions]:checked").get_attribute("value") == str(cases[1].pk)
    press(page, "p")
    expect(page.get_by_text("Wij zijn een kleine school.").nth(1)).to_be_visible()
    press(page, "Control+j", "Alt+x")
    assert focused(page) == urls[1], "keys with a modifier are somebody else's"

    press(page, "?")
    expect(page.locator("dialog[open]")).to_be_visible()
    press(page, "j")
    press(page, "Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert focused(page) == urls[1], "the focus comes back"

    press(page, "/")
    assert focused(page) == "f-q"
    press(page, "j", "c", "x", "?")
    expect(page.locator("#f-q")).to_have_value("jcx?")
    assert factories.reload(cases[1]).assignee is None

    page.focus(f"h2 a[href='{urls[1]}']")
    with page.expect_navigation():
        press(page, "c")
    assert factories.reload(cases[1]).assignee == desk.broker
    page.goto("/desk?tab=unclaimed")
    press(page, "j")
    with page.expect_navigation():
        press(page, "Enter")
    assert page.url.endswith(urls[0])


def test_a_case_that_cannot_be_claimed_says_so_at_its_key(opened: Opened) -> None:
    desk = factories.Desk()
    case = factories.drafted(desk)
    page = opened(desk.broker, width=320)
    page.goto("/desk?tab=mine")
    said = page.locator("#keys-said[role=status]")
    press(page, "c")
    expect(said).to_be_empty()  # no case has the focus
    for _again in range(2):
        press(page, "j", "c")
        expect(said).to_have_text("Dit dossier kun je niet oppakken.")
        expect(said).to_be_in_viewport(ratio=1)
        press(page, "Tab")
        expect(said).to_be_empty()
        page.focus(f"h2 a[href='/desk/cases/{case.pk}']")
    assert page.url.endswith("tab=mine")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_all_cases_on_the_page_are_chosen_at_once(opened: Opened) -> None:
    desk = factories.Desk()
    cases = {str(factories.triaged(desk).pk) for _n in range(3)}
    page = opened(desk.coordinator, width=320)
    page.goto("/desk?tab=unclaimed")
    every, picked = page.get_by_label("Kies alles op deze pagina"), page.locator("#picked")
    chosen = page.locator("input[name=questions]:checked")
    half = "one => one.indeterminate"
    every.check()
    expect(picked).to_have_text("(3)")
    assert {one.get_attribute("value") for one in chosen.all()} == cases
    press(page, "j", "x")
    expect(picked).to_have_text("(2)")
    expect(every).not_to_be_checked()
    assert every.evaluate(half)
    press(page, "x")
    expect(every).to_be_checked()
    assert not every.evaluate(half)
    every.uncheck()
    expect(picked).to_be_empty()
    expect(chosen).to_have_count(0)
    plain = opened(desk.coordinator, width=320, script=False)
    plain.goto("/desk?tab=unclaimed")
    expect(plain.locator("#choose-all")).to_be_hidden()
    expect(plain.locator("input[name=questions]")).to_have_count(3)


def test_keys_that_are_switched_off_do_nothing_and_the_list_of_keys_is_there_without_scripts(opened: Opened) -> None:
    desk = factories.Desk()
    factories.triaged(desk)
    page = opened(desk.broker)
    page.goto("/desk?tab=unclaimed")
    page.click("#keys > summary")
    page.uncheck("#keys-on")
    page.reload()
    before = focused(page)
    press(page, "j", "?")
    assert focused(page) == before
    expect(page.locator("dialog[open]")).to_have_count(0)
    plain = opened(desk.broker, script=False, width=320)
    plain.goto("/desk?tab=unclaimed")
    plain.click("#keys > summary")
    expect(plain.locator("#keys dt").first).to_be_visible()
    expect(plain.locator("#keys-choice")).to_be_hidden()


def test_cases_are_chosen_and_given_away_without_scripts(opened: Opened) -> None:
    desk = factories.Desk()
    cases = [factories.triaged(desk) for _n in range(2)]
    page = opened(desk.coordinator, script=False, width=320)
    page.goto("/desk?tab=unclaimed")
    for box in page.locator("input[name=questions]").all():
        box.check()
    page.click("#together summary")
    page.select_option("#assign-broker", desk.broker.email)
    page.click("button[value=assign]")
    expect(page.locator("[role=status]").first).to_contain_text("2 dossiers")
    assert {factories.reload(case).assignee for case in cases} == {desk.broker}
