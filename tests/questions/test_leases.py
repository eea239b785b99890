"""A claim is a lease: work renews it, a warning comes before its end, and nothing that was written is lost."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from brokers import clock
from brokers.models import Broker, User
from questions import dialogue, lapsing, lease, searchlog, workflow, writing
from questions.lapsing import Outcome
from questions.models import Event, KeptDraft, Notice, Question
from questions.permissions import SYSTEM
from questions.refusals import NotNow, NotYou
from questions.states import State
from tests import factories
from tests.threads import at_once

LONG_AGO = date(2020, 1, 6)


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


def today() -> date:
    return timezone.localdate()


def in_days(days: int) -> date:
    return clock.after(today(), days)


def set_until(question: Question, until: date, warned: date | None = None) -> Question:
    """The claim as time alone makes it."""
    Question.objects.filter(pk=question.pk).update(held_until=until, held_warned=warned)
    return factories.reload(question)


def overdue(question: Question) -> Question:
    """A claim that ended long ago, of which its holder was warned."""
    return set_until(question, LONG_AGO, LONG_AGO)


def until(question: Question) -> date | None:
    return factories.reload(question).held_until


# --- How long it holds ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_claim_holds_for_the_working_days_of_the_setting_and_says_who_and_until_when(
    team: factories.Desk, settings: Any
) -> None:
    settings.LEASE_DAYS = 7
    question = factories.assigned(team)
    holding = lease.held(factories.reload(question))
    assert holding is not None
    assert (holding.broker, holding.until, holding.is_offered, holding.is_warned) == (
        team.broker,
        in_days(7),
        False,
        False,
    )
    assert lease.held(factories.triaged(team)) is None


@pytest.mark.django_db
@pytest.mark.parametrize("work", ["step", "message", "save", "search", "step of the answer", "keep"])
def test_all_work_of_the_holder_renews_the_claim_and_writes_no_event_of_the_lease(
    team: factories.Desk, work: str
) -> None:
    question = factories.drafted(team)
    set_until(question, today())
    before = set(Event.objects.values_list("pk", flat=True))
    fresh = factories.reload(question)
    if work == "step":
        factories.move(fresh, "propose", team.broker, articulated="Een andere vraag over lezen?")
    elif work == "message":
        dialogue.say(fresh, {"body": "Hoe oud zijn de kinderen?"}, by=team.broker)
    elif work == "save":
        factories.write(fresh, team.broker)
    elif work == "search":
        searchlog.log(fresh, {"place": "ERIC", "terms": "lezen"}, by=team.broker)
    elif work == "keep":
        factories.move(fresh, "keep", team.broker, why="Ik wacht op een boek.")
    else:
        factories.move(factories.working(fresh), "submit", team.broker)
    assert until(question) == in_days(10)
    names = set(Event.objects.exclude(pk__in=before).values_list("name", flat=True))
    assert names <= {"propose", "message", "write", "answer_submit", "answer_void", "keep", "search"}


@pytest.mark.django_db
def test_the_work_of_others_renews_nobody_s_claim(team: factories.Desk, second_broker: User) -> None:
    question = factories.agreed(team)
    set_until(question, today())
    dialogue.say(question, {"body": "Een vraag van een collega"}, by=team.coordinator)
    dialogue.say(question, {"body": "Hallo, hoe staat het ermee?"}, by=factories.asker(question))
    searchlog.log(question, {"place": "ERIC", "terms": "lezen"}, by=second_broker)
    assert until(question) == today()


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["agree", "reply", "request_changes", "approve", "resume", "transfer"])
def test_who_gets_the_case_back_or_anew_has_a_whole_lease(team: factories.Desk, second_broker: User, step: str) -> None:
    if step == "agree":
        question = factories.proposed(team)
        set_until(question, LONG_AGO)
        factories.move(question, "agree", factories.asker(question))
    elif step == "reply":
        question = factories.assigned(team)
        dialogue.say(question, {"body": "Welke groep bedoelt u?", "waits": True}, by=team.broker)
        set_until(question, LONG_AGO)
        dialogue.say(factories.reload(question), {"body": "Groep zes."}, by=factories.asker(question))
    elif step in ("request_changes", "approve"):
        question = factories.in_review(team)
        set_until(question, LONG_AGO)
        factories.move(factories.working(question), step, team.reviewer, kind="all", remarks="Nog iets over de groep.")
    elif step == "resume":
        question = factories.answered(team)
        assert question.held_until is None, "an answer that was sent is held by nobody's clock"
        factories.move(question, "resume", team.coordinator, why="de asker mist iets")
    else:
        question = factories.assigned(team)
        set_until(question, today())
        factories.move(question, "transfer", team.coordinator, broker=second_broker.email, why="ziek")
    assert until(question) == in_days(10)


# --- A warning, then back to the pool --------------------------------------------------------------------


@pytest.mark.django_db
def test_the_holder_is_warned_first_and_once_and_the_case_lapses_only_after_the_end(team: factories.Desk) -> None:
    question = factories.assigned(team)
    assert not lapsing.run(), "a fresh claim is nobody's business"
    set_until(question, in_days(2))
    assert lapsing.run() == {Outcome.WARNED: 1}
    assert until(question) == in_days(2)
    assert not lapsing.run()
    assert lease.held(factories.reload(question)).is_warned  # type: ignore[union-attr]
    set_until(question, today(), today())
    assert not lapsing.run(), "the last day still counts"
    set_until(question, today() - timedelta(days=1), today() - timedelta(days=1))
    assert lapsing.run() == {Outcome.LAPSED: 1}
    assert not lapsing.run()
    found = factories.reload(question)
    assert (found.state, found.assignee, found.held_until, found.held_warned) == (State.TRIAGED, None, None, None)
    event = question.events.get(name="lapse")
    assert (event.user, event.source, event.target) == (None, State.ASSIGNED, State.TRIAGED)
    told = Notice.objects.filter(user=team.broker, question=question).order_by("id")
    assert list(told.values_list("kind", "on")) == [("lapses", in_days(2)), ("lapsed", today())]


@pytest.mark.django_db
def test_who_was_never_warned_loses_nothing_however_long_ago_the_claim_ended(team: factories.Desk) -> None:
    """The worker was away, or the asker was erased: the days of the warning count from the warning on."""
    question = set_until(factories.assigned(team), LONG_AGO)
    assert lapsing.run() == {Outcome.WARNED: 1}
    assert until(question) == in_days(2)
    assert not lapsing.run()


@pytest.mark.django_db
def test_work_after_the_warning_asks_for_a_new_warning_before_the_new_end(team: factories.Desk) -> None:
    question = set_until(factories.assigned(team), in_days(1))
    lapsing.run()
    dialogue.say(question, {"body": "Ik ben er weer mee bezig."}, by=team.broker)
    assert not lease.held(factories.reload(question)).is_warned  # type: ignore[union-attr]
    with pytest.raises(NotNow, match="verlopen"):
        workflow.perform(question, "lapse", by=SYSTEM)
    set_until(question, today(), in_days(1))  # as after another ten days
    assert lapsing.run() == {Outcome.WARNED: 1}


@pytest.mark.django_db
@pytest.mark.parametrize("make", ["proposed", "in_review", "asked"])
def test_no_claim_runs_out_while_somebody_else_has_to_do_something(team: factories.Desk, make: str) -> None:
    if make == "asked":
        question = factories.assigned(team)
        dialogue.say(question, {"body": "Welke groep bedoelt u?", "waits": True}, by=team.broker)
        overdue(question)
    else:
        question = overdue(getattr(factories, make)(team))
    question = factories.reload(question)
    assert lease.pause(question)
    assert not lapsing.run()
    found = factories.reload(question)
    assert (found.state, found.assignee, found.held_warned) == (State.ASSIGNED, team.broker, None)
    with pytest.raises(NotNow):
        workflow.perform(question, "lapse", by=SYSTEM)


@pytest.mark.django_db
def test_an_asker_who_is_gone_is_waited_for_no_longer_and_the_holder_is_warned_first(team: factories.Desk) -> None:
    question = overdue(factories.proposed(team))
    lapsing.run()
    factories.asker(question).asker.delete()
    assert lease.pause(factories.reload(question)) == ""
    assert lapsing.run() == {Outcome.WARNED: 1}


@pytest.mark.django_db
def test_an_approved_answer_that_nobody_sends_is_the_holder_s_to_send(team: factories.Desk) -> None:
    question = overdue(factories.approved(team))
    assert lapsing.run() == {Outcome.LAPSED: 1}
    assert factories.working(question).state == "approved", "what was reviewed stays reviewed"


@pytest.mark.django_db
def test_no_claim_runs_out_during_an_absence_and_who_returns_has_a_whole_lease(team: factories.Desk) -> None:
    question = overdue(factories.assigned(team))
    back = today() + timedelta(days=20)
    Broker.objects.filter(user=team.broker).update(absent_until=back)
    assert not lapsing.run()
    assert until(question) == clock.after(back, 10)
    assert factories.reload(question).held_warned is None


@pytest.mark.django_db
def test_who_works_here_no_more_is_waited_for_by_nobody(team: factories.Desk) -> None:
    overdue(factories.proposed(team))
    User.objects.filter(pk=team.broker.pk).update(is_active=False)  # type: ignore[union-attr]
    assert lapsing.run() == {Outcome.LAPSED: 1}
    assert not Notice.objects.filter(kind="lapsed").exists()


@pytest.mark.django_db
def test_nothing_that_was_written_is_lost_when_a_case_changes_hands(team: factories.Desk, second_broker: User) -> None:
    question = factories.drafted(team)
    version = factories.working(question)
    mine = KeptDraft.objects.create(version=version, user=team.broker, base="x", content={"gap": "van Bram"})
    searchlog.log(question, {"place": "ERIC", "terms": "lezen"}, by=team.broker)
    for change in ("transfer", "lapse"):
        if change == "transfer":
            factories.move(question, "transfer", team.coordinator, broker=second_broker.email, why="drukte")
        else:
            overdue(question)
            assert lapsing.run() == {Outcome.LAPSED: 1}
        found = factories.working(question)
        assert found.pk == version.pk
        assert found.short_answer == factories.TEXTS["short_answer"]
        assert list(found.authors.all()) == [team.broker]
        assert KeptDraft.objects.get() == mine
        assert question.searches.count() == 1
    factories.move(factories.reload(question), "claim", second_broker)
    factories.write(question, second_broker, gap="van Bente")
    assert set(factories.working(question).authors.all()) == {team.broker, second_broker}


@pytest.mark.django_db
def test_only_the_desk_itself_lets_a_claim_lapse(team: factories.Desk) -> None:
    question = overdue(factories.assigned(team))
    for by in (team.broker, team.coordinator, team.editor, factories.asker(question)):
        with pytest.raises(NotYou):
            workflow.perform(question, "lapse", by=by)


@pytest.mark.django_db
def test_the_command_warns_and_takes_back_and_says_how_many(team: factories.Desk, capsys: Any) -> None:
    overdue(factories.assigned(team))
    set_until(factories.assigned(team), in_days(1))
    call_command("lapse")
    assert capsys.readouterr().out.strip() == "1 warned, 1 back in the pool"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_warn_once_and_let_lapse_once() -> None:
    team = factories.Desk()
    cases = [overdue(factories.assigned(team)) for _n in range(4)]
    late = [set_until(factories.assigned(team), in_days(1)) for _n in range(4)]
    counts = at_once([lapsing.run, lapsing.run, lapsing.run])
    assert sum(one[Outcome.LAPSED] for one in counts) == 4
    assert sum(one[Outcome.WARNED] for one in counts) == 4
    assert Event.objects.filter(name="lapse", question__in=cases).count() == 4
    assert all(factories.reload(one).held_warned == in_days(2) for one in late)


@pytest.mark.django_db(transaction=True)
def test_whoever_saves_at_the_moment_of_lapsing_keeps_the_case_or_keeps_the_text() -> None:
    team = factories.Desk()
    question = overdue(factories.drafted(team))
    version = factories.working(question)
    content = factories.texts(short_answer="Net op tijd getypt.")
    results = at_once([lapsing.run, lambda: writing.write(question, content, by=team.broker, expected=version.etag)])
    found = factories.reload(question)
    if isinstance(results[1], Exception):
        assert found.state == State.TRIAGED
        assert KeptDraft.objects.get().content["short_answer"] == "Net op tijd getypt."
    else:
        assert (found.state, found.held_until) == (State.ASSIGNED, in_days(10))
