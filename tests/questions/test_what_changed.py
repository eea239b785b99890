"""A new version says what it changes: readers and followers hear of what matters, and not of a comma."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from questions import news
from questions.models import Letter, Revision, Version
from questions.refusals import NotNow
from tests import factories


@pytest.fixture
def desk(db: None) -> factories.Desk:
    return factories.Desk()


def publish(desk: factories.Desk, question: Any, **said: Any) -> Version:
    """A new version, as far as everybody reading it."""
    factories.move(factories.reload(question), "revise", desk.broker, why="nieuw")
    factories.write(question, desk.broker, **said)
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    factories.move(factories.reload(question), "publish", desk.editor)
    living = factories.item(question).living()
    assert living is not None
    return living


@pytest.mark.parametrize(
    ("said", "ready"),
    [
        ({"significance": "", "change_note": ""}, False),
        ({"significance": "clarification", "change_note": ""}, False),
        ({"significance": "clarification", "change_note": "Helderder."}, True),
        ({"significance": "typo", "change_note": ""}, True),
        ({"significance": "typo", "change_note": "", "strength": "limited"}, False),
        ({"significance": "clarification", "change_note": "Helderder.", "direction": "mixed"}, False),
        ({"significance": "conclusion", "change_note": "Minder zeker.", "strength": "limited"}, True),
    ],
)
def test_a_new_version_goes_nowhere_before_it_says_what_it_changes(
    desk: factories.Desk, said: dict[str, str], ready: bool
) -> None:
    question = factories.revising(desk)
    version = factories.write(question, desk.broker, **said)
    if ready:
        factories.move(version, "submit", desk.broker)
    else:
        with pytest.raises(NotNow):
            factories.move(version, "submit", desk.broker)


def test_two_texts_side_by_side_go_nowhere(desk: factories.Desk) -> None:
    version = factories.write(factories.agreed(desk), desk.broker, gap="⟪saved now: a ⟫⟪yours: b ⟫")
    with pytest.raises(NotNow):
        factories.move(version, "submit", desk.broker)


@pytest.mark.parametrize(("significance", "told"), [("typo", False), ("clarification", True), ("conclusion", True)])
def test_a_comma_is_mailed_to_nobody(desk: factories.Desk, significance: str, told: bool) -> None:
    question = factories.published(desk)
    Letter.objects.all().delete()
    since = timezone.now()
    publish(desk, question, significance=significance, change_note="Beter gezegd.")
    assert Letter.objects.filter(participation__question=question).exists() is told
    assert Version.objects.changed(since, timezone.now() + timedelta(minutes=1)).exists() is told


def test_what_changed_is_told_though_a_comma_came_after_it(desk: factories.Desk) -> None:
    question, since = factories.published(desk), timezone.now()
    publish(desk, question, significance="conclusion", change_note="Het helpt minder dan gedacht.")
    living = publish(desk, question, significance="typo", change_note="")
    assert list(Version.objects.changed(since, timezone.now() + timedelta(minutes=1))) == [living]
    line = news.of_answer(living)
    assert "de conclusie is veranderd" in line.note
    assert "Het helpt minder dan gedacht." in line.note


def test_every_save_is_kept_word_for_word_and_a_next_version_begins_with_one(desk: factories.Desk) -> None:
    question = factories.drafted(desk)
    factories.write(question, desk.broker, gap="Iets.", citations=[])
    rows = Revision.objects.filter(version__item=factories.item(question)).order_by("n")
    assert [(row.n, row.content["gap"], row.by) for row in rows] == [(1, "", desk.broker), (2, "Iets.", desk.broker)]
    assert [len(row.content["citations"]) for row in rows] == [1, 0]
    fresh = factories.working(question).succeed()
    assert [(row.n, row.content["gap"]) for row in fresh.revisions.all()] == [(0, "Iets.")]
