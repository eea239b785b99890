"""Nobody waits while a table is read from end to end: what makes a desk with years of cases as quick as a new one."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from questions import dialogue, following, intake, joining, links, privacy
from questions.models import Asker
from tests import factories

pytestmark = pytest.mark.django_db

# The tables that have a row or more for each case; the others stay as small as the desk is.
GROWING = (
    *("articulation", "asker", "casewords", "check", "citation", "event", "followup", "idempotency", "item"),
    *(
        "ledgerentry",
        "letter",
        "message",
        "notice",
        "participation",
        "question",
        "quota",
        "referral",
        "remark",
        "review",
    ),
    *("revision", "searchentry", "version"),
)
TOUCHED = re.compile(rf'(?:FROM|JOIN|UPDATE) "?questions_(?:{"|".join(GROWING)})\b')
WALKED = re.compile(rf"Seq Scan on questions_(?:{'|'.join(GROWING)})\b")


@contextmanager
def by_indexes_alone() -> Iterator[None]:
    """Fails for every statement in it that cannot but read one of those tables from end to end.

    With sequential scans switched off the planner takes one only where no index would do.
    """
    with CaptureQueriesContext(connection) as asked:
        yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for sql in {one["sql"] for one in asked}:
            if not sql.startswith("INSERT") and TOUCHED.search(sql):
                cursor.execute(f"EXPLAIN {sql}")
                plan = "\n".join(line for (line,) in cursor.fetchall())
                assert not WALKED.search(plan), f"{sql}\n{plan}"
        cursor.execute("SET LOCAL enable_seqscan = on")


def test_it_is_noticed_when_no_index_would_do() -> None:
    with pytest.raises(AssertionError, match="questions_asker"), by_indexes_alone():
        assert not Asker.objects.filter(name="Somebody").exists()


def test_asking_proving_joining_and_following(django_capture_on_commit_callbacks: Any) -> None:
    shown = factories.shown()
    with by_indexes_alone():
        _question, part = intake.ask(factories.asking(email="An.Asker@school.example"))
        intake.ask(factories.asking(email="an.asker@SCHOOL.example"))
        links.send_again({"email": "an.asker@school.example"}, network="10.0.0.1")
        joining.me_too(shown, {"email": "other@school.example"}, network="10.0.0.1")
        following.ask({"email": "other@school.example", "q": "lezen", "often": "weekly"}, network="10.0.0.1")
    assert Asker.objects.filter(email__iexact="an.asker@school.example").count() == 1
    assert part.asker is not None


STAGES = ("submitted", "triaged", "assigned", "proposed", "agreed", "drafted", "in_review", "approved", "published")


@pytest.mark.parametrize("stage", STAGES)
def test_the_page_of_a_case(browser: Any, stage: str) -> None:
    desk = factories.Desk()
    question = getattr(factories, stage)() if stage == "submitted" else getattr(factories, stage)(desk)
    for person in (desk.broker, desk.coordinator, desk.editor):
        client = browser(person)
        with by_indexes_alone():
            assert client.get(f"/desk/cases/{question.pk}").status_code == 200


def test_the_views_of_the_queue(browser: Any) -> None:
    desk = factories.Desk()
    factories.in_review(desk)
    for person in (desk.broker, desk.coordinator, desk.reviewer, desk.editor):
        client = browser(person)
        for tab in ("mine", "unclaimed", "offered", "asker", "in_review", "review", "publish", "overdue", "open"):
            with by_indexes_alone():
                assert client.get(f"/desk?tab={tab}").status_code == 200


def test_what_is_new_for_somebody_which_every_page_of_the_desk_counts(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.in_review(desk)
    dialogue.say(question, {"body": "Het gaat ook om kleuters."}, by=factories.asker(question))
    client = browser(desk.broker)
    with by_indexes_alone():
        assert "#dialogue" in client.get("/desk/notices").content.decode()
        dialogue.say(question, {"body": "Dank je."}, by=desk.broker)
        assert "#dialogue" not in client.get("/desk/notices").content.decode()


def test_what_an_asker_and_a_visitor_open(browser: Any) -> None:
    question = factories.published()
    path = reverse("track", args=[factories.asker(question).token])
    for address in (path, factories.answer_url(factories.item(question)), "/", "/working-on"):
        with by_indexes_alone():
            assert browser().get(address, follow=True).status_code == 200


def test_what_programs_read(api: Any) -> None:
    desk = factories.Desk()
    question = factories.in_review(desk)
    client = api(desk.coordinator)
    for address in ("questions", f"questions/{question.pk}", f"questions/{question.pk}/answer"):
        with by_indexes_alone():
            assert client.get(f"/api/v1/{address}").status_code == 200


def test_what_is_done_with_a_case() -> None:
    """The whole way of one, from asking to publishing."""
    with by_indexes_alone():
        factories.published()


def test_forgetting_an_asker() -> None:
    question = factories.published()
    with by_indexes_alone():
        privacy.erase(factories.asker(question).asker)
