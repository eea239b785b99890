"""Spam on pages: the last outcome of triage, several at once in the queue, and what somebody reads who was taken for it."""

import re
from html import unescape
from typing import Any

import pytest

from questions.models import Letter
from questions.states import State
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


def text(response: Any) -> str:
    return unescape(response.content.decode())


def test_it_is_the_last_outcome_of_triage_and_needs_no_mail_to_be_read(browser: Any, team: factories.Desk) -> None:
    question, coen = factories.submitted(), browser(team.coordinator)
    url = f"/desk/cases/{question.pk}/triage"
    html = text(coen.get(url))
    outcomes = re.findall(r'<details class="move" id="(\w+)"', html)
    assert outcomes[-1] == "set_aside"
    assert 'value="look:set_aside"' not in html
    letters = Letter.objects.count()
    done = coen.post(url, {"set_aside-why": "reclame", "go": "send:set_aside"}, follow=True)
    assert "Deze vraag is nu: als spam opzij gezet." in text(done)
    assert (factories.reload(question).state, Letter.objects.count()) == (State.SPAM, letters)
    assert 'id="not_spam"' in text(coen.get(url))
    coen.post(url, {"go": "send:not_spam"})
    assert factories.reload(question).state == State.SUBMITTED


def test_several_are_set_aside_from_the_queue_by_a_coordinator_alone(browser: Any, team: factories.Desk) -> None:
    first, second = factories.submitted(), factories.triaged(team)
    button = '<button type="submit" name="do" value="set_aside"'
    assert button not in text(browser(team.broker).get("/desk"))
    coen = browser(team.coordinator)
    assert button in text(coen.get("/desk?tab=open"))
    # What stands in the other fields of the same form is not for this step.
    data = {"do": "set_aside", "tab": "open", "questions": [str(first.pk), str(second.pk)], "why": "", "broker": ""}
    done = text(coen.post("/desk/together", data, follow=True))
    assert "2 dossiers zijn veranderd." in done
    assert {factories.reload(one).state for one in (first, second)} == {State.SPAM}
    assert str(first.pk) not in done


def test_the_queue_shows_it_when_its_state_is_asked_for_in_words(browser: Any, team: factories.Desk) -> None:
    question = factories.set_aside(team)
    coen = browser(team.coordinator)
    row = f'href="/desk/cases/{question.pk}"'
    assert row not in text(coen.get("/desk?tab=all"))
    assert row not in text(coen.get("/desk?tab=open"))
    html = text(coen.get("/desk?tab=all&state=spam"))
    assert row in html
    assert re.search(r'<option value="spam"[^>]*>als spam opzij gezet</option>', html)
    assert row in text(coen.get(f"/desk?tab=all&q=R-{question.number}"))


@pytest.mark.parametrize("contact", ["loket@school.example", ""])
def test_who_was_taken_for_it_reads_no_reproach_and_how_to_reach_the_desk(
    browser: Any, team: factories.Desk, settings: Any, contact: str
) -> None:
    settings.PRIVACY_CONTACT = contact
    question = factories.set_aside(team)
    link = f"/track/{factories.asker(question).mailed_token}"
    html = text(browser().get(link))
    assert "Het loket werkt niet aan deze vraag." in html
    assert "spam" not in html.lower()
    assert "reclame" not in html, "what the desk noted stays inside"
    assert (f"mailto:{contact}" if contact else "Nog niet ingevuld") in html
    assert f'action="{link}/message"' not in html
    assert "/erase" in html
    factories.move(question, "not_spam", team.coordinator)
    assert "Het loket werkt niet aan deze vraag." not in text(browser().get(link))


def test_the_case_says_it_in_words_and_lets_nobody_write_to_who_asked(browser: Any, team: factories.Desk) -> None:
    question = factories.set_aside(team)
    html = text(browser(team.coordinator).get(f"/desk/cases/{question.pk}"))
    assert "als spam opzij gezet" in html
    assert "De vraag is als spam opzij gezet." in html
    assert "Dit is toch een echte vraag" in html


def test_insight_has_one_line_for_it(browser: Any, team: factories.Desk) -> None:
    factories.set_aside(team)
    assert text(browser(team.coordinator).get("/desk/insight")).count("als spam opzij gezet") == 1


def test_the_api_takes_the_step_and_the_filter(api: Any, team: factories.Desk) -> None:
    question, program = factories.submitted(), api(team.coordinator)
    answer = program.post(f"/api/v1/questions/{question.pk}/transitions/set_aside", {"why": "reclame"}, format="json")
    assert (answer.status_code, answer.json()["state"]) == (200, "spam")
    listed = {name: program.get(f"/api/v1/questions{name}").json()["results"] for name in ("", "?state=spam")}
    assert [len(rows) for rows in listed.values()] == [0, 1]
    keys = {"do": "set_aside", "questions": [str(factories.submitted().pk)]}
    assert [
        one["done"] for one in program.post("/api/v1/questions/together", keys, format="json").json()["results"]
    ] == [True]
    answer = program.post(f"/api/v1/questions/{question.pk}/transitions/not_spam", {}, format="json")
    assert answer.json()["state"] == "submitted"
