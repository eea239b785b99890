"""What an editor planned becomes public at its hour, once, and only while the rules hold."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from questions import inputs, judging, publishing
from questions.models import Letter, Question
from questions.refusals import NotNow, NotYou
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


def due(question: Question) -> Question:
    Question.objects.filter(pk=question.pk).update(publish_at=timezone.now() - timedelta(seconds=1))
    return question


def told(kind: str) -> list[Any]:
    return [letter.user for letter in Letter.objects.filter(kind=kind)]


def test_it_becomes_public_at_its_hour_and_not_before(desk: factories.Desk) -> None:
    question = factories.planned(desk)
    assert publishing.publish_due() == 0
    assert factories.reload(question).state == "answered"
    due(question)
    assert (publishing.publish_due(), publishing.publish_due()) == (1, 0)
    question = factories.reload(question)
    assert (question.state, question.publish_at, question.publish_by) == ("published", None, None)
    event = question.events.get(name="publish")
    assert (event.user, event.data["planned_by"]) == (None, desk.editor.pk), "the desk did it, for this editor"


def test_the_command_does_the_same(desk: factories.Desk, capsys: Any) -> None:
    due(factories.planned(desk))
    call_command("publish_due")
    assert "1 answers made public" in capsys.readouterr().out


def test_a_new_version_can_be_planned_as_well(desk: factories.Desk) -> None:
    question = factories.revising(desk)
    factories.write(question, desk.broker, short_answer="Nieuw.")
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    moment = timezone.now() + timedelta(hours=1)
    due(factories.move(question, "schedule", desk.editor, publish_at=moment.isoformat()))
    publishing.publish_due()
    assert factories.item(question).living().short_answer == "Nieuw."  # type: ignore[union-attr]


def test_nobody_plans_what_they_wrote_and_no_editor_who_wrote_in_it_since_is_followed(desk: factories.Desk) -> None:
    administrator = factories.staff("administrator")
    both = factories.Desk(broker=administrator)
    with pytest.raises(NotYou):
        factories.planned(factories.Desk(broker=administrator, editor=administrator))
    question = due(factories.planned(both))
    factories.working(question).authors.add(both.editor)
    assert publishing.publish_due() == 0
    question = factories.reload(question)
    assert (question.state, question.publish_at) == ("answered", None)
    assert told("not_published") == [both.editor]


def test_an_editor_who_left_publishes_nothing_and_another_one_hears_of_it(desk: factories.Desk) -> None:
    other = factories.staff("editor")
    question = due(factories.planned(desk))
    desk.editor.is_active = False
    desk.editor.save()
    assert publishing.publish_due() == 0
    assert factories.reload(question).state == "answered"
    assert other in told("not_published")
    assert desk.editor not in told("not_published")


def test_what_lacks_something_at_its_hour_stays_and_the_editor_hears_what(desk: factories.Desk) -> None:
    question = due(factories.planned(desk))
    Question.objects.filter(pk=question.pk).update(embargo_until=timezone.now() + timedelta(days=1))
    assert (publishing.publish_due(), publishing.publish_due()) == (0, 0)
    event = factories.reload(question).events.get(name="not_published")
    assert "embargo" in event.why
    assert told("not_published") == [desk.editor]
    assert factories.item(question).living() is None


@pytest.mark.parametrize("way", ["resume", "unschedule"])
def test_the_plan_ends(way: str, desk: factories.Desk) -> None:
    question = factories.planned(desk)
    factories.move(question, way, desk.coordinator if way == "resume" else desk.editor, why="een fout")
    due(question)
    Question.objects.filter(publish_by=None).update(publish_at=None)
    assert publishing.publish_due() == 0
    assert told("unscheduled") == ([desk.editor] if way == "resume" else []), "who does it oneself is not told"


def test_the_plan_ends_when_the_new_text_changes(desk: factories.Desk) -> None:
    question = factories.revising(desk)
    factories.write(question, desk.broker)
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    moment = timezone.now() + timedelta(hours=1)
    factories.move(question, "schedule", desk.editor, publish_at=moment.isoformat())
    factories.write(question, desk.broker, short_answer="Toch anders.")
    assert factories.reload(question).publish_at is None
    assert told("unscheduled") == [desk.editor]


def test_not_in_the_past_and_not_before_the_embargo(desk: factories.Desk) -> None:
    embargo = timezone.now() + timedelta(days=2)
    question = factories.move(factories.approved(desk), "answer", desk.broker, embargo_until=embargo.isoformat())
    for moment in (timezone.now() - timedelta(minutes=1), embargo - timedelta(minutes=1)):
        with pytest.raises(ValidationError):
            factories.move(question, "schedule", desk.editor, publish_at=moment.isoformat())
    assert factories.move(question, "schedule", desk.editor, publish_at=embargo.isoformat()).publish_at == embargo


def test_only_what_the_asker_has_is_planned(desk: factories.Desk) -> None:
    moment = (timezone.now() + timedelta(days=1)).isoformat()
    with pytest.raises(NotNow):
        factories.move(factories.approved(desk), "schedule", desk.editor, publish_at=moment)


@pytest.mark.parametrize(
    ("typed", "words"), [("2027-03-28T02:30", "bestaat niet"), ("2027-10-31T02:30", "twee keer"), ("2027-13-01", "")]
)
def test_a_time_that_the_clock_skips_or_shows_twice_is_refused_in_plain_words(typed: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        inputs.clean_form(judging.Schedule, {"publish_at": typed})


def test_a_time_is_that_of_the_clock_on_the_wall_unless_it_says_otherwise() -> None:
    summer = inputs.clean_form(judging.Schedule, {"publish_at": "2031-07-01T09:00"})["publish_at"]
    winter = inputs.clean_form(judging.Schedule, {"publish_at": "2031-01-01T09:00"})["publish_at"]
    plain = inputs.clean_form(judging.Schedule, {"publish_at": "2031-07-01T09:00:00Z"})["publish_at"]
    assert (summer.hour, winter.hour, plain.hour) == (7, 8, 9)
    assert isinstance(summer, datetime)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_publish_once() -> None:
    desk = factories.Desk()
    question = due(factories.planned(desk))
    counts = at_once([publishing.publish_due] * 4)
    assert sum(counts) == 1, counts
    question = factories.reload(question)
    assert question.state == "published"
    assert question.events.filter(name="publish").count() == 1
    assert not question.events.filter(name="not_published").exists()
