"""Cases that are nearly due or overdue are told to who should know: apart from the dossier, and once."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import call_command

from brokers.models import Broker, User
from questions import escalation, notices, rendering, retention, tasks
from questions.models import Letter, Notice, Question
from questions.models.notice import Kind
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db

# A case of the track `short` that came in on 2 November is due on 30 November.
BEGIN, NEAR, DUE, LATE, LATER = (
    date(2026, 11, 2),
    *(date(2026, 11, 25), date(2026, 11, 30)),
    date(2026, 12, 1),
    date(2026, 12, 3),
)


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


@pytest.fixture
def on(travel: Any) -> Any:
    def to(day: date, hour: int = 10) -> None:
        travel(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))

    to(BEGIN)
    return to


def held(team: factories.Desk) -> Question:
    question = factories.move(factories.submitted(), "triage", team.coordinator, track="short")
    return factories.move(question, "claim", team.broker)


def told(user: Any) -> list[str]:
    return sorted(notices.unread(user).values_list("kind", flat=True))


def test_who_holds_a_case_is_told_when_it_is_nearly_due_and_when_it_is_overdue(team: factories.Desk, on: Any) -> None:
    question = held(team)
    assert question.due_on == DUE
    on(date(2026, 11, 24))
    assert escalation.escalate() == 0
    on(NEAR)
    assert (escalation.escalate(), escalation.escalate()) == (1, 0)
    assert (told(team.broker), told(team.coordinator)) == (["due_soon"], [])
    on(DUE)
    assert escalation.escalate() == 0, "on the day itself it is on time"
    on(LATE)
    assert (escalation.escalate(), escalation.escalate()) == (1, 0)
    assert (told(team.broker), told(team.coordinator)) == (["due_soon", "overdue"], [])


def test_what_stays_overdue_is_told_to_the_coordinators_too(team: factories.Desk, on: Any) -> None:
    held(team)
    on(date(2026, 12, 2))
    escalation.escalate()
    assert told(team.coordinator) == []
    on(LATER)
    escalation.escalate()
    assert told(team.coordinator) == ["overdue"]


@pytest.mark.parametrize("how", ["unclaimed", "absent", "left"])
def test_what_nobody_holds_who_is_here_goes_to_the_coordinators_at_once(
    how: str, team: factories.Desk, on: Any
) -> None:
    if how == "unclaimed":
        factories.move(factories.submitted(), "triage", team.coordinator, track="short")
    else:
        held(team)
    Broker.objects.filter(user=team.broker).update(absent_until=date(2027, 1, 1) if how == "absent" else None)
    User.objects.filter(pk=team.broker.pk).update(is_active=how != "left")  # type: ignore[union-attr]
    on(LATE)
    escalation.escalate()
    assert (told(team.coordinator), told(team.broker)) == (["overdue"], [])


def test_nothing_of_it_stands_in_the_history_of_the_case(team: factories.Desk, on: Any) -> None:
    question = held(team)
    before = list(question.events.values_list("name", flat=True))
    on(LATER)
    escalation.run()
    assert list(question.events.values_list("name", flat=True)) == before
    assert not question.messages.exists()


def test_while_it_is_the_asker_s_turn_nothing_is_overdue(team: factories.Desk, on: Any) -> None:
    question = held(team)
    factories.move(question, "propose", team.broker, articulated=factories.ARTICULATED)
    on(LATER)
    assert escalation.escalate() == 0


def test_a_notice_is_gone_when_it_no_longer_holds(team: factories.Desk, on: Any) -> None:
    question = held(team)
    on(LATER)
    escalation.escalate()
    assert told(team.broker) == ["overdue"]
    factories.move(question, "refer", team.broker, source=str(factories.source().pk), note="Lees dit.")
    assert (told(team.broker), told(team.coordinator)) == ([], [])
    assert escalation.digests() == 0, "nor is it mailed"


def test_a_new_date_is_a_new_occasion(team: factories.Desk, on: Any) -> None:
    question = held(team)
    on(LATE)
    escalation.escalate()
    notices.read(team.broker, last=Notice.objects.latest("pk").pk)
    factories.move(question, "propose", team.broker, articulated=factories.ARTICULATED)
    on(date(2026, 12, 8))
    factories.move(question, "agree", factories.asker(question))
    escalation.escalate()
    assert told(team.broker) == ["overdue"]
    assert Notice.objects.filter(user=team.broker).count() == 2


# --- Telling -------------------------------------------------------------------------------------------


def test_the_same_of_the_same_day_is_told_once(team: factories.Desk) -> None:
    question = held(team)
    day = date(2026, 12, 1)
    assert notices.notify(team.broker, question, Kind.LAPSES, day)
    assert not notices.notify(team.broker, question, Kind.LAPSES, day)
    assert notices.notify(team.broker, question, Kind.LAPSES, date(2026, 12, 2))
    assert notices.notify(team.broker, question, Kind.BACK)
    assert not notices.notify(team.broker, question, Kind.BACK)
    assert notices.notify(team.coordinator, question, Kind.LAPSES, day)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_its_sentence(kind: Kind, team: factories.Desk) -> None:
    question = held(team)
    notices.notify(team.broker, question, kind, date(2026, 12, 1))
    words = notices.sentence(Notice.objects.get())
    assert str(question.number) in words
    assert "1 december 2026" in words


def test_people_read_their_own_notices_only_and_those_that_they_saw(team: factories.Desk) -> None:
    question = held(team)
    for day in (1, 2, 3):
        notices.notify(team.broker, question, Kind.LAPSES, date(2026, 12, day))
    first, second, third = Notice.objects.order_by("pk")
    assert notices.read(team.coordinator, one=first.pk) == 0
    assert notices.read(team.broker) == 0
    assert notices.read(team.broker, one=third.pk) == 1
    assert notices.read(team.broker, last=first.pk) == 1
    assert list(notices.unread(team.broker)) == [second]


# --- By mail -------------------------------------------------------------------------------------------


def mails() -> int:
    return Letter.objects.filter(kind="notices").count()


def test_one_mail_a_working_day_tells_all_that_is_new(team: factories.Desk, on: Any) -> None:
    one, two = held(team), held(team)
    on(LATE, 7)
    assert escalation.run() == 1
    on(LATE, 15)
    notices.notify(team.broker, one, Kind.LAPSES, date(2026, 12, 4))
    assert escalation.run() == 0, "what comes later waits for the next morning"
    on(date(2026, 12, 2), 7)
    assert escalation.run() == 1
    assert mails() == 2
    on(date(2026, 12, 2), 15)
    assert (escalation.run(), mails()) == (0, 2)
    message = rendering.render(Letter.objects.filter(kind="notices").latest("created_at"))
    assert message is not None
    assert message.to == [team.broker.email]  # type: ignore[union-attr]
    for question in (one, two):
        assert f"/desk/cases/{question.pk}" in str(message.body)
        assert question.title not in str(message.body), "what was asked stays on the desk"


def test_nobody_is_written_to_at_a_weekend_or_on_a_holiday(team: factories.Desk, on: Any) -> None:
    held(team)
    for day in (date(2026, 12, 5), date(2026, 12, 25)):
        on(day)
        assert escalation.run() == 0
    assert told(team.broker) == ["overdue"], "but who looks finds it"


def test_what_was_read_on_the_page_is_not_mailed(team: factories.Desk, on: Any) -> None:
    held(team)
    on(LATE)
    escalation.escalate()
    notices.read(team.broker, last=Notice.objects.latest("pk").pk)
    assert escalation.digests() == 0


def test_a_mail_that_has_nothing_to_tell_any_more_is_not_sent(team: factories.Desk, on: Any) -> None:
    question = held(team)
    on(LATE)
    assert escalation.run() == 1
    factories.move(question, "propose", team.broker, articulated=factories.ARTICULATED)
    letter = Letter.objects.get(kind="notices")
    assert rendering.render(letter) is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_and_write_once(on: Any) -> None:
    team = factories.Desk()
    for _n in range(3):
        held(team)
    on(LATER)
    at_once([escalation.run] * 4)
    assert Notice.objects.filter(user=team.broker).count() == 3
    assert Notice.objects.filter(user=team.coordinator).count() == 3
    assert mails() == 2


def test_the_bell_and_the_command_do_it(team: factories.Desk, on: Any, capsys: Any) -> None:
    held(team)
    on(LATE)
    tasks.escalate()
    assert mails() == 1
    call_command("escalate")
    assert capsys.readouterr().out == "0 notices, 0 mails\n"


def test_old_notices_are_forgotten(team: factories.Desk, on: Any) -> None:
    notices.notify(team.broker, held(team), Kind.BACK, BEGIN)
    assert retention.forget_notices() == 0
    on(date(2027, 6, 1))
    assert retention.forget_notices() == 1
