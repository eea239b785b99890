"""Somebody at a keyboard, without a mouse: every stop of the focus is seen, and nothing is set by a script."""

from typing import Any

from playwright.sync_api import Page, expect

from brokers.models import User
from tests.browser.conftest import PASSWORD
from tests.browser.test_keyboard_walks import STOP

MOST = 120  # stops between here and what one looks for
PARTS = 12  # more than any page has
TYPES = "textarea, select, input:not([type=checkbox], [type=radio])"
FITS = "selector => document.activeElement.matches(selector)"
THERE = "to => location.hash === to && (document.getElementById(to.slice(1))?.open ?? true)"
VALUE = "() => document.activeElement.value"


class Hands:
    """Two hands on the keys of one browser. Every method presses keys; what is read of the page only checks."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.emulate_media(reduced_motion="reduce")  # scrolling at once: what has the focus is in view already

    def start(self, path: str, user: User | None = None) -> None:
        """The first page somebody opens, by its address; who works here logs in on the way."""
        if user is not None:
            user.set_password(PASSWORD)
            user.save()
        self.page.goto(path)
        if user is not None:
            self.fill("login", user.email)
            self.fill("password", PASSWORD)
            self.go()

    # --- Single keys

    def stop(self, key: str = "Tab") -> dict[str, Any]:
        """One stop on (or back): it can be seen, and on the way forward it stands after the one before."""
        self.page.keyboard.press(key)
        stop: dict[str, Any] = self.page.evaluate(STOP)
        ordered = stop["ordered"] or key != "Tab"
        # The button with the calendar, inside a date field, has a ring of its own that no style tells of.
        seen = stop["seen"] or self.is_at("input[type^=date]")
        assert stop["over"] or (seen and ordered), (self.page.url, stop)
        return stop

    def is_at(self, selector: str) -> bool:
        return bool(self.page.evaluate(FITS, selector))

    def tab_to(self, selector: str, key: str = "Tab") -> None:
        """On to the first stop that fits, which may be where the focus is already."""
        for _n in range(MOST):
            if self.is_at(selector):
                return
            assert not self.stop(key)["over"], f"{selector} is not reached on {self.page.url}"
        raise AssertionError(f"{selector} takes more than {MOST} stops on {self.page.url}")

    def back_to(self, selector: str) -> None:
        self.tab_to(selector, "Shift+Tab")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, key: str = "Enter") -> None:
        """A key that leads to a page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def go_to(self, selector: str) -> None:
        self.tab_to(selector)
        self.go()

    # --- Fields

    def fill(self, name: str, text: str) -> None:
        """Type in a field of that name, behind what stands in it."""
        self.tab_to(f"input[name={name!r}], textarea[name={name!r}]")
        self.press("Control+End")
        self.page.keyboard.type(text)

    def select(self, name: str, value: str) -> None:
        self.tab_to(f"select[name={name!r}]")
        self.turn(value)

    def choose(self, name: str, value: str) -> None:
        """One of a row of radio buttons: into the row, and along it with the arrows."""
        self.tab_to(f"input[type=radio][name={name!r}]")
        if not self.is_at(":checked"):
            self.press("Space")
        self.turn(value)
        assert self.is_at(":checked")

    def typed(self) -> str:
        """What stands in the field that has the focus."""
        return str(self.page.evaluate(VALUE))

    def turn(self, value: str) -> None:
        for _n in range(40):
            if self.typed() == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{value} cannot be chosen with the arrows")

    def unfold(self, summary: str) -> None:
        self.tab_to(summary)
        self.press("Enter")
        assert self.page.evaluate("() => document.activeElement.parentElement.open"), summary

    # --- What the desk's pages have in common

    def jump(self, part: str) -> None:
        """To the heading of a part of a case, by the keys for that: up as far as it goes, and down again."""
        self.stop_typing()
        self.press(*"k" * PARTS)
        for _n in range(PARTS):
            if self.is_at(f"[id='{part}'] h2"):
                assert self.page.evaluate(STOP)["seen"], part
                return
            self.press("j")
        raise AssertionError(f"{part} is not among the parts of {self.page.url}")

    def stop_typing(self) -> None:
        while self.is_at(TYPES):
            self.stop()

    def follow(self, link: str) -> None:
        """A link to another place on this page, which may stand before it."""
        self.tab_to(link)
        to = self.page.evaluate("() => document.activeElement.hash")
        self.press("Enter")
        # A person is slower than the browser, which gets there and unfolds it after the key.
        self.page.wait_for_function(THERE, arg=to)
        self.page.evaluate("() => { window.stoppedAt = null; }")  # here the order of the stops begins anew

    def is_refused(self) -> None:
        """What is wrong has the focus; its first line leads to the field it is about."""
        expect(self.page.locator("#problem")).to_be_focused()
        self.tab_to("#problem a")
        field = self.page.evaluate("() => document.activeElement.hash.slice(1)")
        self.press("Enter")
        expect(self.page.locator(f"[id='{field}']")).to_be_focused()

    def is_done(self) -> None:
        """What was done is said. It has the focus, unless one goes on in a part of the page, or in the text."""
        done = self.page.locator("main > .notice.done").first
        expect(done).to_be_visible()
        expect(self.page.locator("#problem")).to_have_count(0)
        if "#" not in self.page.url:
            expect(done).to_be_focused()
            assert self.page.evaluate(STOP)["seen"], self.page.url
