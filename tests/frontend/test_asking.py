"""Asking: step by step, nothing lost on the way, one question for one person's one intention."""

import re
import threading
import time
import uuid
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.utils import timezone, translation

from evidence import search
from frontend.draft import SALT
from questions import intake, tallies, workflow
from questions.models import Letter, Question
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


# --- One thing a page ------------------------------------------------------------------------------


@pytest.mark.parametrize(("go", "step"), [("suggestions", "1"), ("why", "2"), ("you", "3"), ("check", "4")])
def test_every_page_says_which_step_it_is(browser: Any, go: str, step: str) -> None:
    factories.published(text=TEXT)
    html = post(browser(), go, typed()).content.decode()
    assert f"Stap {step} van 4" in html or (go == "suggestions" and "Stap 2 van 4" in html)


@pytest.mark.parametrize(
    ("go", "wrong", "target"),
    [
        ("suggestions", {"text": ""}, "ask-text"),
        ("you", {"context": "a" * 10_001}, "ask-context"),
        ("check", {"email": "geen adres"}, "ask-email"),
        ("check", {"role": ""}, "ask-role"),
        ("check", {"behalf": "team", "on_behalf_of": ""}, "ask-on_behalf_of"),
        ("send", {"behalf": "iedereen"}, "ask-behalf"),
        ("send", {"sector": "maan"}, "ask-sector"),
    ],
)
def test_what_is_wrong_is_summed_up_with_a_link_to_the_field(
    browser: Any, go: str, wrong: dict[str, str], target: str
) -> None:
    response = post(browser(), go, typed(**wrong))
    html = response.content.decode()
    assert response.status_code == 400
    assert f'href="#{target}"' in html
    assert f'id="{target}"' in html


def test_a_link_may_fill_in_role_and_sector_but_no_words_and_nothing_wrong(browser: Any) -> None:
    html = browser().get("/ask?sector=vo&role=teacher&text=geheim&email=a@b.nl").content.decode()
    assert {"sector": "vo", "role": "teacher"}.items() <= hidden(html).items()
    assert "geheim" not in hidden(html).values()
    assert "a@b.nl" not in hidden(html).values()
    wrong = hidden(browser().get("/ask?sector=maan&role=%00").content.decode())
    assert not {"sector", "role"} & wrong.keys()


def test_who_asks_for_a_team_says_so_and_who_asks_alone_needs_no_name(browser: Any) -> None:
    post(browser(), "send", typed(behalf="team", on_behalf_of="Onderbouw"))
    post(browser(), "send", typed(behalf="myself", on_behalf_of="vergeten", text=TEXT + " Echt?"))
    found = {one.behalf: (one.on_behalf_of, one.participations.get().kind) for one in Question.objects.all()}
    assert found == {"team": ("Onderbouw", "on_behalf"), "myself": ("", "asked")}


def test_the_back_button_may_show_a_page_again(browser: Any) -> None:
    assert "no-store" not in post(browser(), "why", typed())["Cache-Control"]


def test_a_body_of_ten_megabytes_is_refused_with_a_clean_page(browser: Any) -> None:
    response = browser().post("/ask", {"text": "a" * 10_000_000, "go": "send"})
    assert response.status_code in (400, 413)
    assert "<h1" in response.content.decode()


# --- Personal data before anything is done with it ---------------------------------------------------

SECRET = "Hoe help ik leerling Fatima de Vries, 06-12345678, met lezen?"


