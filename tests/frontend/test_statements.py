"""What the operator declares, and what is true of the code whoever the operator is."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import override_settings
from django.utils import timezone

from frontend import declared
from frontend.pages import statements
from questions import retention
from tests import factories

pytestmark = pytest.mark.django_db
FILLED = {
    **dict.fromkeys(declared.NEEDED, "INGEVULD"),
    "ACCESSIBILITY_STATUS": "partial",
    "ACCESSIBILITY_DATE": "2026-11-30",
    "PRIVACY_DATE": "2026-11-30",
}


def html(browser: Any, path: str) -> str:
    response = browser().get(path)
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize("path", ["/privacy", "/accessibility", "/en/privacy", "/en/accessibility"])
def test_what_is_not_filled_in_is_shown_as_such(browser: Any, path: str) -> None:
    assert 'class="notice warn"' in html(browser, path)
    assert 'class="unfilled"' in html(browser, path)
    with override_settings(**FILLED):
        filled = html(browser, path)
        assert 'class="notice warn"' not in filled
        assert 'class="unfilled"' not in filled
        assert "INGEVULD" in filled
        assert "2026" in filled


def test_an_operator_hears_of_what_is_missing_before_publishing() -> None:
    with override_settings(**FILLED | {"PRIVACY_GROUND": ""}):
        (found,) = [one for one in run_checks(include_deployment_checks=True) if one.id == "frontend.W001"]
        assert "PRIVACY_GROUND" in found.msg
    with override_settings(**FILLED):
        assert not [one for one in run_checks(include_deployment_checks=True) if (one.id or "").startswith("frontend")]


@pytest.mark.parametrize(
    "wrong", [{"ACCESSIBILITY_STATUS": "perfect"}, {"PRIVACY_DATE": "gisteren"}, {"ACCESSIBILITY_DATE": "30-11-2026"}]
)
def test_a_status_or_date_that_is_none_is_an_error(wrong: dict[str, str]) -> None:
    with override_settings(**FILLED | wrong):
        assert [one.id for one in run_checks() if (one.id or "").startswith("frontend.E")]


def test_what_an_operator_writes_cannot_become_code(browser: Any) -> None:
    with override_settings(**dict.fromkeys(declared.NEEDED, "<script>alert(1)</script>")):
        for path in ("/privacy", "/accessibility"):
            assert "<script>alert" not in html(browser, path)


def test_the_days_that_are_promised_are_those_that_are_kept(browser: Any, settings: Any) -> None:
    said = html(browser, "/privacy")
    assert f"{retention.UNCONFIRMED.days} dagen, daarna verdwijnt de vraag vanzelf." in said
    question = factories.unconfirmed()
    type(question).objects.update(created_at=timezone.now() - retention.UNCONFIRMED - timedelta(minutes=1))
    assert retention.forget_unconfirmed() == 1
    assert f"{settings.SPAM_KEPT_DAYS} dagen, daarna worden tekst en adres vanzelf verwijderd." in said


def test_all_that_is_kept_is_told(browser: Any, settings: Any) -> None:
    said = html(browser, "/privacy")
    for words in (
        "Als je iets per e-mail volgt",
        "na zes weken en na zes maanden",
        "nog niet verstuurde",
        "deskundige",
    ):
        assert words in said
    script = (Path(__file__).parents[2] / "frontend/static/frontend/ask.js").read_text()
    assert f"DAYS = {statements.DRAFT};" in script
    assert f"{statements.DRAFT} dagen, alleen op je eigen apparaat" in said
    assert "op onze e-mail antwoordt" not in said, "no mailbox is read here"
    settings.REPLY_MAILBOX = "maildir:/tmp/post"
    assert "op onze e-mail antwoordt" in html(browser, "/privacy")


def test_no_page_sets_a_cookie_that_is_not_named(browser: Any) -> None:
    item = factories.item(factories.published())
    client = browser()
    for path in (
        "/",
        "/search?q=lezen",
        "/guide",
        "/ask",
        "/themes",
        f"/answers/{item.number}/{item.slug}",
        "/privacy",
    ):
        client.get(path)
    client.post(f"/answers/{item.number}/feedback", {"helpful": "yes"})
    said = html(browser, "/privacy")
    assert client.cookies
    assert all(f"<code>{name}</code>" in said for name in client.cookies)


def test_who_only_reads_gets_no_cookie_but_that_of_a_form(browser: Any) -> None:
    for path in ("/", "/themes", "/guide", "/privacy", "/accessibility", "/sitemap.xml"):
        assert not browser().get(path).cookies, path


def test_a_weakness_can_be_reported_where_machines_look(browser: Any, settings: Any) -> None:
    assert browser().get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "security@vragen.example"
    response = browser().get("/.well-known/security.txt")
    lines = dict(one.split(": ", 1) for one in response.content.decode().splitlines())
    assert response["Content-Type"].startswith("text/plain")
    assert lines["Contact"] == "mailto:security@vragen.example"
    assert timezone.now() < datetime.fromisoformat(lines["Expires"]) < timezone.now() + timedelta(days=365)
