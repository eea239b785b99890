"""Ending mail by one click, and looking at the letters before anybody gets them."""

import re
from typing import Any

import pytest

from questions.letters import LETTERS
from questions.models import Event, Letter, Message, Participation
from tests import factories

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def part() -> Participation:
    return factories.asker(factories.triaged())


def stopped(part: Participation) -> bool:
    return factories.reload(part).mail_stopped_at is not None


def test_a_mail_program_ends_the_mail_with_one_post_and_no_cookie(browser: Any, part: Participation) -> None:
    path = f"/mail/stop/{part.stop_token}"
    for _again in range(2):
        response = browser().post(path, ONE_CLICK)
        assert response.status_code == 200, "no redirect (RFC 8058)"
        assert stopped(part)


@pytest.mark.parametrize("language", ["", "/en"])
def test_opening_the_address_changes_nothing_and_shows_no_more_than_the_number(
    browser: Any, part: Participation, language: str
) -> None:
    response = browser().get(f"{language}/mail/stop/{part.stop_token}")
    assert response.status_code == 200
    assert not stopped(part)
    html = response.content.decode()
    assert str(part.question.number) in html
    assert part.question.text not in html
    assert "track/" not in html
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]


def test_there_is_a_way_back_on_the_same_page_and_on_the_page_of_the_question(
    browser: Any, part: Participation
) -> None:
    path = f"/mail/stop/{part.stop_token}"
    browser().post(path, ONE_CLICK)
    assert path in browser().get(f"/track/{part.mailed_token}").content.decode()
    browser().post(path, {"again": "yes"})
    assert not stopped(part)


def test_who_typed_somebody_s_address_cannot_end_their_mail(browser: Any, part: Participation) -> None:
    assert "/mail/stop/" not in browser().get(f"/track/{part.token}").content.decode()
    for token in ("x", str(part.pk), part.token, part.confirm_token, part.stop_token + "x"):
        assert browser().post(f"/mail/stop/{token}", ONE_CLICK).status_code == 404
    assert not stopped(part)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", sorted(LETTERS))
def test_the_desk_looks_at_every_letter_as_it_is_sent(browser: Any, broker: Any, kind: str, language: str) -> None:
    before = [model.objects.count() for model in (Letter, Event, Message)]
    page = browser(broker).get(f"/desk/mail-preview/{kind}/{language}")
    assert page.status_code == 200
    frame = re.findall(r'<iframe[^>]*sandbox[^>]*src="([^"]+)"', page.content.decode())
    assert frame == [f"/desk/mail-preview/{kind}/{language}/html"]
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    letter = browser(broker).get(frame[0])
    assert f'<html lang="{language}">' in letter.content.decode()
    policy = letter["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "sandbox" in policy
    assert letter["X-Frame-Options"] == "SAMEORIGIN"
    assert [model.objects.count() for model in (Letter, Event, Message)] == before


def test_the_list_leads_to_every_letter_in_every_language(browser: Any, broker: Any) -> None:
    html = browser(broker).get("/desk/mail-preview").content.decode()
    assert set(re.findall(r'/desk/mail-preview/(\w+)/(nl|en)"', html)) == {
        (kind, language) for kind in LETTERS for language in ("nl", "en")
    }


@pytest.mark.parametrize(
    "path", ["/desk/mail-preview", "/desk/mail-preview/taken/nl", "/desk/mail-preview/taken/nl/html"]
)
def test_the_letters_are_for_the_desk(browser: Any, path: str) -> None:
    assert browser().get(path).status_code == 302, "to the login"
    nobody = factories.staff("broker")
    nobody.groups.clear()
    assert browser(nobody).get(path).status_code in (403, 404), "as every page of the desk"


@pytest.mark.parametrize("path", ["nonsense/nl", "taken/de", "taken/nl-x", "nonsense/nl/html"])
def test_a_letter_that_is_none_is_not_found(browser: Any, broker: Any, path: str) -> None:
    assert browser(broker).get(f"/desk/mail-preview/{path}").status_code == 404
