"""Questions in public while they are worked on, and the form to join one."""

import re
from typing import Any

import pytest

from questions.models import Participation, Question
from tests import factories
from tests.frontend.test_hostile_text import HOSTILE, is_harmless

pytestmark = pytest.mark.django_db
OWN = "Mijn eigen woorden over zebrapaden en het stillezen van mijn klas?"


@pytest.fixture
def shown() -> Question:
    return factories.shown(text=OWN, context="Geheime reden.")


def test_the_list_and_the_page_show_the_agreed_words_and_nothing_of_the_asker(browser: Any, shown: Question) -> None:
    factories.agreed(text="Iets anders dat niemand hoort te zien, nog niet?")
    for path in ("/working-on", f"/working-on/{shown.number}", "/working-on?sector=po", "/en/working-on"):
        html = browser().get(path).content.decode()
        assert factories.ARTICULATED in html, path
        for words in ("zebrapaden", "Geheime", "niemand hoort", "school.example"):
            assert words not in html, path
    assert factories.ARTICULATED not in browser().get("/working-on?sector=vo&theme=%00").content.decode()


def test_a_question_that_is_not_shown_is_not_there(browser: Any) -> None:
    question = factories.agreed()
    for number in (question.number, 999_999, 2**31, 10**30):
        assert browser().get(f"/working-on/{number}").status_code == 404
        assert browser().post(f"/working-on/{number}", {"email": "a@school.example"}).status_code == 404


def test_an_answered_question_leads_to_its_answer(browser: Any) -> None:
    number = factories.published().number
    assert browser().get(f"/working-on/{number}")["Location"] == f"/answers/{number}"


def test_somebody_joins_and_confirms_and_sees_how_far_it_is(browser: Any, shown: Question) -> None:
    client = browser()
    response = client.post(f"/working-on/{shown.number}", {"email": "ook@school.example", "name": "Els"})
    assert response["Location"] == "/working-on/sent"
    assert client.get("/working-on/sent").status_code == 200
    part = Participation.objects.get(asker__email="ook@school.example")
    page = client.get(f"/confirm/{part.confirm_token}")
    assert factories.ARTICULATED in page.content.decode()
    assert Participation.objects.get(pk=part.pk).is_waiting, "opening a link changes nothing"
    track = client.post(f"/confirm/{part.confirm_token}", follow=True)
    html = track.content.decode()
    assert factories.ARTICULATED in html
    assert "zebrapaden" not in html
    assert "Geheime" not in html
    again = client.get(f"/confirm/{part.confirm_token}")
    assert (again.status_code, again["Location"]) == (302, f"/track/{part.mailed_token}")


def test_a_wrong_address_comes_back_filled_and_a_quota_is_said(browser: Any, shown: Question, settings: Any) -> None:
    response = browser().post(f"/working-on/{shown.number}", {"email": "geen adres", "name": HOSTILE})
    html = response.content.decode()
    assert response.status_code == 400
    assert "geen adres" in html
    assert is_harmless(html)
    settings.QUESTIONS_PER_NETWORK_AN_HOUR = 0
    response = browser().post(f"/working-on/{shown.number}", {"email": "a@school.example"})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


@pytest.mark.parametrize("value", ["\x00", "�" * 300, "[]", "\u202eomgekeerd", "😀@school.example", HOSTILE])
@pytest.mark.parametrize("name", ["email", "name"])
def test_odd_characters_break_nothing(browser: Any, shown: Question, name: str, value: str) -> None:
    data = {"email": "ook@school.example", "name": "Els", name: value}
    response = browser().post(f"/working-on/{shown.number}", data)
    assert response.status_code in (302, 400)
    assert is_harmless(response.content.decode())


def test_what_is_shown_is_suggested_to_who_asks_the_same(browser: Any, shown: Question) -> None:
    html = browser().post("/ask/suggestions", {"text": factories.ARTICULATED}).content.decode()
    assert f'href="/working-on/{shown.number}"' in html
    assert "helped:" not in html


def test_the_broker_sees_that_it_is_in_public_and_the_asker_was_told(browser: Any, shown: Question) -> None:
    html = browser(shown.assignee).get(f"/desk/cases/{shown.pk}").content.decode()
    assert re.search(r"Openbaar terwijl we eraan werken", html)
    waiting = factories.proposed()
    html = browser().get(f"/track/{factories.asker(waiting).token}").content.decode()
    assert 'name="keep_private"' in html
