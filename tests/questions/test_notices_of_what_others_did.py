"""What others did with a case stands on the list of who holds it, until it no longer says something true."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from questions import dialogue, escalation, notices, privacy, rendering, retention
from questions.models import Letter, Notice, Question
from questions.models.notice import Kind
from tests import factories

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 11, 3, 10, tzinfo=UTC)


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


@pytest.fixture
def later(travel: Any) -> Any:
    """An hour goes by."""
    passed = [BEGIN]

    def on(**time: int) -> None:
        passed[0] += timedelta(**(time or {"hours": 1}))
        travel(passed[0])

    travel(BEGIN)
    return on


def told(user: Any) -> list[str]:
    return sorted(notices.unread(user).values_list("kind", flat=True))


def write(question: Question, body: str = "Het gaat ook om kleuters.") -> None:
    dialogue.say(question, {"body": body}, by=factories.asker(question))


# --- Word from the asker --------------------------------------------------------------------


def test_word_from_the_asker_is_told_to_who_holds_the_case_until_somebody_answers(
    team: factories.Desk, later: Any
) -> None:
    question = factories.assigned(team)
    later()
    write(question)
    assert (told(team.broker), told(team.coordinator)) == (["message"], [])
    later()
    dialogue.say(question, {"body": "Dank je."}, by=team.broker)
    assert told(team.broker) == []
    later()
    write(question, "En om groep 3.")
    assert told(team.broker) == ["message"]
    later()
    dialogue.say(question, {"body": "Ik geef het door."}, by=team.coordinator)
    assert told(team.broker) == [], "a colleague has answered"


def test_what_was_read_is_told_anew_when_more_is_said_the_same_day(team: factories.Desk, later: Any) -> None:
    question = factories.assigned(team)
    write(question)
    first = Notice.objects.get()
    later()
    write(question, "En nog iets.")
    assert told(team.broker) == ["message"], "one line a case, however much is said"
    assert notices.read(team.broker, last=first.pk) == 0, "the page that showed the first did not show this one"
    assert notices.read(team.broker, last=Notice.objects.get().pk) == 1
    later()
    write(question, "Ben je er nog?")
    assert told(team.broker) == ["message"]


def test_any_work_in_the_case_answers_for_having_seen_it_and_that_of_others_does_not(
    team: factories.Desk, later: Any
) -> None:
    question = factories.assigned(team)
    write(question)
    later()
    factories.move(question, "retrack", team.coordinator, track="short", why="korter")
    assert told(team.broker) == ["message"]
    factories.move(question, "propose", team.broker, articulated=factories.ARTICULATED)
    assert told(team.broker) == []


def test_while_nobody_holds_the_case_the_coordinators_are_told_and_who_takes_it_ends_that(
    team: factories.Desk, later: Any
) -> None:
    taken, sent = factories.triaged(team), factories.submitted()
    write(taken)
    write(sent)
    other = factories.staff("coordinator")
    later()
    write(sent, "Nog iets.")
    assert (told(team.coordinator), told(other), told(team.broker)) == (["message"] * 2, ["message"], [])
    later()
    factories.move(taken, "claim", team.broker)
    assert told(team.coordinator) == ["message"]
    factories.move(sent, "refer", team.coordinator, source=str(factories.source().pk), note="Lees dit.")
    assert (told(team.coordinator), told(other)) == ([], []), "the asker has heard from the desk"


def test_that_an_answer_did_not_do_is_word_from_the_asker_too(team: factories.Desk) -> None:
    good, bad = factories.answered(team), factories.answered(team)
    factories.move(good, "respond", factories.asker(good), verdict="answered")
    assert told(team.broker) == []
    factories.move(bad, "respond", factories.asker(bad), verdict="no", why="Dit vroeg ik niet.")
    assert told(team.broker) == ["message"]
    factories.move(bad, "resume", team.broker, why="niet wat er gevraagd was")
    assert told(team.broker) == []


def test_who_loses_the_case_no_longer_reads_what_was_said_in_it(team: factories.Desk, later: Any) -> None:
    question = factories.assigned(team)
    write(question)
    later()
    other = factories.staff("broker")
    factories.move(question, "transfer", team.coordinator, broker=other.email, why="meer ruimte")
    assert (told(team.broker), told(other)) == ([], ["handed_over"])


# --- Handed over, and reviewed ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["assign", "transfer"])
def test_who_is_given_a_case_is_told_until_they_do_something_in_it(name: str, team: factories.Desk, later: Any) -> None:
    question = factories.triaged(team) if name == "assign" else factories.assigned(team)
    other = factories.staff("broker")
    why = {"why": "meer ruimte"} if name == "transfer" else {}
    factories.move(question, name, team.coordinator, broker=other.email, **why)
    assert (told(other), told(team.broker), told(team.coordinator)) == (["handed_over"], [], [])
    later()
    dialogue.say(question, {"body": "Ik neem het over."}, by=other)
    assert told(other) == []


def test_nobody_is_told_what_they_did_themselves(team: factories.Desk) -> None:
    question = factories.assigned(team)
    assert told(team.broker) == [], "claimed"
    boss = factories.staff("administrator")
    factories.move(question, "transfer", boss, broker=boss.email, why="zelf doen")
    assert told(boss) == []


@pytest.mark.parametrize("name", ["approve", "request_changes"])
def test_a_review_is_told_to_who_holds_the_answer_until_they_go_on(name: str, team: factories.Desk, later: Any) -> None:
    question = factories.in_review(team)
    version = factories.item(question).working("nl")
    assert version is not None
    later()
    data = {"kind": "content"} if name == "approve" else {"kind": "content", "remarks": "Noem de leeftijd."}
    factories.move(version, name, team.reviewer, **data)
    assert (told(team.broker), told(team.reviewer)) == (["reviewed"], [])
    later()
    dialogue.say(question, {"body": "Het is bijna klaar."}, by=team.broker)
    assert told(team.broker) == []


def test_a_review_is_no_news_once_the_answer_is_public(team: factories.Desk) -> None:
    question = factories.revising(team)
    factories.write(question, team.broker, **factories.CHANGED)
    factories.move(factories.working(question), "submit", team.broker)
    factories.move(factories.working(question), "approve", team.reviewer, kind="all")
    assert told(team.broker) == ["reviewed"]
    factories.move(question, "publish", team.editor)
    assert told(team.broker) == []


# --- Mail, erasing, forgetting ----------------------------------------------------------------


def test_the_daily_mail_leaves_out_what_a_letter_told_already(team: factories.Desk, later: Any) -> None:
    question = factories.assigned(team)
    write(question)
    assert Letter.objects.filter(kind="message_to_broker", user=team.broker).count() == 1
    assert escalation.digests() == 0
    notices.notify(team.broker, question, Kind.LAPSES, BEGIN.date())
    assert escalation.digests() == 1
    message = rendering.render(Letter.objects.get(kind="notices"))
    assert message is not None
    assert str(message.body).count(f"/desk/cases/{question.pk}") == 1
    assert told(team.broker) == ["lapses", "message"], "the page shows both"


def test_a_notice_holds_no_word_of_the_asker_and_goes_after_half_a_year(team: factories.Desk, later: Any) -> None:
    question = factories.assigned(team)
    write(question, "KANARIE")
    privacy.erase(factories.asker(question).asker)
    row = Notice.objects.get()
    assert "KANARIE" not in notices.sentence(row) + str(Notice.objects.values().get())
    assert str(question.number) in notices.sentence(row)
    later(days=181)
    assert retention.forget_notices() == 1
