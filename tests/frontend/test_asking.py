"""Asking: step by step, nothing lost on the way, one question for one person's one intention."""

import re
import threading
import time
import uuid
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.utils import translation

from frontend.draft import SALT
from questions.models import Question
from tests import factories

pytestmark = pytest.mark.django_db
TEXT = "Helpt het om elke dag vijf minuten tafels te oefenen in groep 5?"


def typed(**more: Any) -> dict[str, Any]:
    """What a browser sends from the last page, by somebody who took their time."""
    return {
        **factories.asking(text=TEXT, context="Voor mijn groep.", tried="Een app.", name="Toos"),
        "key": str(uuid.uuid4()),
        "stamp": signing.dumps(time.time() - 60, salt=SALT),
        "website": "",
        **more,
    }


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))


def post(client: Any, go: str, data: dict[str, Any]) -> Any:
    return client.post("/ask", {**data, "go": go})


def test_the_steps_carry_all_that_was_typed_to_the_end(browser: Any) -> None:
    client = browser()
    page = client.get("/ask").content.decode()
    data = {**hidden(page), "stamp": typed()["stamp"], "text": TEXT}
    page = post(client, "suggestions", data).content.decode()
    assert TEXT in page
    data = hidden(page)
    page = post(client, "why", data).content.decode()
    page = post(client, "you", {**hidden(page), "context": "Voor mijn groep."}).content.decode()
    more = {"context": "Voor mijn groep.", "sector": "po", "role": "teacher", "email": "a@school.example"}
    data = {**hidden(page), **more}
    page = post(client, "check", data).content.decode()
    assert "Voor mijn groep." in page
    response = post(client, "send", hidden(page))
    assert (response.status_code, response["Location"]) == (302, "/ask/sent")
    question = Question.objects.get()
    assert (question.text, question.context, question.number) == (TEXT, "Voor mijn groep.", None)


@pytest.mark.parametrize("go", ["question", "why", "you", "check", "scrub", "suggestions"])
def test_going_back_or_on_loses_nothing(browser: Any, go: str) -> None:
    data = typed()
    html = post(browser(), go, data).content.decode()
    for name in ("text", "context", "tried", "email", "name", "key"):
        assert data[name] in html


def test_the_words_of_a_search_come_along_without_standing_in_an_address(browser: Any) -> None:
    html = post(browser(), "question", {"text": TEXT}).content.decode()
    assert TEXT in html
    assert "errorlist" not in html


def test_a_question_too_short_is_refused_with_the_words_still_there(browser: Any) -> None:
    response = post(browser(), "suggestions", {"text": "kort?"})
    assert response.status_code == 400
    assert "kort?" in response.content.decode()


def test_a_question_too_long_is_refused_with_every_word_still_there(browser: Any) -> None:
    long = "woord " * 2_000
    response = post(browser(), "send", typed(text=long))
    assert response.status_code == 400
    assert long.strip() in response.content.decode()


def test_a_wrong_field_shows_the_form_again_filled(browser: Any) -> None:
    response = post(browser(), "check", typed(email="geen adres"))
    html = response.content.decode()
    assert response.status_code == 400
    for words in ("geen adres", "Voor mijn groep.", "Een app.", TEXT):
        assert words in html


