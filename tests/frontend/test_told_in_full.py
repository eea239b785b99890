"""What a page tells of a person or an answer is whole and true: no bare names of columns, nothing that fell since."""

from typing import Any

import pytest
from django.urls import reverse

from evidence import kept
from frontend.pages.exported import LABELS
from questions import dialogue, following, mail, privacy
from questions.models import Follow, FollowUp
from tests import factories

pytestmark = pytest.mark.django_db


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for one in value.values() for name in keys(one)}
    return {name for one in value for name in keys(one)} if isinstance(value, list) else set()


def test_everything_in_an_export_has_a_name_in_words() -> None:
    desk = factories.Desk()
    question = factories.published(desk)
    part = factories.asker(question)
    assert part.asker is not None
    FollowUp.begin(part, "6w")
    mail.stop(part)
    following.ask({"email": part.asker.email, "q": "lezen", "often": "weekly"}, network="198.51.100.7")
    assert Follow.objects.filter(asker=part.asker).exists()
    found = privacy.export(part.asker)
    for row in found["questions"]:
        row["history"] = [{**one, "data": {}} for one in row["history"]]
    assert keys(found) - set(LABELS) - {"questions"} == set()


def test_the_questions_afterwards_say_that_the_answer_was_taken_back_since(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.published(desk)
    row = FollowUp.begin(factories.asker(question), "6w")
    path = "/en" + reverse("after", args=[row.token])
    assert "no longer holds" not in browser().get(path).content.decode()
    factories.move(question, "retract", desk.editor, why="de studie is ingetrokken")
    assert "This answer no longer holds." in browser().get(path).content.decode()


def test_the_mailbox_that_leads_one_question_leads_the_one_it_was_joined_with(browser: Any) -> None:
    question = factories.merged()
    part = factories.asker(question)
    other = question.merged_into.participations.get(asker=part.asker)
    html = browser().get(reverse("track", args=[part.mailed_token])).content.decode()
    assert other.mailed_token in html
    html = browser().get(reverse("track", args=[part.token])).content.decode()
    assert other.mailed_token not in html, "who typed the address does not come by the link of the mailbox"


def test_a_name_that_an_administrator_changes_is_gone_from_public_pages_at_once(
    browser: Any, django_capture_on_commit_callbacks: Any, monkeypatch: Any
) -> None:
    forgotten: list[bool] = []
    monkeypatch.setattr(kept, "_put_mark", lambda: forgotten.append(True))
    admin, named = factories.staff("administrator"), factories.staff("broker", "Oude Naam")
    admin.is_staff = admin.is_superuser = True
    admin.save()
    path = reverse("admin:brokers_user_change", args=[named.pk])
    data = {
        "email": named.email,
        "name": "",
        "is_active": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "12:00",
    }
    with django_capture_on_commit_callbacks(execute=True):
        assert browser(admin).post(path, data).status_code == 302
    named.refresh_from_db()
    assert (named.name, forgotten) == ("", [True])


def test_who_asks_never_reads_the_address_a_broker_logs_in_with(browser: Any) -> None:
    desk = factories.Desk()
    assert desk.broker is not None
    desk.broker.name = ""
    desk.broker.save()
    question = factories.assigned(desk)
    dialogue.say(question, {"body": "Welke groep?"}, by=desk.broker)
    part = factories.asker(question)
    html = browser().get(reverse("track", args=[part.mailed_token])).content.decode()
    for letter in part.letters.all():
        message = mail.render(letter)
        assert message is not None
        html += message.subject + message.body
    assert desk.broker.email not in html
