"""Spam: set aside by a coordinator, outside every view and count, without a letter, to be undone, and forgotten."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from brokers import clock
from questions import (
    bulk,
    dialogue,
    endings,
    escalation,
    foresight,
    insight,
    lapsing,
    listing,
    privacy,
    queue,
    silence,
    spam,
    suggest,
    throughput,
    timing,
    triage,
    workflow,
)
from questions.listing import Wanted
from questions.models import Asker, CaseWords, Ending, Event, Letter, Message, Notice, Participation, Question
from questions.models.conditions import GONE
from questions.periods import Period
from questions.refusals import NotNow, NotYou
from questions.states import OPEN, State, Turn
from tests import factories

pytestmark = pytest.mark.django_db
TEXT = "Koop nu goedkope wondermiddelen voor elke leerling op onze website!"


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


def shown(user: Any, **what: Any) -> set[Any]:
    return {row.pk for row in listing.rows(user, Wanted(**what))}


def letters(question: Question) -> Any:
    return Letter.objects.filter(event__question=question)


def long_ago(question: Question, days: int) -> None:
    Event.objects.filter(question=question).update(at=timezone.now() - timedelta(days=days))


def waiting(question: Question) -> Question:
    """Triaged and open to others, of whom one waits to confirm."""
    asker = Asker.objects.create(email="later@school.example")
    Participation.join(question=question, asker=asker, kind=Participation.Kind.WAITING)
    return question


# --- The step ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", ["submitted", "triaged", "assigned", "proposed"])
def test_a_coordinator_sets_an_open_question_aside_without_a_letter_to_who_asked(
    team: factories.Desk, made: str
) -> None:
    question = factories.submitted() if made == "submitted" else getattr(factories, made)(team)
    before = letters(question).exclude(participation=None).count()
    question = factories.move(question, "set_aside", team.coordinator, why="reclame")
    assert (question.state, question.turn_now, question.due_on) == (State.SPAM, Turn.NOBODY, None)
    assert (question.assignee, question.held_until, question.waits_for) == (None, None, "")
    assert question.events.latest("id").why == "reclame"
    assert letters(question).exclude(participation=None).count() == before
    told = set(letters(question).exclude(user=None).filter(kind="left").values_list("user", flat=True))
    assert told == ({team.broker.pk} if made in ("assigned", "proposed") else set())
    assert not foresight.writes("set_aside")
    assert not foresight.writes("not_spam")


def test_a_note_is_not_needed(team: factories.Desk) -> None:
    assert factories.move(factories.submitted(), "set_aside", team.coordinator).state == State.SPAM


def test_only_a_coordinator_sets_aside_and_takes_back(team: factories.Desk) -> None:
    for name, question in (("set_aside", factories.assigned(team)), ("not_spam", factories.set_aside(team))):
        for person in (team.broker, team.editor, team.reviewer, factories.asker(question)):
            with pytest.raises(NotYou):
                factories.move(question, name, person)


def test_what_somebody_else_wants_to_know_as_well_is_not_set_aside_in_silence(team: factories.Desk) -> None:
    question = waiting(factories.triaged(team))
    part = question.participations.get(kind=Participation.Kind.WAITING)
    Participation.objects.filter(pk=part.pk).update(kind=Participation.Kind.ME_TOO)
    with pytest.raises(NotNow):
        factories.move(question, "set_aside", team.coordinator)
    Participation.objects.filter(pk=part.pk).update(kind=Participation.Kind.WAITING)
    assert factories.move(question, "set_aside", team.coordinator).state == State.SPAM


def test_a_question_with_the_beginning_of_an_answer_is_none(team: factories.Desk) -> None:
    with pytest.raises(NotNow):
        factories.move(factories.drafted(team), "set_aside", team.coordinator)


def test_nothing_else_can_be_done_with_it(team: factories.Desk) -> None:
    question = factories.set_aside(team)
    assert [one.name for one in workflow.options(question, team.coordinator)] == ["not_spam"]
    assert [one.name for one in workflow.options(question, factories.asker(question)) if one.open] == []
    with pytest.raises(NotNow):
        dialogue.say(question, {"body": "Koop nu!"}, by=factories.asker(question))
    with pytest.raises(NotNow):
        dialogue.say(question, {"body": "Wat bedoel je?"}, by=team.coordinator)
    with pytest.raises(NotNow):
        factories.move(factories.triaged(team), "merge", team.coordinator, into=str(question.number), why="x")
    assert not Message.objects.exists()


# --- The way back -----------------------------------------------------------------------------------


def test_a_real_question_goes_back_to_where_triage_begins_without_a_letter(team: factories.Desk) -> None:
    question = factories.move(factories.triaged(team), "set_aside", team.coordinator)
    number, before = question.number, letters(question).count()
    question = factories.move(question, "not_spam", team.coordinator, why="vergissing")
    assert (question.state, question.number, question.track) == (State.SUBMITTED, number, "")
    assert letters(question).count() == before
    assert question in triage.waiting()
    assert factories.move(question, "triage", team.coordinator, track="short").state == State.TRIAGED


def test_after_the_way_back_triage_has_its_days_anew_and_not_those_of_a_track(
    team: factories.Desk, settings: Any, travel: Any
) -> None:
    travel(datetime(2026, 3, 2, 12, tzinfo=UTC))
    question = factories.triaged(team)
    travel(datetime(2026, 3, 4, 12, tzinfo=UTC))
    factories.move(question, "set_aside", team.coordinator)
    travel(datetime(2026, 6, 10, 12, tzinfo=UTC))
    question = factories.move(question, "not_spam", team.coordinator)
    assert question.due_on == clock.after(timezone.localdate(), settings.TRIAGE_DAYS)
    assert timing.clock_of(question).used == 0
    assert listing.age(question, timezone.localdate()) > 50, "how long somebody waits is not made less"


# --- Outside the queue ------------------------------------------------------------------------------


def test_it_is_in_no_view_and_no_count(team: factories.Desk, administrator: Any) -> None:
    kept = factories.submitted()
    factories.set_aside(team)
    factories.move(factories.proposed(team), "set_aside", team.coordinator)
    for user in (administrator, team.broker, team.coordinator):
        for name, number in listing.counts(user).items():
            assert shown(user, view=name) == ({kept.pk} if name in ("open", "all") else set()), name
            assert number == (1 if name in ("open", "all") else 0), name
    assert shown(administrator) == shown(administrator, assignee="none") == {kept.pk}


def test_it_is_found_by_its_state_and_by_its_number_only(team: factories.Desk) -> None:
    aside = factories.set_aside(team, text=TEXT)
    other = factories.submitted(text=f"{TEXT} Of eerder gevraagd als R-{aside.number}?")
    assert shown(team.broker, state="spam") == {aside.pk}
    for q in (f"{aside.number}", f"R-{aside.number}", f"#{aside.number}", f" r{aside.number} "):
        assert shown(team.broker, q=q) == {aside.pk, other.pk}, q
    assert shown(team.broker, q="wondermiddelen") == {other.pk}
    assert shown(team.broker, q=f"wondermiddelen R-{aside.number}") == {other.pk}
    assert shown(team.broker, q="wondermiddelen", state="spam") == {aside.pk}


def test_it_is_nobody_s_next_case_and_asks_for_no_triage(team: factories.Desk) -> None:
    question = factories.move(factories.triaged(team), "set_aside", team.coordinator)
    assert question not in triage.waiting()
    assert not queue.waiting().exists()
    assert not Question.objects.open().exists()
    with pytest.raises(NotNow):
        queue.claim_next(team.broker)


def test_several_are_set_aside_at_once_and_one_refusal_undoes_no_other(team: factories.Desk) -> None:
    first, second, answered = factories.submitted(), factories.triaged(team), factories.answered(team)
    keys = [str(one.pk) for one in (first, second, answered)]
    outcomes = {one.number: one.is_done for one in bulk.run(team.coordinator, keys, "set_aside", {})}
    assert outcomes == {first.number: True, second.number: True, answered.number: False}
    assert [one.reason for one in bulk.run(team.broker, keys[:1], "set_aside", {})] != [""]
    assert factories.reload(answered).state == State.ANSWERED


# --- Other rooms ------------------------------------------------------------------------------------


def test_it_is_suggested_to_nobody_and_counted_as_nobody_s_question(team: factories.Desk) -> None:
    question = factories.triaged(team, text=TEXT)
    assert [one.id for one in suggest.suggest(TEXT, user=team.broker).questions] == [str(question.pk)]
    factories.move(question, "set_aside", team.coordinator)
    assert suggest.suggest(TEXT, user=team.broker).questions == []
    assert suggest.suggest(TEXT, user=team.broker).asked_now == []
    assert suggest.questions([str(question.pk)], team.broker, "").count() == 0, "whatever the index holds"
    factories.move(factories.reload(question), "not_spam", team.coordinator)
    assert [one.id for one in suggest.suggest(TEXT, user=team.broker).questions] == [str(question.pk)]


def test_what_was_shown_in_public_is_so_no_longer(team: factories.Desk) -> None:
    question = factories.move(factories.shown(team), "set_aside", team.coordinator)
    assert question.shown_at is None
    assert not Question.objects.shown().exists()


def test_no_clock_reminder_lease_or_escalation_acts_on_it(team: factories.Desk, travel: Any) -> None:
    travel(datetime(2026, 3, 2, 12, tzinfo=UTC))
    question = factories.move(factories.proposed(team), "set_aside", team.coordinator)
    before, told = question.events.count(), letters(question).count()
    travel(datetime(2026, 3, 30, 12, tzinfo=UTC))
    silence.heed()
    lapsing.run()
    escalation.run()
    timing.mend()
    assert (question.events.count(), letters(question).count()) == (before, told)
    assert not Notice.objects.filter(question=question, at__gt=timezone.now() - timedelta(days=1)).exists()
    assert factories.reload(question).state == State.SPAM


# --- Numbers ----------------------------------------------------------------------------------------


def flow(user: Any) -> dict[str, int]:
    today = timezone.localdate()
    tables = insight.read(user, Period(today - timedelta(days=1), today))
    return {one["state"]: one["all"] for one in tables["flow"].rows}


def test_it_is_one_figure_of_its_own_and_in_no_other(team: factories.Desk) -> None:
    factories.triaged(team)
    before = flow(team.coordinator)
    question = factories.move(factories.assigned(team), "set_aside", team.coordinator)
    assert flow(team.coordinator) == {**before, "spam": 1}
    today = timezone.localdate()
    tables = insight.read(team.coordinator, Period(today - timedelta(days=1), today))
    month = tables["months"].rows[-1]
    assert [month[name] for name in ("came_in", "answered", "referred", "other")] == [1, 0, 0, 0]
    assert not Ending.objects.exists()
    assert all(row["ended"] == 0 for row in tables["reopened"].rows)
    assert [row["ended"] for row in tables["load"].rows if row["broker"] == str(team.broker)] == [0]
    factories.move(question, "not_spam", team.coordinator)
    assert flow(team.coordinator)["came_in"] == 2, "a mistake that was put right counts as the question it is"


def test_it_neither_ends_nor_reopens_anything_that_ended_before(team: factories.Desk) -> None:
    question = factories.move(factories.declined(team), "reopen", team.coordinator, why="toch")
    [ending] = Ending.objects.all()
    question = factories.move(question, "set_aside", team.coordinator)
    factories.move(question, "not_spam", team.coordinator)
    endings.write(question)
    [again] = Ending.objects.all()
    assert (again.outcome, again.ended_at, again.reopened_at) == (State.DECLINED, ending.ended_at, ending.reopened_at)


def test_its_days_are_in_no_promise_to_who_asks(team: factories.Desk) -> None:
    factories.set_aside(team)
    assert [*throughput.ended()] == []
    assert throughput.expected(factories.set_aside(team)) is None


# --- Forgetting -------------------------------------------------------------------------------------


def test_after_so_many_days_its_words_and_who_sent_it_are_gone(team: factories.Desk, settings: Any) -> None:
    question = factories.proposed(team, text=TEXT, context=TEXT, tried=TEXT, name="Spam B.V.", on_behalf_of="Spam B.V.")
    dialogue.say(question, {"body": TEXT}, by=factories.asker(question))
    question.private_drafts.create(user=team.broker, sitting=uuid.uuid4(), base="", content={"short_answer": TEXT})
    question = factories.move(factories.reload(question), "set_aside", team.coordinator, why=f"er staat: {TEXT}")
    email, number = factories.asker(question).asker.email, question.number
    token = factories.asker(question).mailed_token
    long_ago(question, settings.SPAM_KEPT_DAYS - 1)
    assert spam.forget() == 0
    long_ago(question, settings.SPAM_KEPT_DAYS + 1)
    assert spam.forget() == 1
    question = factories.reload(question)
    assert (question.state, question.number, question.title) == (State.SPAM, number, GONE)
    held = [question.text, question.context, question.tried, question.on_behalf_of, question.articulated]
    held += [*question.messages.values_list("body", flat=True), *question.events.values_list("why", flat=True)]
    held += [str(one) for one in question.events.values_list("data", flat=True)]
    held += [str(one) for one in CaseWords.objects.filter(question=question).values_list("terms", flat=True)]
    assert [one for one in held if "Koop" in one or "koop" in one or "Spam" in one or "stillezen" in one] == []
    assert not question.articulations.exists()
    assert not Asker.objects.filter(email=email).exists()
    assert Participation.find(token) is None
    assert not question.private_drafts.exists()
    assert spam.forget() == 0, "and then there is nothing left to forget"


def test_somebody_with_another_question_is_not_forgotten(team: factories.Desk) -> None:
    question = factories.set_aside(team, email="trouw@school.example")
    other = factories.submitted(email="trouw@school.example")
    long_ago(question, 400)
    long_ago(other, 400)
    assert spam.forget() == 1
    assert factories.asker(other).asker.email == "trouw@school.example"
    assert factories.reload(other).text == factories.TEXT
    assert factories.asker(question).asker is None


def test_what_was_taken_back_is_not_forgotten_and_set_aside_anew_its_days_begin_anew(team: factories.Desk) -> None:
    question = factories.set_aside(team)
    long_ago(question, 400)
    question = factories.move(question, "not_spam", team.coordinator)
    assert spam.forget() == 0
    question = factories.move(question, "set_aside", team.coordinator)
    assert spam.forget() == 0
    assert factories.reload(question).text == factories.TEXT


def test_without_its_words_it_does_not_come_back(team: factories.Desk) -> None:
    question = factories.set_aside(team)
    long_ago(question, 400)
    spam.tidy()
    with pytest.raises(NotNow):
        factories.move(factories.reload(question), "not_spam", team.coordinator)


def test_the_command_that_tidies_forgets_it_too(team: factories.Desk, capsys: Any) -> None:
    long_ago(factories.set_aside(team), 400)
    call_command("housekeeping")
    assert "1 cases set aside as spam forgotten" in capsys.readouterr().out


def test_who_asked_can_read_what_is_kept_and_have_it_erased(team: factories.Desk) -> None:
    question = factories.set_aside(team)
    asker = factories.asker(question).asker
    assert asker is not None
    [told] = privacy.export(asker)["questions"]
    assert (told["state"], told["text"]) == ("spam", question.text)
    privacy.erase(asker)
    question = factories.reload(question)
    assert (question.state, question.text) == (State.SPAM, GONE)
    assert question.state not in OPEN
    assert suggest.suggest(factories.TEXT, user=team.broker).questions == []