@pytest.mark.parametrize("go", ["suggestions", "why", "you", "check"])
def test_nothing_is_looked_for_before_personal_data_is_seen_to(
    browser: Any, go: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(search, "search", lambda text, **more: looked.append(text))
    response = post(browser(), go, typed(text=SECRET))
    html = response.content.decode()
    assert response.status_code == 400
    assert '<mark class="personal">Fatima de Vries' in html
    assert 'value="scrub:question"' in html
    browser().post("/ask/suggestions", typed(text=SECRET))
    assert looked == []


def test_one_click_takes_it_out_on_the_page_itself(browser: Any) -> None:
    html = post(browser(), "scrub:question", typed(text=SECRET)).content.decode()
    assert "Hoe help ik leerling […], […], met lezen?" in html
    assert "Fatima" not in html


def test_what_was_checked_is_asked_once_and_what_is_new_is_asked_again(browser: Any) -> None:
    client = browser()
    html = post(client, "why", typed(text=SECRET, personal_data_checked="on", at="question")).content.decode()
    assert "Stap 2 van 4" in html
    seen = re.findall(r'name="seen" value="(\w+)"', html)
    on = {"text": SECRET, "seen": seen}
    assert post(client, "you", typed(**on)).status_code == 200
    assert post(client, "you", typed(**on, tried="Bel moeder Aicha")).status_code == 400
    assert post(client, "send", typed(**on, tried="Bel moeder Aicha")).status_code == 400
    assert not Question.objects.exists()
    assert post(client, "send", typed(**on)).status_code == 302
    assert Question.objects.get().personal_data_checked


# --- Suggestions while typing, and what came of them --------------------------------------------------


def test_suggestions_show_passage_and_strength_and_a_way_to_say_that_it_helps(browser: Any) -> None:
    number = factories.item(factories.published(text=TEXT)).number
    html = browser().post("/ask/suggestions", {"text": factories.ARTICULATED}).content.decode()
    assert f'value="helped:answer:{number}"' in html
    assert '<blockquote class="why">' in html
    assert 'class="tag' in html
    assert not Question.objects.filter(text=factories.ARTICULATED).exists()


@pytest.mark.parametrize("text", ["", "te kort", "a" * 10_001])
def test_too_little_or_too_much_gives_no_suggestions_and_no_error(browser: Any, text: str) -> None:
    response = browser().post("/ask/suggestions", {"text": text})
    assert (response.status_code, response.content) == (200, b"")


def test_suggestions_change_nothing_and_cannot_be_asked_by_a_link(browser: Any) -> None:
    assert browser().get("/ask/suggestions?text=" + "a" * 20).status_code == 405


def test_who_is_helped_is_counted_and_each_answer_knows_how_often(browser: Any) -> None:
    item = factories.item(factories.published())
    client = browser()
    response = post(client, f"helped:answer:{item.number}", typed())
    assert response["Location"] == f"/ask/helped?answer={item.number}"
    assert item.title in client.get(response["Location"]).content.decode()
    for go in ("helped", "helped:answer:999999", "helped:source:nergens", "helped:answer:x", "helped:a:b:\x00"):
        assert post(client, go, typed())["Location"] == "/ask/helped"
    assert tallies.totals(["ask.helped", f"ask.helped.{item.number}"]) == {
        "ask.helped": 6,
        f"ask.helped.{item.number}": 1,
    }
    assert Question.objects.filter(text=TEXT).count() == 0


def test_one_place_cannot_make_an_answer_look_good(browser: Any, settings: Any) -> None:
    item = factories.item(factories.published())
    settings.QUESTIONS_PER_NETWORK_AN_HOUR = 2
    for _n in range(4):
        assert post(browser(), f"helped:answer:{item.number}", typed()).status_code == 302
    assert intake.helped_by(item.number) == 2


def test_sources_that_were_opened_go_along_to_the_broker(browser: Any, broker: Any) -> None:
    source, hidden_source = factories.source(), factories.source()
    type(hidden_source).objects.filter(pk=hidden_source.pk).update(public=False)
    number = factories.item(factories.published()).number
    post(browser(), "send", typed(read=[str(number)], read_sources=[source.key, hidden_source.key, "\x00", "x"]))
    question = Question.objects.get(text=TEXT)
    assert [one.key for one in question.read_sources.all()] == [source.key]
    workflow.perform(question, "confirm", by=factories.mailed_link(question))
    html = browser(broker).get(f"/desk/cases/{question.pk}").content.decode()
    assert f'href="/sources/{source.key}"' in html
    assert f'href="/answers/{number}"' in html


# --- The link in the mail ------------------------------------------------------------------------------


def test_a_broken_link_leads_to_a_page_that_helps(browser: Any) -> None:
    for token in ("abc", "abc:def:ghi", "x" * 300):
        response = browser().get(f"/confirm/{token}")
        assert response.status_code == 404
        assert 'action="/confirm/again"' in response.content.decode()


def test_the_mail_can_be_sent_again_but_not_piled_up_and_nobody_learns_whose_address_is_known(browser: Any) -> None:
    question = factories.unconfirmed(email="weg@school.example")
    Letter.objects.update(sent_at=timezone.now())
    pages = [
        browser().post("/confirm/again", {"email": email}, follow=True).content
        for email in ("WEG@school.example", "weg@school.example", "niemand@school.example")
    ]
    plain = {re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", page) for page in pages}
    assert len(plain) == 1
    assert Letter.objects.filter(kind="confirm", participation__question=question).count() == 2


def test_a_mail_again_has_a_quota_and_a_wrong_address_is_said(browser: Any, settings: Any) -> None:
    assert browser().post("/confirm/again", {"email": "x"}).status_code == 400
    settings.QUESTIONS_PER_ADDRESS_A_DAY = 0
    assert browser().post("/confirm/again", {"email": "a@school.example"}).status_code == 429
