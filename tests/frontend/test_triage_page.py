"""The page for triage: everything typed travels along, the mail is read before it goes, and the next question follows."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brokers.models import Desk
from questions import criteria, readytexts
from questions.models import Letter, Question
from questions.states import State
from tests import factories
from tests.database import fingerprint

pytestmark = pytest.mark.django_db
DECLINE = {"decline-why": "Dit gaat over regels.", "decline-alternative": "Het juridisch loket."}


def url(question: Question) -> str:
    return f"/desk/cases/{question.pk}/triage"


def text(response: Any) -> str:
    return unescape(response.content.decode())


def value(html: str, field: str) -> str:
    """What stands in a field of the page, by its id."""
    area = re.search(rf'<textarea[^>]*id="{field}"[^>]*>\s?(.*?)</textarea>', html, re.DOTALL)
    if area:
        return area[1].strip()
    tag = re.search(rf'<input[^>]*id="{field}"[^>]*>', html)
    assert tag, field
    found = re.search(r'value="([^"]*)"', tag[0])
    return found[1] if found else ""


def seal(html: str) -> str:
    found = re.search(r'name="seal" value="(\w+)"', html)
    assert found
    return found[1]


def opened(html: str) -> list[str]:
    """The outcomes that stand open."""
    return re.findall(r'<details class="move" id="(\w+)" open>', html)


# --- Reading it ---------------------------------------------------------------------------------------


def test_the_page_shows_what_exists_already_with_its_reason_and_a_button_that_fills_the_form(
    coen: Client, team: factories.Desk
) -> None:
    item = factories.public_answer()
    other, question = factories.triaged(team), factories.submitted()
    html = text(coen.get(url(question)))
    assert f'value="put:refer:answer:{item.number}"' in html
    assert f'value="put:merge:into:{other.number}"' in html
    assert "<mark>" in html, "the reason: the passage with the words marked"
    assert f"put:merge:into:{question.number}" not in html


@pytest.mark.parametrize("person", ["broker", "reviewer", "editor"])
def test_everybody_of_the_desk_reads_it_and_finds_only_the_outcomes_that_are_theirs(
    browser: Any, request: Any, team: factories.Desk, person: str
) -> None:
    question = factories.submitted()
    html = text(browser(request.getfixturevalue(person)).get(url(question)))
    assert re.findall(r'<details class="move" id="(\w+)"', html) == []
    assert "Dit is voor een coördinator." in html
    mine = text(browser(team.broker).get(url(factories.assigned(team))))
    assert re.findall(r'<details class="move" id="(\w+)"', mine) == ["refer", "merge"]


def test_who_may_not_know_of_the_case_gets_a_404(browser: Any, team: factories.Desk) -> None:
    question = factories.submitted()
    stranger = factories.staff("broker")
    stranger.groups.clear()
    for path in (url(question), f"{url(question)}/decline/letter"):
        assert browser(stranger).get(path).status_code == 404
        assert browser(stranger).post(path, {"go": "send:decline"}).status_code == 404
        assert browser().get(path).status_code == 302
    assert browser(team.coordinator).get(url(factories.unconfirmed())).status_code == 404


def test_the_page_costs_the_same_number_of_queries_whatever_there_is_to_show(
    coen: Client, team: factories.Desk
) -> None:
    def cost(question: Question) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert coen.get(url(question)).status_code == 200
        return len(seen)

    question = factories.submitted()
    factories.public_answer(), factories.submitted()
    cost(question)
    few = cost(question)
    for _n in range(3):
        factories.submitted()
    for line in criteria.of(question):
        criteria.check(question, {str(line.criterion.pk): {"verdict": "yes"}}, by=team.coordinator)
    desk = Desk.default()
    for n in range(4):
        criteria.add(desk, {"text_nl": f"Nog {n}", "text_en": f"More {n}"}, by=team.coordinator)
        words = {"kind": "note", "name": f"Tekst {n}", "text_nl": "x", "text_en": "x"}
        readytexts.save(desk, None, words, by=team.coordinator, expected=0)
    assert cost(question) <= few


# --- Nothing typed is lost ------------------------------------------------------------------------------


def test_pressing_a_hit_fills_the_form_and_keeps_all_that_was_typed(coen: Client) -> None:
    question = factories.submitted()
    before = fingerprint()
    key = str(criteria.of(question)[0].criterion.pk)
    typed = {
        **DECLINE,
        "refer-note": "Al begonnen",
        "refer-source": "eerst-dit",
        "criterion": key,
        f"verdict-{key}": "no",
        f"remark-{key}": "te breed",
    }
    html = text(coen.post(url(question), {**typed, "go": "put:refer:answer:12"}))
    assert value(html, "o-refer-answer") == "12"
    assert value(html, "o-refer-source") == "", "a referral has one target"
    assert value(html, "o-refer-note") == "Al begonnen"
    assert value(html, "o-decline-why") == "Dit gaat over regels."
    assert value(html, f"remark-{key}") == "te breed"
    assert re.search(rf'id="verdict-{key}-no"[^>]* checked', html)
    assert opened(html) == ["refer"]
    assert "errorlist" not in html
    assert fingerprint() == before


def test_a_ready_made_text_comes_behind_what_was_typed_and_says_what_is_left(
    coen: Client, team: factories.Desk
) -> None:
    question = factories.submitted()
    item = factories.public_answer()
    words = {"kind": "note", "name": "Kort", "text_nl": "Vraag {number}: {answer} {…}", "text_en": "x"}
    row = readytexts.save(Desk.default(), None, words, by=team.coordinator, expected=0)
    typed = {"refer-note": "Hallo.", "refer-answer": str(item.number), "text-refer-note": str(row.pk)}
    html = text(coen.post(url(question), {**typed, **DECLINE, "go": "insert:refer:note"}))
    assert value(html, "o-refer-note").split() == f"Hallo. Vraag {question.number}: {item.title} {{…}}".split()
    assert "Vul dit zelf in voordat je verstuurt: {…}" in html
    assert value(html, "o-decline-why") == "Dit gaat over regels."
    assert (
        value(
            text(coen.post(url(question), {**typed, "text-refer-note": "", "go": "insert:refer:note"})), "o-refer-note"
        )
        == "Hallo."
    )


def test_what_is_refused_comes_back_with_the_reason_at_its_field(coen: Client) -> None:
    question = factories.submitted()
    response = coen.post(url(question), {"decline-why": "Dit gaat over regels.", "go": "look:decline"})
    html = text(response)
    assert response.status_code == 400
    assert value(html, "o-decline-why") == "Dit gaat over regels."
    assert 'href="#o-decline-alternative"' in html
    assert opened(html) == ["decline"]
    assert factories.reload(question).state == State.SUBMITTED


def test_what_was_typed_into_an_outcome_that_has_closed_can_still_be_copied(coen: Client, team: factories.Desk) -> None:
    question = factories.submitted()
    factories.move(question, "decline", team.coordinator, why="x", alternative="y")
    response = coen.post(url(question), {"refer-note": "Lang over nagedacht", "go": "send:refer"})
    assert response.status_code in (400, 409)
    assert "Lang over nagedacht" in text(response)


@pytest.mark.parametrize(
    "go", ["look:confirm", "send:nothing", "put:refer:by:1", "put:x", "insert:triage:why", "look:"]
)
def test_a_button_that_is_not_there_is_not_found(coen: Client, go: str) -> None:
    question = factories.submitted()
    assert coen.post(url(question), {"go": go}).status_code == 404


# --- The mail first -----------------------------------------------------------------------------------


def test_declining_is_never_one_press(coen: Client) -> None:
    question = factories.submitted()
    html = text(coen.post(url(question), {**DECLINE, "go": "send:decline"}))
    assert "Dit gaat over regels." in html
    assert "Het juridisch loket." in html
    assert factories.reload(question).state == State.SUBMITTED
    response = coen.post(url(question), {**DECLINE, "seal": seal(html), "go": "send:decline"})
    assert response.status_code == 302
    assert factories.reload(question).state == State.DECLINED


def test_what_was_changed_after_the_mail_was_shown_is_shown_again_first(coen: Client) -> None:
    question = factories.submitted()
    before = seal(text(coen.post(url(question), {**DECLINE, "go": "look:decline"})))
    changed = {**DECLINE, "decline-why": "Toch iets anders.", "seal": before, "go": "send:decline"}
    html = text(coen.post(url(question), changed))
    assert "Toch iets anders." in re.findall(r'<pre class="letter"[^>]*>(.*?)</pre>', html, re.DOTALL)[0]
    assert factories.reload(question).state == State.SUBMITTED
    coen.post(url(question), {**changed, "seal": seal(html)})
    assert factories.reload(question).declined_because == "Toch iets anders."


def test_the_mail_on_the_page_is_the_mail_that_goes_but_for_the_link(coen: Client, mail_dir: Any) -> None:
    question = factories.submitted()
    html = text(coen.post(url(question), {**DECLINE, "go": "look:decline"}))
    part = factories.asker(question)
    assert part.mailed_token not in html
    assert part.token not in html
    assert part.asker.email not in html
    assert "1 persoon krijgt dit:" in html
    frame = coen.post(f"{url(question)}/decline/letter", DECLINE)
    assert "Dit gaat over regels." in text(frame)
    assert part.mailed_token not in text(frame)
    assert "sandbox" in frame["Content-Security-Policy"]
    assert Letter.objects.filter(event__question=question, kind="declined").count() == 0


def test_declining_offers_to_sharpen_instead(coen: Client) -> None:
    question = factories.submitted()
    html = text(coen.get(url(question)))
    (go,) = re.findall(r'value="(put:triage:why:[^"]+)"', html)
    html = text(coen.post(url(question), {**DECLINE, "go": go}))
    assert opened(html) == ["triage"]
    assert value(html, "o-triage-why") == "Aan te scherpen samen met de vraagsteller."


# --- The outcome, and on ------------------------------------------------------------------------------


def test_after_an_outcome_the_checklist_is_stored_and_the_next_question_is_offered(coen: Client) -> None:
    question, after = factories.submitted(), factories.submitted()
    key = str(criteria.of(question)[0].criterion.pk)
    typed = {"triage-track": "short", "criterion": key, f"verdict-{key}": "yes", f"remark-{key}": ""}
    response = coen.post(url(question), {**typed, "go": "send:triage"}, follow=True)
    assert factories.reload(question).state == State.TRIAGED
    assert question.checks.get().verdict == "yes"
    html = text(response)
    assert f'href="{url(after)}"' in html
    assert re.search(r"<h1[^>]*tabindex=\"-1\" autofocus", html), "the keyboard starts at the heading"
    assert 'id="retrack"' in html, "the outcome can be revised"
    assert coen.get("/desk/triage")["Location"] == url(after)


def test_the_way_back_is_on_the_same_page(coen: Client, team: factories.Desk) -> None:
    declined, merged = factories.declined(team), factories.merged(team)
    assert 'id="reopen"' in text(coen.get(url(declined)))
    html = text(coen.post(url(merged), {"unmerge-why": "toch anders", "go": "look:unmerge"}))
    coen.post(url(merged), {"unmerge-why": "toch anders", "seal": seal(html), "go": "send:unmerge"})
    assert factories.reload(merged).state == State.SUBMITTED


def test_the_checklist_can_be_saved_by_itself_and_says_what_is_wrong(coen: Client) -> None:
    question = factories.submitted()
    key = str(criteria.of(question)[0].criterion.pk)
    data = {"criterion": key, f"remark-{key}": "nog kijken", "go": "check"}
    response = coen.post(url(question), {**data, **DECLINE})
    assert response.status_code == 400
    assert value(text(response), f"remark-{key}") == "nog kijken"
    html = text(coen.post(url(question), {**data, **DECLINE, f"verdict-{key}": "unclear"}))
    assert question.checks.get().remark == "nog kijken"
    assert value(html, "o-decline-why") == "Dit gaat over regels."
    page = text(coen.get(f"/desk/cases/{question.pk}"))
    assert "nog kijken" in page
    assert "1 × niet duidelijk" in page


def test_the_queue_leads_coordinators_to_triage(browser: Any, team: factories.Desk) -> None:
    question = factories.submitted()
    assert f'href="{url(question)}"' in text(browser(team.coordinator).get("/desk?tab=open"))
    assert f'href="{url(question)}"' not in text(browser(team.broker).get("/desk?tab=open"))


def test_the_case_says_where_the_asker_was_sent_on_to(coen: Client, team: factories.Desk) -> None:
    Desk.objects.create(slug="recht", name="Rechtwinkel", external_url="https://recht.example/vraag")
    question = factories.move(
        factories.submitted(), "hand_over", team.coordinator, desk="recht", why="Een rechtsvraag."
    )
    assert 'href="https://recht.example/vraag"' in text(coen.get(f"/desk/cases/{question.pk}"))
    track = text(coen.get(f"/track/{factories.asker(question).mailed_token}"))
    assert "Rechtwinkel: https://recht.example/vraag" in track


# --- Ready-made texts in a message ----------------------------------------------------------------------


def test_a_ready_made_text_goes_behind_a_message_that_was_begun(browser: Any, team: factories.Desk) -> None:
    question = factories.assigned(team)
    words = {"kind": "message", "name": "Hoi", "text_nl": "Ik ben {broker}.", "text_en": "x"}
    row = readytexts.save(Desk.default(), None, words, by=team.coordinator, expected=0)
    client = browser(team.broker)
    before = fingerprint()
    path = f"/desk/cases/{question.pk}/messages/insert"
    html = text(client.post(path, {"body": "Goedemorgen.", "text": str(row.pk)}))
    assert value(html, "say-body").split() == f"Goedemorgen. Ik ben {team.broker.name}.".split()
    assert fingerprint() == before