def test_a_double_click_is_one_question(browser: Any) -> None:
    client, data = browser(), typed()
    for _n in range(2):
        assert post(client, "send", data)["Location"] == "/ask/sent"
    assert Question.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_very_same_moment_are_one_question(browser: Any) -> None:
    data, found = typed(), []

    def click() -> None:
        with translation.override("nl"):
            found.append(post(browser(), "send", data).status_code)
        connection.close()

    threads = [threading.Thread(target=click) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [302] * 4
    assert Question.objects.count() == 1


def test_going_back_and_changing_the_words_after_sending_asks_first(browser: Any) -> None:
    client, data = browser(), typed()
    post(client, "send", data)
    other = {**data, "text": TEXT + " En in groep 6?"}
    response = post(client, "send", other)
    html = response.content.decode()
    assert response.status_code == 409
    assert "En in groep 6?" in html
    assert post(client, "send", {**other, "key": hidden(html)["key"]}).status_code == 302
    assert Question.objects.count() == 2


def test_a_filled_honeypot_is_asked_politely_and_a_person_gets_through(browser: Any) -> None:
    client = browser()
    data = typed(website="http://spam.example")
    response = post(client, "send", data)
    html = response.content.decode()
    assert response.status_code == 400
    assert not Question.objects.exists()
    assert TEXT in html
    assert post(client, "send", {**hidden(html), "website": ""}).status_code == 302


@pytest.mark.parametrize("stamp", ["now", "", "broken"])
def test_who_is_too_quick_sees_the_check_page_again_and_can_send(browser: Any, stamp: str) -> None:
    client = browser()
    now = signing.dumps(time.time(), salt=SALT) if stamp == "now" else stamp
    response = post(client, "send", typed(stamp=now))
    html = response.content.decode()
    assert response.status_code == 400
    assert TEXT in html
    later = {**hidden(html), "stamp": typed()["stamp"]}
    assert post(client, "send", later).status_code == 302


def test_personal_data_is_marked_and_one_click_takes_it_out(browser: Any) -> None:
    client = browser()
    data = typed(context="Bel mij op 06 12345678 of mail jan@school.example.")
    response = post(client, "send", data)
    html = response.content.decode()
    assert response.status_code == 400
    assert '<mark class="personal">06 12345678' in html
    assert '<mark class="personal">jan@school.example' in html
    html = post(client, "scrub", data).content.decode()
    assert "06 12345678" not in html
    assert post(client, "send", hidden(html)).status_code == 302


def test_personal_data_may_stay_when_somebody_has_checked_it(browser: Any) -> None:
    data = typed(context="Bel mij op 06 12345678.")
    assert post(browser(), "send", {**data, "personal_data_checked": "on"}).status_code == 302


def test_a_used_up_quota_is_said_with_everything_still_there(browser: Any, settings: Any) -> None:
    settings.QUESTIONS_PER_NETWORK_AN_HOUR = 0
    response = post(browser(), "send", typed())
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert TEXT in response.content.decode()
    assert not Question.objects.exists()


def test_answers_that_were_read_go_along(browser: Any) -> None:
    number = factories.item(factories.published()).number
    post(browser(), "send", typed(read=[str(number), "999999"]))
    question = Question.objects.get(text=TEXT)
    assert [item.number for item in question.read_before.all()] == [number]


def test_this_answers_me_ends_politely_without_a_case(browser: Any) -> None:
    response = post(browser(), "helped", typed())
    assert response["Location"] == "/ask/helped"
    assert not Question.objects.exists()


def test_people_of_the_desk_ask_confirmed_questions(browser: Any, coordinator: Any) -> None:
    response = post(browser(coordinator), "send", typed())
    question = Question.objects.get()
    assert question.number is not None
    assert response["Location"] == f"/desk/cases/{question.pk}"


def test_a_question_asked_in_english_is_an_english_question(browser: Any) -> None:
    browser().post("/en/ask", {**typed(), "go": "send"})
    assert Question.objects.get().language == "en"


@pytest.mark.parametrize("name", ["text", "context", "tried", "email", "name", "on_behalf_of", "sector", "key", "read"])
def test_odd_characters_never_break_the_form(browser: Any, name: str) -> None:
    for value in ("\x00", "�" * 300, "[]", "-1"):
        assert post(browser(), "send", typed(**{name: value})).status_code in (302, 400, 409)


@pytest.mark.parametrize("go", ["scrub", "check", "send"])
@pytest.mark.parametrize("name", ["text", "context", "tried", "on_behalf_of"])
def test_a_text_without_end_comes_back_soon(browser: Any, go: str, name: str) -> None:
    long = "a@a-a." * 27_000
    began = time.perf_counter()
    response = post(browser(), go, typed(**{name: long, "stamp": "broken", "personal_data_checked": ""}))
    assert time.perf_counter() - began < 4
    assert response.status_code == 400
    assert long in response.content.decode()
