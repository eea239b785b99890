"""Six weeks and six months after an answer it is asked once what became of it; the desk reads numbers only."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from questions import afterwards, mail, privacy, tasks
from questions.models import Asker, FollowUp, Letter, Participation, Question
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db

WEEKS, MONTHS = 6 * 7, 183


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


def given(question: Question, days: int) -> Question:
    """The answer or referral was given this many days ago."""
    question.events.filter(name__in=afterwards.GIVEN).update(at=timezone.now() - timedelta(days=days, hours=1))
    return question


def asked() -> list[str]:
    return sorted(FollowUp.objects.values_list("kind", flat=True))


@pytest.mark.parametrize("make", [factories.answered, factories.published, factories.referred])
def test_who_got_an_answer_or_a_referral_is_asked_once_at_both_times(make: Any, team: factories.Desk) -> None:
    question = given(make(team), WEEKS)
    assert afterwards.ask() == 1
    assert afterwards.ask() == 0
    assert asked() == ["6w"]
    given(question, MONTHS)
    assert afterwards.ask() == 1
    assert afterwards.ask() == 0
    assert asked() == ["6m", "6w"]


@pytest.mark.parametrize("days", [WEEKS - 1, WEEKS + 30, MONTHS - 1, MONTHS + 30])
def test_nobody_is_asked_too_early_or_far_too_late(days: int, team: factories.Desk) -> None:
    given(factories.answered(team), days)
    assert afterwards.ask() == 0


@pytest.mark.parametrize("make", [factories.declined, factories.withdrawn, factories.merged])
def test_who_got_no_answer_is_not_asked(make: Any, team: factories.Desk) -> None:
    question = make(team)
    question.events.update(at=timezone.now() - timedelta(days=WEEKS, hours=1))
    assert afterwards.ask() == 0


def test_a_referral_that_was_withdrawn_or_did_not_help_is_not_asked_about(team: factories.Desk) -> None:
    for name, data in (("withdraw", {}), ("respond", {"verdict": "no"})):
        question = given(factories.referred(team), WEEKS)
        factories.move(question, name, factories.asker(question), **data)
    assert afterwards.ask() == 0


def test_everybody_who_asked_the_same_is_asked(team: factories.Desk, second_teacher: Any) -> None:
    question = given(factories.answered(team), WEEKS)
    second_teacher(question)
    assert afterwards.ask() == 2


def test_who_was_erased_is_not_asked_and_nothing_of_them_stays(team: factories.Desk) -> None:
    question = given(factories.answered(team), WEEKS)
    afterwards.ask()
    row = FollowUp.objects.get()
    afterwards.say_influence(row, {"helped": ["clear"], "words": "Wij lezen nu elke dag."})
    privacy.erase(factories.asker(question).asker)
    assert not FollowUp.objects.exists()
    assert not Letter.objects.filter(kind="after_6w").exists()
    assert FollowUp.find(row.token) is None
    assert afterwards.ask() == 0
    given(question, MONTHS)
    assert afterwards.ask() == 0


def test_who_wants_no_such_letters_gets_none_for_any_question(team: factories.Desk) -> None:
    question = given(factories.answered(team), WEEKS)
    afterwards.ask()
    afterwards.stop(FollowUp.objects.get())
    given(question, MONTHS)
    email = factories.asker(question).asker.email
    given(factories.answered(team, email=email), WEEKS)
    assert afterwards.ask() == 0
    assert afterwards.ask() == 0
    assert not Asker.objects.get(email=email).wants_follow_up


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_write_one_letter_to_each() -> None:
    desk = factories.Desk()
    for _n in range(3):
        given(factories.answered(desk), WEEKS)
    counts = at_once([afterwards.ask] * 4)
    assert sum(counts) == 3
    assert FollowUp.objects.count() == Letter.objects.filter(kind="after_6w").count() == 3


def test_the_letter_has_a_link_for_each_choice_one_to_stop_and_one_to_the_page(
    team: factories.Desk, mail_dir: Path
) -> None:
    given(factories.answered(team), WEEKS)
    call_command("follow_up")
    mail.deliver()
    row = FollowUp.objects.get()
    letter = mail.render(Letter.objects.get(kind="after_6w"))
    assert letter is not None
    for value in FollowUp.Used.values:
        assert f"/after/{row.token}?used={value}\n" in letter.body
    assert f"/after/{row.token}/stop" in letter.body
    assert f"/after/{row.token}\n" in letter.body
    assert factories.ARTICULATED in " ".join(letter.body.split())


def test_the_worker_has_a_bell_for_it(team: factories.Desk) -> None:
    given(factories.answered(team), WEEKS)
    tasks.follow_up()
    assert asked() == ["6w"]


# --- Answering ------------------------------------------------------------------------------------------


@pytest.fixture
def row(team: factories.Desk) -> FollowUp:
    given(factories.answered(team), WEEKS)
    afterwards.ask()
    return FollowUp.objects.get()


def test_both_questions_are_kept_and_may_be_answered_anew(row: FollowUp) -> None:
    afterwards.say_use(row, {"used": ["team", "decision"]})
    first = factories.reload(row).answered_at
    afterwards.say_influence(factories.reload(row), {"helped": ["clear"], "hindered": ["time"]})
    afterwards.say_use(factories.reload(row), {"used": ["leader"]})
    kept = factories.reload(row)
    assert (kept.used, kept.helped, kept.hindered) == (["leader"], ["clear"], ["time"])
    assert kept.answered_at == first


@pytest.mark.parametrize("data", [{}, {"used": []}, {"used": ["nonsense"]}, {"used": ["team"], "kind": "6m"}])
def test_nothing_chosen_or_something_unknown_is_refused(row: FollowUp, data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        afterwards.say_use(row, data)
    assert factories.reload(row).answered_at is None


def test_personal_data_in_the_words_is_pointed_out_and_not_kept(row: FollowUp) -> None:
    with pytest.raises(ValidationError) as refusal:
        afterwards.say_influence(row, {"words": "Vraag het juf@school.example maar."})
    assert "words" in refusal.value.message_dict
    assert factories.reload(row).words == ""


# --- Reading --------------------------------------------------------------------------------------------


def people(count: int, **values: Any) -> list[FollowUp]:
    """So many people who were asked and answered."""
    question = factories.submitted()
    made = []
    for n in range(count):
        asker = Asker.objects.create(email=f"na{n}.{values.get('kind', '6w')}@school.example")
        part = Participation.join(question=question, asker=asker, kind="me_too")
        made.append(FollowUp.begin(part, values.get("kind", "6w")))
    FollowUp.objects.filter(pk__in=[one.pk for one in made]).update(answered_at=timezone.now(), **values)
    return made


def test_numbers_under_five_are_told_to_nobody() -> None:
    people(4, used=["team"], hindered=["time"])
    weeks, months = afterwards.numbers()
    assert (weeks.asked, weeks.answered, weeks.used["team"], weeks.hindered["time"]) == (None,) * 4
    assert (months.asked, months.used["team"]) == (None, None)
    people(5, kind="6m", used=["team", "leader"])
    weeks, months = afterwards.numbers()
    assert (months.asked, months.answered, months.used["team"], months.used["leader"]) == (5,) * 4
    assert months.used["decision"] is None, "zero looks the same as four"
    assert weeks.used["team"] is None


def test_words_are_shown_when_five_people_wrote_some_without_order_of_time() -> None:
    rows = people(5)
    for one, words in zip(rows, "ecdab", strict=True):
        FollowUp.objects.filter(pk=one.pk).update(words=words)
        assert afterwards.words() == ([] if words != "b" else list("abcde"))


def test_verdicts_are_counted_in_the_same_way(team: factories.Desk) -> None:
    questions = [factories.answered(team) for _n in range(5)]
    for question in questions:
        assert afterwards.verdicts()["answers"]["answered"] is None
        factories.move(question, "respond", factories.asker(question), verdict="answered")
    assert afterwards.verdicts()["answers"] == {"answered": 5, "partly": None, "no": None}
    assert afterwards.verdicts()["referrals"]["answered"] is None
