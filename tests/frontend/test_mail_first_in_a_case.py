"""An outcome that is chosen on the page of a case shows its mail first, as the page of triage does."""

import re
from typing import Any

import pytest
from django.test import Client

from questions.models import Letter, Question
from questions.states import State
from tests import factories
from tests.database import fingerprint
from tests.frontend.test_triage_page import opened, seal, text, value

pytestmark = pytest.mark.django_db
DECLINE = {"why": "Dit gaat over regels.", "alternative": "Het juridisch loket."}


def url(question: Question, name: str) -> str:
    return f"/desk/cases/{question.pk}/do/{name}"


def mail(html: str) -> str:
    found: list[str] = re.findall(r'<pre class="letter"[^>]*>(.*?)</pre>', html, re.DOTALL)
    assert found
    return found[0]


def test_referring_to_an_answer_shows_the_mail_and_then_sends_it(browser: Any, team: factories.Desk) -> None:
    question, item = factories.assigned(team), factories.public_answer()
    client = browser(team.broker)
    html = text(client.get(f"/desk/cases/{question.pk}?refer={item.number}"))
    assert (value(html, "move-refer-answer"), opened(html)) == (str(item.number), [])
    assert re.search(r'<details class="move" id="move-refer" open>', html)
    before, words = fingerprint(), {"answer": str(item.number), "note": "Dit past, want het gaat over stillezen."}
    html = text(client.post(url(question, "refer"), {**words, "go": "look"}))
    assert fingerprint() == before
    assert "Dit past, want" in mail(html)
    assert value(html, "move-refer-note") == words["note"]
    assert value(html, "move-refer-answer") == words["answer"]
    assert re.search(r'<details class="move" id="move-refer" open>', html)
    response = client.post(url(question, "refer"), {**words, "seal": seal(html), "go": "send:refer"})
    assert (response.status_code, factories.reload(question).state) == (302, State.REFERRED)
    letter = Letter.objects.get(event__question=question, kind="referred")
    assert letter.participation == factories.asker(question)


def test_what_was_changed_after_the_mail_was_shown_is_shown_again_first(coen: Client) -> None:
    question = factories.submitted()
    assert "Dit gaat over regels." in mail(text(coen.post(url(question, "decline"), {**DECLINE, "go": "send:decline"})))
    before = seal(text(coen.post(url(question, "decline"), {**DECLINE, "go": "look"})))
    changed = {**DECLINE, "why": "Toch iets anders.", "seal": before}
    html = text(coen.post(url(question, "decline"), {**changed, "go": "send:decline"}))
    assert "Toch iets anders." in mail(html)
    again = coen.post(url(question, "decline"), {**changed, "seal": seal(html), "go": "look:decline"})
    assert (again.status_code, factories.reload(question).state) == (200, State.SUBMITTED), "looking sends nothing"
    coen.post(url(question, "decline"), {**changed, "seal": seal(html), "go": "send:decline"})
    assert factories.reload(question).declined_because == "Toch iets anders."


@pytest.mark.parametrize("name", ["refer", "merge", "decline", "reopen", "unmerge"])
def test_the_case_asks_to_look_first_where_triage_does(coen: Client, team: factories.Desk, name: str) -> None:
    made = {"reopen": factories.declined, "unmerge": factories.merged}
    question = made[name](team) if name in made else factories.submitted()
    html = text(coen.get(f"/desk/cases/{question.pk}"))
    (form,) = re.findall(rf'<form method="post" action="{url(question, name)}".*?</form>', html, re.DOTALL)
    assert re.findall(r'<button type="submit"([^>]*)>', form) == [' name="go" value="look"']
    assert f'value="look:{name}"' in text(coen.get(f"/desk/cases/{question.pk}/triage"))


def test_a_step_that_writes_to_nobody_who_asked_is_one_press(coen: Client) -> None:
    question = factories.submitted()
    html = text(coen.get(f"/desk/cases/{question.pk}"))
    (form,) = re.findall(rf'<form method="post" action="{url(question, "triage")}".*?</form>', html, re.DOTALL)
    assert 'name="go"' not in form


def test_what_is_refused_comes_back_with_what_was_typed(coen: Client, team: factories.Desk) -> None:
    question = factories.submitted()
    response = coen.post(url(question, "decline"), {"why": "Dit gaat over regels.", "go": "look"})
    html = text(response)
    assert (response.status_code, value(html, "move-decline-why")) == (400, "Dit gaat over regels.")
    assert 'href="#move-decline-alternative"' in html
    factories.move(question, "decline", team.coordinator, why="x", alternative="y")
    late = coen.post(url(question, "refer"), {"note": "Lang over nagedacht", "answer": "1", "go": "look"})
    assert late.status_code == 409
    assert "Lang over nagedacht" in text(late), "it can still be copied"


def test_the_mail_is_seen_as_html_from_here_too_and_tells_no_link(coen: Client) -> None:
    question = factories.submitted()
    html = text(coen.post(url(question, "decline"), {**DECLINE, "go": "look"}))
    (address,) = re.findall(r'formaction="([^"]+)" formtarget="_blank"', html)
    frame = coen.post(address, DECLINE)
    assert "Dit gaat over regels." in text(frame)
    part = factories.asker(question)
    for shown in (html, text(frame)):
        assert not [one for one in (part.mailed_token, part.token, part.asker.email) if one in shown]
