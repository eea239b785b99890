"""Without a mouse: from a search to an answer, and from asking to confirming; the focus is seen at every stop."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from questions.models import Question
from tests import factories
from tests.browser.conftest import Opened
from tests.browser.test_journey import newest_link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUESTION = "Wat helpt tegen onrust na de pauze in een combinatieklas?"
# What has the focus: what it is, whether that shows, and whether it stands after the stop before it.
STOP = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const before = window.stoppedAt;
  window.stoppedAt = one;
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return {
    html: one.outerHTML.slice(0, 90),
    over: one === document.body,
    seen: (outlined || style.boxShadow !== "none") && box.width > 0 && box.bottom > 0 && box.top < innerHeight,
    ordered: !before?.isConnected || before === one || !!(before.compareDocumentPosition(one) & 4),
  };
}"""
MOST = 80  # stops on a page


@pytest.fixture(autouse=True)
def words_only(settings: Any) -> None:
    settings.EMBEDDING_MODEL = "none"


def walker(opened: Opened, **how: Any) -> Page:
    page = opened(**how)
    page.emulate_media(reduced_motion="reduce")  # scrolling at once: what has the focus is in view already
    return page


def tab(page: Page) -> dict[str, Any]:
    """One stop further; its focus can be seen and the order is that of the page."""
    page.keyboard.press("Tab")
    stop: dict[str, Any] = page.evaluate(STOP)
    assert stop["over"] or (stop["seen"] and stop["ordered"]), (page.url, stop)
    return stop


def tab_to(page: Page, selector: str) -> int:
    """On to the first stop that fits; how many stops that took."""
    for count in range(1, MOST):
        assert not tab(page)["over"], f"{selector} is not reached on {page.url}"
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return count
    raise AssertionError(f"{selector} takes more than {MOST} stops on {page.url}")


def press(page: Page, key: str = "Enter") -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def leaves(page: Page) -> None:
    """Nothing on the page keeps the focus: one comes out at its end."""
    assert any(tab(page)["over"] for _ in range(MOST)), page.url


@pytest.mark.parametrize("width", [320, 1280])
def test_from_a_search_to_an_answer(opened: Opened, width: int) -> None:
    number = factories.item(factories.published()).number
    page = walker(opened, width=width)
    page.goto("/")
    assert tab_to(page, "a.skip") == 1
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    assert tab_to(page, "main [name=q]") == 1, "the skip link skips"
    page.keyboard.type("stillezen")
    press(page)
    assert tab_to(page, "a.skip") == 1
    page.keyboard.press("Enter")
    tab_to(page, f"ol.hits a[href*='/answers/{number}/']")
    press(page)
    expect(page.locator("h1")).to_have_text(factories.ARTICULATED)
    tab_to(page, "#feedback [name=helpful]")
    page.keyboard.press("Space")
    tab_to(page, "#feedback button")
    press(page)
    expect(page.locator("main [role=status]").first).to_contain_text("Bedankt")
    page.evaluate("() => { window.stoppedAt = null; document.activeElement.blur(); }")
    leaves(page)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_from_asking_to_confirming(opened: Opened, mail_dir: Path, script: bool) -> None:
    page = walker(opened, width=320 if script else 1280, script=script)
    page.goto("/ask")
    tab_to(page, "button[value=suggestions]:not(.first)")
    press(page)
    expect(page.locator("#problem")).to_be_focused()
    tab_to(page, "#problem a")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id || location.hash.slice(1)") == "ask-text"
    if not script:
        page.focus("#ask-text")
    page.keyboard.type(QUESTION)
    tab_to(page, "button[value=suggestions]:not(.first)")
    press(page)
    tab_to(page, "[name=context]")
    page.keyboard.type("Voor mijn team.")
    tab_to(page, "button[value=you]:not(.first)")
    press(page)
    for name, letter in (("role", "l"), ("sector", "p")):
        tab_to(page, f"[name={name}]")
        page.keyboard.type(letter)
    tab_to(page, "[name=behalf]")
    page.keyboard.press("Space")
    tab_to(page, "[name=email]")
    page.keyboard.type("geen adres")
    tab_to(page, "button[value=check]:not(.first)")
    press(page)
    expect(page.locator("#problem")).to_be_focused()
    tab_to(page, "#problem a")
    page.keyboard.press("Enter")
    page.focus("[name=email]")
    page.keyboard.press("Control+A")
    page.keyboard.type("lerares@school.example")
    tab_to(page, "button[value=check]:not(.first)")
    press(page)
    while "/ask/sent" not in page.url:  # quick as a machine: it asks to read once more
        tab_to(page, "button[value=send]:not(.first)")
        press(page)
    confirm(page, mail_dir)


def confirm(page: Page, mail_dir: Path) -> None:
    page.goto(newest_link(mail_dir, "confirm"))
    tab_to(page, "main form button")
    press(page)
    assert "/track/" in page.url
    assert Question.objects.get().confirmed_at is not None
    leaves(page)


# What is wrong, where, and the field it is about.
WRONG = [
    ("/working-on/{shown}", "main form button", "me-too-email"),
    ("/confirm/again", "main form button", "again-email"),
    ("/track", "main form button", "links-email"),
    ("/follow?answer={number}", "main form button", "follow-email"),
    ("/answers/{number}", "#feedback button", "feedback-helpful"),
    ("/answers/{number}?section=gap", "#correction button", "correction-what"),
    ("/track/{token}", "#dialogue form button", "say-body"),
    ("/track/{token}", "#helps form button", "respond-verdict"),
]


def test_what_is_wrong_takes_the_focus_and_leads_to_its_field(opened: Opened) -> None:
    answered = factories.answered()
    names = {
        "number": factories.item(factories.published()).number,
        "shown": factories.shown().number,
        "token": factories.asker(answered).token,
    }
    page = walker(opened)
    for path, button, field in WRONG:
        page.goto(path.format(**names))
        page.focus(button)
        press(page)
        expect(page.locator("#problem"), path).to_be_focused()
        tab_to(page, "#problem a")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == field, path
