"""What a real browser makes of hostile text in every field, with the content security policy switched off."""

from typing import Any

import pytest
from django.test import Client

from brokers.models import User
from tests import hostile
from tests.browser.conftest import Opened
from tests.hostile_walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.thorough]

# No pages: feeds, files, and what programs read.
OTHER = ("/cite.", "/api/", "/export", "/feed", "sitemap")
STRANGE = """() => [...document.querySelectorAll("*")].filter((one) =>
  [...one.attributes].some(({ name }) => name.startsWith("on"))
  || /^(javascript|data|vbscript):/i.test((one.getAttribute("href") || one.getAttribute("src") || "").trim())
  || ["IFRAME", "OBJECT", "EMBED", "BASE", "STYLE"].includes(one.tagName)).map((one) => one.outerHTML.slice(0, 120))"""


def client(user: User | None = None) -> Client:
    made = Client()
    if user is not None:
        made.force_login(user, backend="brokers.backends.ByRole")
    return made


def test_nothing_runs_on_any_page(opened: Opened, administrator: User, settings: Any) -> None:
    settings.EMBEDDING_MODEL = "none"
    settings.QUESTIONS_PER_NETWORK_AN_HOUR = 1_000
    visitor, chief = opened(bypass_csp=True), opened(administrator, bypass_csp=True)
    walk = Walk(client, 0)
    walk.all()
    found: dict[str, Any] = {}
    for page, paths in ((visitor, [*walk.public(), *walk.private()]), (chief, walk.inside())):
        ran: list[str] = []
        page.on("dialog", lambda dialog, ran=ran: (ran.append(dialog.message), dialog.dismiss()))
        for path in (one for one in paths if not any(part in one for part in OTHER)):
            page.goto(path)
            if strange := [*page.evaluate(STRANGE), *ran]:
                found[path] = strange
            ran.clear()
    assert found == {}


def test_a_form_that_comes_back_runs_nothing(opened: Opened, settings: Any) -> None:
    settings.EMBEDDING_MODEL = "none"
    page, ran = opened(bypass_csp=True), list[str]()
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.goto("/ask")
    page.fill("[name=text]", hostile.ALL)
    for step in ("suggestions", "you"):
        with page.expect_navigation():
            page.click(f"button[value={step}]:not(.first)")
        if page.locator("#checked").count():
            page.check("#checked")
            with page.expect_navigation():
                page.click(f"button[value={step}]:not(.first)")
        assert (page.evaluate(STRANGE), ran) == ([], [])
    page.fill("[name=email]", hostile.PAYLOADS[4])
    page.fill("[name=name]", hostile.PAYLOADS[3])
    with page.expect_navigation():
        page.click("button[value=check]:not(.first)")
    assert page.input_value("[name=email]") == hostile.PAYLOADS[4], "and what was typed stands there still"
    assert (page.evaluate(STRANGE), ran) == ([], [])
    page.goto("/ask")  # the draft that this browser kept
    page.locator("#draft").wait_for()
    assert (page.evaluate(STRANGE), ran) == ([], [])
