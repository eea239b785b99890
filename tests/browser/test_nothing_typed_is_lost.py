"""Kept is what the desk says it has: a tab that is hidden while nothing comes through tells so when it is seen again."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from questions.models import PrivateDraft
from tests import factories
from tests.browser.conftest import Opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A tab that is hidden or seen, as the browser tells its page.
TURN = """state => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
# Whether the browser would ask somebody who closes this page.
ASKS = """() => {
  const closing = new Event("beforeunload", { cancelable: true });
  dispatchEvent(closing);
  return closing.defaultPrevented;
}"""
# The seconds between two tries are not waited for; what a try brings is.
NO_CLOCK = "window.setInterval = () => 0;"


@pytest.fixture
def page(opened: Opened) -> Page:
    desk = factories.Desk()
    made = opened(desk.broker)
    made.add_init_script(NO_CLOCK)
    made.goto(f"/desk/cases/{factories.drafted(desk).pk}")
    return made


def type_something(page: Page) -> None:
    page.get_by_label("Uitleg", exact=True).press("Control+End")
    page.keyboard.type(" NET GETYPT")


def answered(status: int) -> Any:
    said = '{"said": "Dit kan nu niet."}'
    return lambda route: route.fulfill(status=status, body=said, content_type="application/json")


LOST = "Er is geen verbinding"
FAILING = {
    "offline": (lambda route: route.abort(), LOST),
    "logged out": (lambda route: route.fulfill(status=403, body="<p>Log in", content_type="text/html"), "uitgelogd"),
    "sent to log in": (
        lambda route: route.fulfill(status=200, body="<p>Log in", content_type="text/html"),
        "uitgelogd",
    ),
    "too many drafts": (answered(409), "Dit kan nu niet."),
    "too often": (answered(429), "Dit kan nu niet."),
}


@pytest.mark.parametrize("how", FAILING)
def test_what_could_not_be_kept_while_the_tab_was_hidden_is_told_and_tried_again(page: Page, how: str) -> None:
    fails, told = FAILING[how]
    page.route("**/answer/draft", fails)
    type_something(page)
    for state in ("hidden", "visible"):  # tried as it goes out of sight, and at once when it is seen again
        with page.expect_request("**/answer/draft"):
            page.evaluate(TURN, state)
        expect(page.locator("#kept.trouble")).to_contain_text(told)
        expect(page.locator("#kept-said")).to_contain_text(told)
    assert page.evaluate(ASKS), "who closes the page now is asked first"
    assert not PrivateDraft.objects.exists()

    page.unroute("**/answer/draft")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#kept:not(.trouble)")).to_contain_text("voor jou alleen")
    assert not page.evaluate(ASKS)
    assert "NET GETYPT" in PrivateDraft.objects.get().content["explanation"]


def test_the_last_words_go_along_with_a_page_that_is_left(page: Page) -> None:
    type_something(page)
    with page.expect_response("**/answer/draft") as sent:
        page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    assert sent.value.ok
    assert "NET GETYPT" in PrivateDraft.objects.get().content["explanation"]


def test_a_page_that_came_back_still_has_to_be_kept_when_its_last_words_did_not_come_through(page: Page) -> None:
    page.route("**/answer/draft", lambda route: route.abort())
    type_something(page)
    with page.expect_event("requestfailed"):
        page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    page.unroute("**/answer/draft")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    page.evaluate(TURN, "visible")
    expect(page.locator("#kept")).to_contain_text("voor jou alleen")
    assert "NET GETYPT" in PrivateDraft.objects.get().content["explanation"]
