"""The page behind the link: whose turn it is, when, what changed and what comes next; and when the link is lost."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from questions import dialogue, mail, throughput
from questions.models import Letter
from questions.states import State
from questions.throughput import Range
from tests import factories

pytestmark = pytest.mark.django_db


def link(question: Any) -> str:
    return f"/track/{factories.asker(question).mailed_token}"


def text(response: Any) -> str:
    return str(response.content.decode())


def plain(response: Any) -> str:
    """What a person reads: no elements, one space between words."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text(response))).split())


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that knows how long it takes."""
    monkeypatch.setattr(throughput, "measured", lambda: {"": Range(12, 28, 41)})


# --- When -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/ask/sent"])
def test_visitors_read_how_long_it_takes_or_that_nobody_knows_yet(browser: Any, measured: None, path: str) -> None:
    page = plain(browser().get(path))
    assert "binnen 2 tot 6 weken" in page
    assert "de laatste 41 vragen" in page


@pytest.mark.parametrize("path", ["/", "/ask/sent"])
def test_without_figures_the_desk_says_so(browser: Any, path: str) -> None:
    assert "We kunnen nog niet zeggen hoe lang" in plain(browser().get(path))


@pytest.mark.usefixtures("measured")
def test_an_asker_reads_between_which_dates_to_expect_an_answer(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.assigned(desk)
    assert re.search(r"tussen \d+ \w+ 20\d\d en \d+ \w+ 20\d\d een antwoord", plain(browser().get(link(question))))
    question.events.update(at=timezone.now() - timedelta(days=90))
    late = plain(browser().get(link(question)))
    assert "duurt langer dan de meeste" in late
    assert "een antwoord verwachten" not in late
    factories.move(question, "propose", desk.broker, articulated=factories.ARTICULATED)
    mine = plain(browser().get(link(question)))
    assert "Je vraag wacht tot we van je horen" in mine


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize("state", [State.PUBLISHED, State.DECLINED, State.WITHDRAWN, State.MERGED, State.REFERRED])
def test_what_is_finished_promises_no_date(browser: Any, state: str) -> None:
    page = plain(browser().get(link(factories.IN_STATE[state](factories.Desk()))))
    assert "verwachten" not in page
    assert "hoe lang een antwoord duurt" not in page


# --- Whose turn, what comes next ------------------------------------------------------------------------


def test_what_comes_next_gets_shorter_as_the_case_goes_on(browser: Any) -> None:
    desk = factories.Desk()
    counts = [
        coming(browser, question).count("<li>")
        for question in (
            factories.submitted(),
            factories.triaged(desk),
            factories.assigned(desk),
            factories.agreed(desk),
            factories.answered(desk),
            factories.published(desk),
        )
    ]
    assert counts == [6, 5, 4, 3, 1, 0]


def coming(browser: Any, question: Any) -> str:
    found = re.search(r'<ol class="timeline coming">(.*?)</ol>', text(browser().get(link(question))), re.DOTALL)
    return found[1] if found else ""


def test_the_broker_has_a_name_and_says_what_they_know(browser: Any) -> None:
    desk = factories.Desk(broker=factories.staff("broker", name="Bram de Wit"))
    card = desk.broker.broker  # type: ignore[union-attr]
    card.expertise = "Taal en lezen"
    card.save()
    page = plain(browser().get(link(factories.assigned(desk))))
    assert "Je kennismakelaar is Bram de Wit." in page
    assert "Weet het meest van: Taal en lezen." in page
    assert "Bram de Wit" not in plain(browser().get(link(factories.triaged(desk))))


def test_a_case_held_by_somebody_who_is_no_broker_any_more_has_a_page(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.assigned(desk)
    desk.broker.broker.delete()  # type: ignore[union-attr]
    assert browser().get(link(question)).status_code == 200


def test_who_asked_the_same_is_told_that_it_is_not_their_turn(browser: Any, second_teacher: Any) -> None:
    question = factories.proposed()
    page = plain(browser().get(f"/track/{second_teacher(question).token}"))
    assert "Wie dit als eerste vroeg, is aan de beurt." in page
    assert "Jij bent aan de beurt" not in page
    assert factories.TEXT not in page


def test_more_steps_and_messages_ask_no_more_of_the_database(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.proposed(desk)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser().get(link(question)).status_code == 200
        return len(asked)

    queries()
    few = queries()
    for n in range(3):
        dialogue.say(question, {"body": f"Bericht {n}"}, by=desk.broker)
        factories.move(question, "propose", desk.broker, articulated=f"{factories.ARTICULATED} {n}")
    assert queries() == few
    assert few <= 14


# --- What changed ---------------------------------------------------------------------------------------


def test_the_sharpened_question_shows_what_is_new_and_what_was_left_out(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.assigned(desk, text="Wat werkt bij begrijpend lezen in groep 6?")
    question = factories.move(question, "propose", desk.broker, articulated="Wat werkt bij technisch lezen in groep 6?")
    html = text(browser().get(link(question)))
    assert re.search(r"<del><span[^>]*>weggelaten: </span><span[^>]*>begrijpend", html)
    assert re.search(r"<ins><span[^>]*>nieuw: </span><span[^>]*>technisch", html)
    factories.move(question, "propose", desk.broker, articulated="Wat werkt bij technisch lezen in groep 4?")
    second = text(browser().get(link(question)))
    assert "De woorden ervoor" in second
    assert "begrijpend" not in second.split('id="dialogue"')[0], "compared with the last proposal"
    assert re.search(r"<ins><span[^>]*>nieuw: </span><span[^>]*>4\?", second)


def test_the_proposed_words_stand_ready_to_be_changed_and_left_alone_they_are_agreed_as_they_stand(
    browser: Any,
) -> None:
    question = factories.proposed()
    assert re.search(rf"<textarea[^>]*>\s*{re.escape(factories.ARTICULATED)}", text(browser().get(link(question))))
    assert (
        browser().post(f"{link(question)}/do/agree", {"articulated": f" {factories.ARTICULATED}\n"}).status_code == 302
    )
    question = factories.reload(question)
    assert question.agreement == "agreed"
    assert question.events.get(name="agree").data == {}


def test_marks_in_the_words_of_an_asker_do_nothing(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.assigned(desk, text="Wat werkt bij <b>begrijpend</b> lezen in groep 6?")
    question = factories.move(question, "propose", desk.broker, articulated="Wat werkt bij technisch lezen in groep 6?")
    assert "<b>begrijpend" not in text(browser().get(link(question)))


# --- The answer: did it do? -----------------------------------------------------------------------------


def test_the_asker_says_below_the_answer_whether_it_does_and_the_broker_reads_it(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.answered(desk)
    html = text(browser().get(link(question)))
    assert 'id="helps"' in html
    read = re.search(r'name="answer" value="([^"]+)"', html)
    assert read is not None
    sent = {"verdict": "partly", "why": "En voor kleuters?", "answer": read[1]}
    assert browser().post(f"{link(question)}/do/respond", sent).status_code == 302
    after = text(browser().get(link(question)))
    assert 'id="helps"' not in after
    assert "gedeeltelijk" in after
    assert "En voor kleuters?" in after, "it stands in the dialogue, where the broker replies"
    case = plain(browser(desk.broker).get(f"/desk/cases/{question.pk}"))
    assert "En voor kleuters?" in case
    assert "gedeeltelijk" in case


def test_one_judges_the_answer_one_has_read_and_keeps_the_words(browser: Any) -> None:
    question = factories.answered()
    sent = {"verdict": "no", "why": "MIJN WOORDEN", "answer": "een-ander"}
    response = browser().post(f"{link(question)}/do/respond", sent)
    assert response.status_code == 409
    assert "MIJN WOORDEN" in text(response)
    assert factories.asker(question).verdict == ""


def test_a_second_verdict_is_refused_with_the_words_still_there(browser: Any) -> None:
    question = factories.published()
    browser().post(f"{link(question)}/do/respond", {"verdict": "answered"})
    response = browser().post(f"{link(question)}/do/respond", {"verdict": "no", "why": "TOCH NIET"})
    assert response.status_code == 409
    assert "TOCH NIET" in text(response)


def test_a_retracted_answer_is_not_asked_about(browser: Any) -> None:
    assert 'id="helps"' not in text(browser().get(link(factories.retracted())))


def test_somebody_who_asked_the_same_may_judge_the_answer_too(browser: Any, second_teacher: Any) -> None:
    question = factories.answered()
    url = f"/track/{second_teacher(question).token}"
    assert 'id="helps"' in text(browser().get(url))
    assert browser().post(f"{url}/do/respond", {"verdict": "no", "why": "GEHEIM"}).status_code == 302
    first = browser().get(link(question))
    assert "GEHEIM" not in text(first)
    assert "zei of dat hielp" not in plain(first), "what others say of it is theirs"


# --- A lost link ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["nothing", "0" * 40, "%00", "x" * 3000, "../../desk"])
@pytest.mark.parametrize("ending", ["", "/withdraw", "/erase", "/export", "/export.html"])
def test_a_link_that_opens_nothing_offers_to_send_it_again(browser: Any, token: str, ending: str) -> None:
    response = browser().get(f"/track/{token}{ending}")
    assert response.status_code == 404
    if "/" not in token:
        assert 'action="/track"' in text(response)


def test_forged_links_change_nothing(browser: Any) -> None:
    question = factories.proposed()
    good = factories.asker(question).mailed_token
    forged = good[:-1] + ("0" if good[-1] != "0" else "1")
    for path in ("/do/agree", "/do/withdraw", "/messages", "/erase"):
        assert browser().post(f"/track/{forged}{path}", {"body": "x"}).status_code == 404
    assert factories.reload(question).agreement == ""
    assert browser().get(link(question)).status_code == 200


def test_the_answer_is_the_same_whether_the_address_is_known_or_not(browser: Any, mail_dir: Path) -> None:
    factories.submitted(email="juf@school.example")
    client = browser(enforce_csrf_checks=True)
    known = client.post("/track", {"email": "juf@school.example"})
    unknown = client.post("/track", {"email": "niemand@school.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"]) == (302, "/track/sent")
    assert text(client.get("/track/sent")).count("Als we dit adres kennen") == 1
    assert Letter.objects.filter(kind="links").count() == 1
    mail.deliver()


def test_a_wrong_address_comes_back_with_a_sentence(browser: Any) -> None:
    response = browser().post("/track", {"email": "juf@@school"})
    assert response.status_code == 400
    assert "juf@@school" in text(response)


def test_too_many_tries_are_told_when_to_come_back(browser: Any) -> None:
    for _n in range(3):
        assert browser().post("/track", {"email": "juf@school.example"}).status_code == 302
    response = browser().post("/track", {"email": "juf@school.example"})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


# --- What is kept ---------------------------------------------------------------------------------------


def test_the_export_can_be_read_by_a_person_and_runs_nothing(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.answered(desk, context="<script>alert(1)</script>", name="Juf Els", email="els@school.example")
    dialogue.say(question, {"body": "Dank u"}, by=factories.asker(question))
    dialogue.say(question, {"body": "Graag gedaan"}, by=desk.broker)
    factories.move(question, "respond", factories.asker(question), verdict="partly", why="en kleuters?")
    response = browser().get(f"{link(question)}/export.html")
    assert "attachment" in response["Content-Disposition"]
    page = plain(response)
    for words in ("Juf Els", "els@school.example", factories.TEXT, "Dank u", "Graag gedaan", "gedeeltelijk"):
        assert words in page
    assert "<script" not in text(response)


def test_only_the_mailbox_opens_the_export(browser: Any) -> None:
    question = factories.submitted()
    assert browser().get(f"/track/{factories.asker(question).token}/export.html").status_code == 404
