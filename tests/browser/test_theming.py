"""One file of tokens gives every page the looks of another house, as easy to read as before."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Opened
from tests.browser.test_every_page_fits import wrong_with
from tests.factories import answer_url, public_answer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.thorough]

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "example-theme.css"
LOOK = """([selector, property]) => {
  const found = document.querySelector(selector);
  return found && getComputedStyle(found)[property];
}"""
# On which page, what, which property.
SEEN = [
    ("/", "main button", "backgroundColor"),
    ("/", "h1", "fontFamily"),
    ("/", ".bar", "backgroundColor"),
    ("/", ".mark .bubble", "fill"),
    ("/search?q=zonnepanelen", "main .notice", "backgroundColor"),
    ("/search?q=zonnepanelen", ".second", "color"),
    ("/ask", "label", "fontFamily"),
    ("/ask", "textarea", "borderColor"),
    ("answer", "main a", "color"),
    ("answer", ".sure", "borderColor"),
    ("answer", "footer", "backgroundColor"),
]


def test_another_theme_changes_every_page_and_stays_readable(opened: Opened, settings: Any) -> None:
    answer = answer_url(public_answer())

    def seen(theme: str) -> tuple[dict[tuple[str, str, str], str], str]:
        settings.THEME = theme
        page, found = opened(width=1280), {}
        for path, selector, name in SEEN:
            address = answer if path == "answer" else path
            if not page.url.endswith(address):
                page.goto(address)
                assert wrong_with(page) == [], address
            found[path, selector, name] = page.evaluate(LOOK, [selector, name])
        page.goto("/ask")
        page.focus("textarea")
        return found, page.evaluate(LOOK, ["textarea", "outlineColor"])

    (ours, our_focus), (theirs, their_focus) = seen(""), seen(str(EXAMPLE))
    assert all(ours.values()), ours
    assert [key for key in ours if ours[key] == theirs[key]] == []
    assert our_focus != their_focus
