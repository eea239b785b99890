"""What people see of the clock: on the case, among their notices, and the asker who was silent."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from questions import dialogue, notices, silence, throughput
from questions.models import Notice
from questions.models.notice import Kind
from questions.states import State
from questions.throughput import Range
from tests import factories
from tests.conftest import Travel

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


def text(response: Any) -> str:
    return str(response.content.decode())


def day(month: int, number: int) -> datetime:
    return datetime(2026, month, number, 10, tzinfo=UTC)


def test_a_case_shows_when_it_is_due_and_how_much_is_used(browser: Any, team: factories.Desk, travel: Travel) -> None:
    travel(day(11, 2))
    question = factories.triaged(team)
    travel(day(11, 4))
    page = text(browser(team.coordinator).get(f"/en/desk/cases/{question.pk}"))
    assert "Due on 27 January 2027." in page
    assert "2 of 60 working days used" in page
    travel(datetime(2027, 3, 1, 10, tzinfo=UTC))
    assert "Overdue" in text(browser(team.coordinator).get(f"/en/desk/cases/{question.pk}"))


def test_a_case_that_waits_says_when_the_asker_is_reminded(browser: Any, team: factories.Desk, travel: Travel) -> None:
    travel(day(11, 2))
    question = factories.proposed(team)
    page = text(browser(team.broker).get(f"/en/desk/cases/{question.pk}"))
    assert "we wait for the asker" in page
    assert "16 November 2026" in page


def test_a_case_that_ended_has_no_clock(browser: Any, team: factories.Desk) -> None:
    question = factories.referred(team)
    assert "working days used" not in text(browser(team.broker).get(f"/en/desk/cases/{question.pk}"))


def test_who_chooses_a_track_reads_the_norm_and_what_is_really_delivered(
    browser: Any, team: factories.Desk, monkeypatch: Any
) -> None:
    monkeypatch.setattr(
        throughput, "measured", lambda: {"": None, "short": Range(12, 31, 40), "full": Range(20, 50, 44)}
    )
    question = factories.submitted()
    page = text(browser(team.coordinator).get(f"/en/desk/cases/{question.pk}"))
    short, full = page.index("12 to 31 (40 cases)"), page.index("20 to 50 (44 cases)")
    assert "longer than it should" in page[short:full]
    assert "longer than it should" not in page[full:]
    assert "too few cases to say" in page[:short]


def test_a_message_that_waits_for_an_answer_is_sent_with_one_tick(browser: Any, team: factories.Desk) -> None:
    question = factories.assigned(team)
    browser(team.broker).post(f"/desk/cases/{question.pk}/messages", {"body": "Welke groep?", "waits": "on"})
    assert factories.reload(question).turn_now == "asker"
    page = text(browser().get(f"/en/track/{factories.asker(question).mailed_token}"))
    assert "Read our message and answer it" in page


def test_an_asker_cannot_stop_the_clock_of_the_desk(browser: Any, team: factories.Desk) -> None:
    question = factories.assigned(team)
    token = factories.asker(question).mailed_token
    browser().post(f"/track/{token}/messages", {"body": "Hoe ver zijn jullie?", "waits": "on"})
    assert factories.reload(question).turn_now == "desk"


# --- The asker who was silent --------------------------------------------------------------------------


@pytest.fixture
def closed(team: factories.Desk, travel: Travel) -> Any:
    travel(day(11, 2))
    question = factories.proposed(team)
    travel(day(11, 16))
    silence.remind()
    return question


def test_after_the_reminder_the_page_says_when_it_closes(browser: Any, closed: Any) -> None:
    page = text(browser().get(f"/en/track/{factories.asker(closed).mailed_token}"))
    assert "we close your question on 30 November 2026" in page


def test_one_button_brings_a_closed_question_back(browser: Any, closed: Any, travel: Travel) -> None:
    travel(day(11, 30))
    silence.close()
    address = f"/track/{factories.asker(closed).mailed_token}"
    page = text(browser().get("/en" + address))
    assert "Do you still want to know this?" in page
    assert factories.reload(closed).state == State.WITHDRAWN, "looking changes nothing"
    answer = browser().post(f"{address}/do/come_back", follow=True)
    assert factories.reload(closed).state == State.ASSIGNED
    assert 'id="agree"' in text(answer)
    again = browser().post(f"{address}/do/come_back")
    assert again.status_code == 409


def test_a_withdrawn_question_offers_no_way_back(browser: Any, team: factories.Desk) -> None:
    question = factories.withdrawn(team)
    assert "come_back" not in text(browser().get(f"/track/{factories.asker(question).mailed_token}"))


# --- Notices -------------------------------------------------------------------------------------------


def test_notices_are_counted_listed_and_read(browser: Any, team: factories.Desk) -> None:
    question = factories.assigned(team)
    client = browser(team.broker)
    assert "There is nothing new for you." in text(client.get("/en/desk/notices"))
    for number in (1, 2):
        notices.notify(team.broker, question, Kind.LAPSES, day(12, number).date())
    page = text(client.get("/en/desk/notices"))
    assert f"Your claim of case {question.number} lapses on 1 December 2026." in page
    assert '<span class="count">2</span>' in page
    first, last = Notice.objects.order_by("pk")
    client.post("/desk/notices", {"notice": first.pk})
    assert list(notices.unread(team.broker)) == [last]
    notices.notify(team.broker, question, Kind.LAPSES, day(12, 3).date())
    client.post("/desk/notices", {"last": last.pk})
    assert notices.unread(team.broker).count() == 1, "what came after the page was opened stays unread"


def test_a_notice_of_what_others_did_leads_to_where_it_is_read(browser: Any, team: factories.Desk) -> None:
    question = factories.in_review(team)
    factories.move(
        factories.working(question), "request_changes", team.reviewer, kind="all", remarks="Noem de leeftijd."
    )
    dialogue.say(question, {"body": "Het gaat ook om kleuters."}, by=factories.asker(question))
    client = browser(team.broker)
    page = text(client.get("/en/desk/notices"))
    case = text(client.get(f"/en/desk/cases/{question.pk}"))
    for part, words in (("dialogue", "sent word on"), ("review", "A review of your answer")):
        assert re.search(rf'<a href="/en/desk/cases/{question.pk}#{part}">[^<]*{words}', page)
        assert f'id="{part}"' in case
    assert '<span class="count">2</span>' in page
    notices.notify(team.coordinator, question, Kind.LAPSES)
    assert '<span class="count">1</span>' in text(browser(team.coordinator).get("/en/desk/notices"))


@pytest.mark.parametrize("sent", [{}, {"notice": "x"}, {"notice": "²"}, {"last": "9" * 30}, {"last": "-1"}])
def test_nonsense_reads_nothing(sent: dict[str, str], browser: Any, team: factories.Desk) -> None:
    notices.notify(team.broker, factories.assigned(team), Kind.BACK)
    assert browser(team.broker).post("/desk/notices", sent).status_code == 302
    assert notices.unread(team.broker).count() == 1


def test_strangers_and_colleagues_do_not_see_them(browser: Any, team: factories.Desk) -> None:
    notices.notify(team.broker, factories.assigned(team), Kind.BACK)
    assert browser().get("/desk/notices").status_code == 302
    colleague = browser(team.coordinator)
    assert "There is nothing new for you." in text(colleague.get("/en/desk/notices"))
    colleague.post("/desk/notices", {"notice": Notice.objects.get().pk})
    assert notices.unread(team.broker).count() == 1
