"""Which broker fits a question, and why; what brokers know is in no search of anybody."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brokers import roles
from brokers.models import Broker, User
from evidence import embedding, search
from evidence.models import Passage
from questions import findable, matching, profiles, queue, suggest
from questions.models import Question
from questions.refusals import NotYou
from tests import factories

pytestmark = pytest.mark.django_db

READING = "Begrijpend lezen, stillezen en leesmotivatie op de basisschool"
MATHS = "Rekenen, breuken en automatiseren"
ABOUT_READING = "Helpt stillezen op de basisschool bij begrijpend lezen en leesmotivatie?"
ABOUT_MATHS = "Hoe leren kinderen breuken rekenen en automatiseren?"


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


def knows(user: User, expertise: str, **more: Any) -> User:
    profiles.change(user, {"expertise": expertise, **more}, by=user)
    return factories.reload(user)


@pytest.fixture
def reader(broker: User) -> User:
    return knows(broker, READING)


@pytest.fixture
def counter(second_broker: User) -> User:
    return knows(second_broker, MATHS)


def asked(team: factories.Desk, text: str = ABOUT_READING, **more: Any) -> Question:
    question = factories.triaged(team, text=text, **more)
    embedding.embed_all()
    return question


def by_person(question: Question) -> dict[User, matching.Match]:
    return {one.broker: one for one in matching.ranked(question)}


def kinds(one: matching.Match) -> set[str]:
    return {reason.kind for reason in one.reasons}


# --- Who fits -------------------------------------------------------------------------------------------


@pytest.mark.words_only
@pytest.mark.parametrize(("text", "first"), [(ABOUT_READING, "Bram"), (ABOUT_MATHS, "Bente")])
def test_who_knows_about_it_comes_first_and_it_is_said_why(
    team: factories.Desk, reader: User, counter: User, text: str, first: str
) -> None:
    best = matching.ranked(asked(team, text))[0]
    assert best.broker.name == first
    assert kinds(best) & {"expertise", "words"}
    assert all(reason.sentence for reason in best.reasons)
    assert best.is_open
    assert 0 < best.score <= 1


def test_who_wrote_about_it_is_known_for_it_until_the_answer_is_taken_back(
    team: factories.Desk, second_broker: User
) -> None:
    writer, editor = team.broker, team.editor
    answered = factories.published(team)
    question = asked(team, factories.ARTICULATED)
    found = by_person(question)
    assert found[writer].score > found[second_broker].score
    (reason,) = [one for one in found[writer].reasons if one.kind == "answered"]
    assert reason.facts["number"] == answered.number
    assert factories.ARTICULATED in reason.sentence
    factories.move(factories.reload(answered), "retract", editor, why="de studie is ingetrokken")
    assert "answered" not in kinds(by_person(question)[writer])


def test_the_sector_room_and_presence_count_and_are_said(team: factories.Desk) -> None:
    def made(name: str, **fields: Any) -> User:
        user = factories.staff(roles.BROKER, name)
        Broker.objects.filter(user=user).update(**fields)
        return user

    today = timezone.localdate()
    home = made("home", sectors=["po"], capacity=10)
    everywhere = made("everywhere", capacity=10)
    other = made("other", sectors=["vo"], capacity=10)
    small = made("small", sectors=["po"], capacity=2)
    full = made("full", sectors=["po"], capacity=1)
    away = made("away", sectors=["po"], absent_until=today + timedelta(days=3))
    soon = made("soon", sectors=["po"], capacity=10, absent_from=today + timedelta(days=2), absent_until="2999-01-01")
    for user in (small, full):
        factories.move(factories.triaged(team), "claim", user)
    found = by_person(asked(team))
    mine = [home, everywhere, other, small, full, away, soon]
    assert [one for one in found if one in mine][:1] == [home]
    assert found[home].score > found[everywhere].score > found[other].score
    assert found[home].score > found[small].score, "half of the room is left"
    assert found[home].score > found[soon].score, "who is about to leave"
    assert [one.name for one in list(found)[-2:]] == ["away", "full"] or [one.name for one in list(found)[-2:]] == [
        "full",
        "away",
    ], "who cannot take it comes last"
    assert {user.name for user, one in found.items() if not one.is_open} == {"full", "away"}
    said = {user.name: kinds(one) for user, one in found.items()}
    assert said["home"] >= {"sector", "room"}
    assert said["other"] >= {"other_sector"}
    assert said["full"] >= {"full"}
    assert said["away"] >= {"absent"}
    assert said["soon"] >= {"leaving"}
    assert (found[full].load, found[full].capacity) == (1, 1)


def test_only_people_who_work_cases_are_proposed_and_never_the_holder(team: factories.Desk, reader: User) -> None:
    left, moved, holder = (factories.staff(roles.BROKER, name) for name in ("left", "moved", "holder"))
    User.objects.filter(pk=left.pk).update(is_active=False)
    moved.groups.clear()
    question = factories.move(asked(team), "claim", holder)
    assert set(by_person(question)) == {reader, team.broker}


def test_the_ranking_is_for_who_may_give_the_case_away(team: factories.Desk, reader: User) -> None:
    question = factories.move(asked(team), "claim", team.broker)
    for by in (team.broker, team.coordinator):
        assert matching.proposed(question, by)
    for by in (reader, team.reviewer, team.editor):
        with pytest.raises(NotYou):
            matching.proposed(question, by)


# --- What is kept of it, and for whom ----------------------------------------------------------------------


def texts() -> set[tuple[str, str]]:
    return set(Passage.objects.filter(kind=findable.BROKER).values_list("ref", "body"))


def test_what_a_broker_knows_stands_in_the_index_at_once_and_goes_with_the_person(broker: User) -> None:
    knows(broker, READING)
    assert texts() == {(str(broker.pk), READING)}
    knows(broker, MATHS)
    assert texts() == {(str(broker.pk), MATHS)}
    Broker.objects.filter(user=broker).update(expertise=READING)  # as in the admin
    assert matching.refresh() == 1
    assert texts() == {(str(broker.pk), READING)}
    User.objects.filter(pk=broker.pk).update(is_active=False)
    matching.refresh()
    assert not texts()


def test_no_search_of_a_visitor_or_of_the_desk_finds_a_broker(team: factories.Desk, reader: User) -> None:
    embedding.embed_all()
    assert not search.search(READING, kinds=(findable.BROKER,)).hits, "they are internal"
    assert search.search(READING, kinds=(findable.BROKER,), public_only=False).hits
    assert not suggest.find(READING).found
    for user in (None, team.coordinator):
        assert not suggest.suggest(READING, user=user).all
    assert suggest.others_asking(READING) == 0


# --- The next case -------------------------------------------------------------------------------------------


@pytest.mark.words_only
def test_the_next_case_is_the_one_that_fits_and_it_is_said_why(team: factories.Desk, counter: User) -> None:
    factories.triaged(team, text="Hoe betrek je ouders bij de school?")
    maths = asked(team, ABOUT_MATHS)
    taken = queue.claim_next(counter)
    assert taken.case.pk == maths.pk
    assert taken.reasons[0].kind in {"expertise", "words"}
    assert taken.case.assignee == counter


def wait(question: Question, days: int) -> None:
    Question.objects.filter(pk=question.pk).update(confirmed_at=timezone.now() - timedelta(days=days))


def test_a_case_that_waited_long_comes_before_the_best_fit(team: factories.Desk, counter: User) -> None:
    old = asked(team, "Hoe betrek je ouders bij de school?")
    maths = asked(team, ABOUT_MATHS)
    wait(old, 10)
    assert [one.case.pk for one in queue.choices(counter)] == [maths.pk, old.pk]
    wait(old, 60)
    first = queue.choices(counter)[0]
    assert first.case.pk == old.pk
    assert [reason.kind for reason in first.reasons] == ["oldest"]
    young = asked(team, "Werkt een leesclub?")
    wait(young, 8)
    (waited,) = [one for one in queue.choices(counter) if one.case.pk == young.pk]
    assert "waited" in {reason.kind for reason in waited.reasons}


def test_what_waits_in_a_sector_without_brokers_is_everybody_s_after_four_weeks(
    team: factories.Desk, broker: User
) -> None:
    broker = knows(broker, "", sectors=["vo"])
    lonely = factories.triaged(team, sector="ho")
    assert not queue.choices(broker)
    wait(lonely, 29)
    assert queue.claim_next(broker).case.pk == lonely.pk


def test_choosing_costs_the_same_for_few_and_for_many(team: factories.Desk, counter: User, reader: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            queue.choices(counter)
            matching.ranked(first)
        return len(seen)

    first = asked(team, ABOUT_MATHS)
    few = cost()
    for n in range(6):
        factories.triaged(team, text=f"Hoe leren kinderen breuken in groep {n + 3}?")
        knows(factories.staff(roles.BROKER), f"{READING} {n}")
    embedding.embed_all()
    assert cost() <= few


def test_only_the_oldest_are_looked_at(team: factories.Desk, counter: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(queue, "CANDIDATES", 2)
    for _n in range(2):
        asked(team, "Hoe betrek je ouders bij de school?")
    asked(team, ABOUT_MATHS)
    assert len(queue.choices(counter)) == 2
