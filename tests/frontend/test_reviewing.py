"""Reviewing on the page: remarks stand at the text, and a link from outside opens one answer and nothing else."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from questions import consulting, inviting, reviewing
from questions.models import Invitation, Question, Remark
from tests import factories

pytestmark = pytest.mark.django_db
OWN = "Mijn eigen woorden over zebrapaden en het stillezen van mijn klas?"


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


def url(question: Question) -> str:
    return f"/desk/cases/{question.pk}"


def html(response: Any) -> str:
    return str(response.content.decode())


def invite(question: Question, desk: factories.Desk, **more: Any) -> Invitation:
    data = {"name": "Pia Praktijk", "email": "pia@school.example", "kind": "practice", "language": "nl", **more}
    return inviting.invite(question, {"covers_changes": True, **data}, by=desk.broker)


def test_a_reviewer_remarks_at_a_paragraph_and_the_author_answers_there(browser: Any, desk: factories.Desk) -> None:
    question = factories.in_review(desk)
    reviewer, author = browser(desk.reviewer), browser(desk.broker)
    shown = html(reviewer.get(url(question)))
    assert 'id="at-explanation-0"' in shown
    assert shown.count(f"<p>{factories.TEXTS['explanation']}</p>") == 1, "the text stands there once"
    etag = factories.working(question).etag
    sent = {"field": "explanation", "n": "0", "etag": etag, "body": "Welk onderzoek?"}
    response = reviewer.post(f"{url(question)}/remarks", sent)
    assert (response.status_code, response["Location"]) == (302, f"{url(question)}#at-explanation-0")
    row = Remark.objects.get()
    settle = f"{url(question)}/remarks/{row.pk}/settle"
    refused = author.post(settle, {"outcome": "not_done"})
    assert refused.status_code == 400
    assert "Zeg waarom" in html(refused)
    assert author.post(settle, {"outcome": "done", "answer": "Erbij gezet."}).status_code == 302
    for client in (author, reviewer):
        page = html(client.get(url(question)))
        assert "Welk onderzoek?" in page
        assert "Erbij gezet." in page


def test_what_was_typed_at_a_text_that_changed_is_shown_again(browser: Any, desk: factories.Desk) -> None:
    question = factories.in_review(desk)
    old = factories.working(question).etag
    factories.write(question, desk.broker, explanation="Anders.")
    factories.move(factories.working(question), "submit", desk.broker)
    sent = {"field": "explanation", "n": "0", "etag": old, "body": "Lang getypte opmerking"}
    response = browser(desk.reviewer).post(f"{url(question)}/remarks", sent)
    assert response.status_code == 409
    assert html(response).count("Lang getypte opmerking") >= 1
    assert not Remark.objects.exists()


def test_one_kind_is_approved_and_the_page_says_what_is_left(browser: Any, desk: factories.Desk) -> None:
    question = factories.in_review(desk)
    client = browser(desk.reviewer)
    data = {"kind": "content", "checked": ["content.claims"], "etag": factories.working(question).etag}
    assert client.post(f"{url(question)}/answer/do/approve", data).status_code == 302
    page = html(client.get(url(question)))
    assert "Nog te beoordelen: bruikbaarheid in de praktijk, taal" in page
    assert "Checklijst: 1 aangevinkt" in page


def test_what_a_verdict_is_about_is_asked_for_only_where_it_can_be_left_out(browser: Any, desk: factories.Desk) -> None:
    question = factories.in_review(desk)
    version = factories.working(question)

    def legend() -> str:
        html = browser(desk.reviewer).get(f"/desk/cases/{question.pk}").content.decode()
        return str(re.findall(r"<legend>(Wat heb je beoordeeld\?.*?)</legend>", html, re.DOTALL)[-1])

    assert len(version.left_to_judge()) > 1
    assert "niet verplicht" not in legend()
    for kind in version.left_to_judge()[:-1]:
        factories.move(version, "approve", factories.staff("reviewer"), kind=kind)
    assert "niet verplicht" in legend()


def test_the_page_of_a_case_costs_the_same_whatever_was_said(browser: Any, desk: factories.Desk) -> None:
    question = factories.in_review(desk)
    client = browser(desk.reviewer)
    counts = []
    for n in range(3):
        for field in ("short_answer", "explanation"):
            data = {"field": field, "n": 0, "body": f"{n} {field}"}
            reviewing.say(factories.working(question), data, by=desk.reviewer)
        row = invite(question, desk, email=f"pia{n}@school.example")
        inviting.say(row, {"field": "title", "n": 0, "body": f"Titel {n}"})
        client.get(url(question))
        with CaptureQueriesContext(connection) as queries:
            client.get(url(question))
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_an_editor_plans_and_the_page_says_when_with_the_zone(browser: Any, desk: factories.Desk) -> None:
    question = factories.answered(desk)
    client = browser(desk.editor)
    year = timezone.now().year + 1
    wrong = client.post(f"{url(question)}/do/schedule", {"publish_at": "2020-01-01T09:00"})
    assert (wrong.status_code, "2020-01-01T09:00" in html(wrong)) == (400, True)
    assert client.post(f"{url(question)}/do/schedule", {"publish_at": f"{year}-07-01T09:00"}).status_code == 302
    assert f"1 juli {year} 09:00 (tijd in Amsterdam)" in html(client.get(url(question)))


# --- From outside ---------------------------------------------------------------------------------


def test_the_link_shows_one_answer_and_nothing_else(browser: Any, desk: factories.Desk) -> None:
    question = factories.in_review(desk, text=OWN, context="GEHEIM", email="vraagsteller@school.example")
    reviewing.say(
        factories.working(question), {"field": "explanation", "n": 0, "body": "Van een collega"}, by=desk.reviewer
    )
    row = invite(question, desk)
    response = browser().get(f"/review/{row.token}")
    page = html(response)
    assert response.status_code == 200
    for wanted in (factories.ARTICULATED, factories.TEXTS["short_answer"], factories.TEXTS["explanation"]):
        assert wanted in page
    hidden = ("zebrapaden", "GEHEIM", "vraagsteller@", desk.broker.email, desk.reviewer.email, "Van een collega")
    for word in (*hidden, str(question.pk)):
        assert word not in page, word
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]


def test_they_remark_and_judge_without_an_account_or_a_cookie(browser: Any, desk: factories.Desk) -> None:
    question = factories.in_review(desk)
    row = invite(question, desk)
    client, path = browser(enforce_csrf_checks=True), f"/review/{row.token}"
    etag = factories.working(question).etag
    said = {"field": "short_answer", "n": "0", "etag": etag, "body": "Lukt dit in groep 3?"}
    assert client.post(f"{path}/remarks", said).status_code == 302
    assert "Lukt dit in groep 3?" in html(client.get(path))
    nothing = client.post(f"{path}/verdict", {"etag": etag, "remarks": "Mooi stuk"})
    assert (nothing.status_code, "Mooi stuk" in html(nothing)) == (400, True)
    done = client.post(f"{path}/verdict", {"etag": etag, "verdict": "approved", "checked": ["practice.usable"]})
    assert done.status_code == 302
    after = html(client.get(path))
    assert "Je hebt deze tekst beoordeeld" in after
    assert "Opmerking hier" not in after
    assert client.post(f"{path}/verdict", {"etag": etag, "verdict": "changes", "remarks": "x"}).status_code == 409
    assert factories.working(question).open_kinds() == ["content", "language"]


def test_a_text_that_changed_says_so_and_shows_only_who_may_see_it_what_is_new(
    browser: Any, desk: factories.Desk
) -> None:
    question = factories.in_review(desk)
    covers, not_covers = invite(question, desk), invite(question, desk, email="p@school.example", covers_changes=False)
    browser().post(
        f"/review/{covers.token}/verdict",
        {"etag": factories.working(question).etag, "verdict": "changes", "remarks": "Korter"},
    )
    factories.write(question, desk.broker, short_answer="Vrij lezen helpt een heel klein beetje bij kinderen.")
    assert "heel klein" not in html(browser().get(f"/review/{covers.token}"))
    factories.move(factories.working(question), "submit", desk.broker)
    page = html(browser().get(f"/review/{covers.token}"))
    assert "Wat er veranderd is" in page
    assert "heel klein" in page
    page = html(browser().get(f"/review/{not_covers.token}"))
    assert "De tekst is veranderd sinds we je vroegen" in page
    assert "heel klein" not in page
    stale = browser().post(f"/review/{covers.token}/verdict", {"etag": '"old"', "verdict": "approved"})
    assert stale.status_code == 412


def test_an_old_a_withdrawn_and_a_made_up_link_look_the_same(browser: Any, desk: factories.Desk) -> None:
    question = factories.in_review(desk)
    old, ended = invite(question, desk), invite(question, desk, email="p@school.example")
    Invitation.objects.filter(pk=old.pk).update(until=timezone.localdate() - timedelta(days=1))
    inviting.call_off(question, ended.pk, by=desk.broker)
    pages = [browser().get(f"/review/{token}") for token in (old.token, ended.token, "x" * 40)]
    assert {one.status_code for one in pages} == {404}
    assert len({html(one).replace(one.request["PATH_INFO"], "") for one in pages}) == 1


def test_they_take_their_data_with_them_and_out(browser: Any, desk: factories.Desk) -> None:
    question = factories.in_review(desk)
    row = invite(question, desk)
    assert browser().get(f"/review/{row.token}/export").json()["email"] == "pia@school.example"
    assert browser().get(f"/review/{row.token}/erase").status_code == 302
    assert browser().post(f"/review/{row.token}/erase").status_code == 200
    assert browser().get(f"/review/{row.token}").status_code == 404
    assert "pia@school" not in html(browser(desk.broker).get(url(question)))


@pytest.mark.parametrize(("agrees", "words"), [("on", "Pia Praktijk"), ("", "1 uitgenodigde beoordelaar")])
def test_the_published_answer_names_who_agreed_to_it(
    agrees: str, words: str, browser: Any, desk: factories.Desk
) -> None:
    question = factories.in_review(desk)
    row = invite(question, desk)
    sent = {"etag": factories.working(question).etag, "verdict": "approved"} | (
        {"may_be_named": agrees} if agrees else {}
    )
    browser().post(f"/review/{row.token}/verdict", sent)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    factories.move(question, "answer", desk.broker)
    factories.move(question, "publish", desk.editor)
    assert words in html(browser().get(factories.answer_url(factories.item(question))))


def test_the_desk_invites_withdraws_and_forgets_on_the_page(browser: Any, desk: factories.Desk) -> None:
    question = factories.in_review(desk)
    client = browser(desk.broker)
    sent = {"name": "Pia", "email": desk.broker.email, "kind": "practice", "language": "nl", "note": "Kijk even"}
    refused = client.post(f"{url(question)}/invitations", sent)
    assert (refused.status_code, "Kijk even" in html(refused)) == (400, True)
    assert client.post(f"{url(question)}/invitations", {**sent, "email": "p@school.example"}).status_code == 302
    row = Invitation.objects.get()
    assert "p@school.example" in html(client.get(url(question)))
    assert "p@school.example" not in html(browser(desk.reviewer).get(url(question)))
    client.post(f"{url(question)}/invitations/{row.pk}/withdraw")
    assert Invitation.find(row.token) is None
    client.post(f"{url(question)}/invitations/{row.pk}/forget")
    assert Invitation.objects.get().name == ""


def test_an_expert_who_is_taken_out_stands_in_no_copy_of_what_was_judged(desk: factories.Desk) -> None:
    expert = {"name": "Dr. Vos", "agreed_on": "2026-01-01", "agreed_by": "mail"}
    question = factories.agreed(desk)
    factories.write(question, desk.broker, consulted=[expert])
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    consulting.forget(question, {"name": "Dr. Vos"}, by=desk.broker)
    assert "Vos" not in str([one.judged for one in factories.working(question).reviews.all()])
