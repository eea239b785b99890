"""What many do to one person, one case or one answer in the same second counts once, and nobody waits in a circle."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from evidence.models import Theme
from questions import afterwards, digest, following, joining, links, mail, news, privacy, reporting, workflow
from questions.models import Asker, Event, Follow, FollowUp, Letter, Participation, Question, Quota
from questions.refusals import NotNow, NotYou
from tests import factories
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]
ADDRESS = "ook@school.example"
NETWORK = "198.51.100.7"


@pytest.fixture(autouse=True)
def room(settings: Any) -> None:
    settings.QUESTIONS_PER_ADDRESS_A_DAY = settings.QUESTIONS_PER_NETWORK_AN_HOUR = 1_000
    settings.FOLLOWS_PER_ADDRESS_A_DAY = settings.FOLLOWS_PER_NETWORK_AN_HOUR = 1_000


def unexpected(results: list[Any], *allowed: type[Exception]) -> list[Any]:
    return [one for one in results if isinstance(one, Exception) and not isinstance(one, allowed)]


def erase() -> None:
    asker = Asker.objects.filter(email=ADDRESS).first()
    if asker is not None:
        privacy.erase(asker)


def me_too(question: Question) -> Participation:
    return joining.me_too(question, {"email": ADDRESS}, network=NETWORK)


def test_joining_and_confirming_many_times_at_once_is_joining_once() -> None:
    question = factories.shown()
    assert unexpected(at_once([lambda: me_too(question)] * 5)) == []
    part = Participation.objects.get(asker__email=ADDRESS)
    assert part.letters.count() == 1

    def confirm() -> None:
        found = Participation.find_to_confirm(part.confirm_token)
        assert found is not None
        joining.confirm(found)

    results = at_once([confirm] * 5)
    assert unexpected(results, NotNow) == []
    assert results.count(None) == 1
    assert Letter.objects.filter(kind="joined").count() == 1
    assert Event.objects.filter(name="me_too").count() == 1


def test_a_verdict_and_a_settled_correction_count_once() -> None:
    desk = factories.Desk()
    question = factories.published(desk)
    part = factories.asker(question)
    answer = {"verdict": "partly", "why": "en kleuters?"}
    results = at_once([lambda: workflow.perform(question, "respond", by=part, data=answer)] * 5)
    assert unexpected(results, NotNow) == []
    assert question.messages.count() == question.events.filter(name="respond").count() == 1
    version = factories.item(question).living()
    assert version is not None
    row = reporting.mistake(version, {"what": "Dit klopt niet."}, network=NETWORK)
    results = at_once([lambda: reporting.settle(question, row.pk, {"why": "hersteld"}, by=desk.editor)] * 5)
    assert unexpected(results, NotNow) == []
    assert question.events.filter(name="settle").count() == 1


def test_erasing_while_a_digest_is_made_and_follows_change_never_locks_up() -> None:
    themes = [Theme.objects.create(slug=f"thema{n}", label_nl=f"Thema {n}") for n in range(8)]
    for _round in range(8):
        for theme in themes:
            following.ask({"email": ADDRESS, "theme": theme.slug, "often": "weekly"}, network=NETWORK)
        asker = Asker.objects.get(email=ADDRESS)
        waiting = [str(one.pk) for one in news.waiting(asker)]
        following.confirm(asker, waiting[:6])
        Follow.objects.exclude(confirmed_at=None).update(due_at=timezone.now() - timedelta(days=1))
        first = asker.follows.exclude(confirmed_at=None).first()
        assert first is not None
        calls = [
            erase,
            erase,
            digest.step,
            lambda pk=asker.pk, waiting=waiting: following.confirm(Asker(pk=pk), waiting),
            lambda first=first: following.change(first, {"often": "monthly"}),
            mail.deliver,
        ]
        assert unexpected(at_once(calls), ValidationError) == []
        assert not Asker.objects.filter(email=ADDRESS).exists()
        assert not Follow.objects.exists()


def test_the_database_s_log_holds_no_word_that_somebody_sent() -> None:
    with connection.cursor() as cursor:
        for name, value in {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}.items():
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == (value,)


def test_erasing_while_somebody_joins_is_asked_afterwards_or_asks_for_links_never_locks_up() -> None:
    desk = factories.Desk()
    merge = {"into": str(factories.triaged(desk).number), "why": "x"}
    for n in range(4):
        Quota.objects.all().delete()
        question = factories.shown(desk, email=ADDRESS)
        given = factories.answered(desk, email=ADDRESS)
        given.events.filter(name="answer").update(at=timezone.now() - timedelta(weeks=6, hours=1))
        calls = [
            erase,
            erase,
            lambda question=question: me_too(question),
            lambda question=question: workflow.perform(question, "merge", by=desk.coordinator, data=merge),
            afterwards.ask,
            lambda n=n: links.send_again({"email": ADDRESS}, network=f"192.0.{n}.7"),
            lambda: joining.send_again({"email": ADDRESS}, network=NETWORK),
            mail.deliver,
        ]
        assert unexpected(at_once(calls), NotNow, NotYou) == []
        erase()  # who joined anew in that second
        assert not FollowUp.objects.filter(participation__question=given).exists()
        assert not Letter.objects.filter(participation__asker=None, user=None, asker=None).exists()
