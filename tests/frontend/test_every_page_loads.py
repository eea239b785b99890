"""Every page loads for each kind of person; what one may not know of does not exist; nothing stands inline."""

import re
from typing import Any

import pytest

from questions import listing
from questions.models import SavedView
from questions.states import State
from tests import factories

pytestmark = pytest.mark.django_db
PUBLIC = [
    "/",
    "/search",
    "/search?q=lezen&kind=answer&sector=po",
    "/ask",
    "/ask/sent",
    "/ask/helped",
    "/erased",
    "/follow",
    "/follow?q=lezen&sector=po",
    "/follow/sent",
    "/track",
    "/track/sent",
    "/accounts/login/",
    "/accounts/password/reset/",
    "/robots.txt",
    "/sitemap.xml",
    "/opensearch.xml",
    "/search/feed",
    "/api/v1/docs",
]
PEOPLE = ["broker", "coordinator", "reviewer", "editor", "administrator"]


def inline(html: str) -> list[str]:
    """Whatever a strict content security policy would block; JSON-LD is data and never run."""
    return re.findall(
        r"<style|\sstyle=|<script(?![^>]*\ssrc=| type=\"application/ld\+json\">)[^>]*>|\son[a-z]+=\"|javascript:", html
    )


def check(response: Any) -> None:
    assert response.status_code == 200, response.request
    assert inline(response.content.decode()) == []


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_load_in_both_languages(browser: Any, path: str, language: str) -> None:
    if path.startswith("/api") and language:
        return
    check(browser().get(language + path))


@pytest.mark.parametrize("state", State.values)
def test_the_asker_sees_their_question_in_every_state(browser: Any, state: str) -> None:
    question = factories.IN_STATE[State(state)](factories.Desk())
    token = factories.asker(question).mailed_token
    for path in (f"/track/{token}", f"/en/track/{token}", f"/track/{token}/erase"):
        response = browser().get(path)
        check(response)
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("state", State.values)
def test_somebody_who_asked_the_same_sees_the_question_without_the_other_s_words(
    browser: Any, second_teacher: Any, state: str
) -> None:
    question = (
        factories.IN_STATE[State(state)](factories.Desk(), context="GEHEIM")
        if state != "submitted"
        else factories.submitted(context="GEHEIM")
    )
    response = browser().get(f"/track/{second_teacher(question).token}")
    check(response)
    assert "GEHEIM" not in response.content.decode()


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("state", State.values)
def test_people_of_the_desk_open_every_case(browser: Any, request: Any, person: str, state: str) -> None:
    question = factories.IN_STATE[State(state)](factories.Desk())
    check(browser(request.getfixturevalue(person)).get(f"/desk/cases/{question.pk}"))


@pytest.mark.parametrize("make", [factories.drafted, factories.in_review, factories.approved, factories.revising])
def test_the_writer_and_the_reviewer_open_a_case_being_written(browser: Any, make: Any) -> None:
    desk = factories.Desk()
    question = make(desk)
    for user in (desk.broker, desk.reviewer, desk.editor, desk.coordinator):
        check(browser(user).get(f"/desk/cases/{question.pk}"))


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("tab", ["", *listing.BY_NAME, "nonsense"])
def test_every_tab_of_the_queue_loads(browser: Any, request: Any, person: str, tab: str) -> None:
    factories.approved()
    factories.triaged()
    check(browser(request.getfixturevalue(person)).get(f"/desk?tab={tab}&q=lezen&after=x"))


@pytest.mark.parametrize("person", PEOPLE)
def test_saved_views_load(browser: Any, request: Any, person: str) -> None:
    user = request.getfixturevalue(person)
    factories.triaged()
    view = SavedView.objects.create(owner=user, name="Mijn", query={"view": "open", "age": "3", "gone": "x"})
    SavedView.objects.create(owner=factories.staff("broker"), name="Van een ander", query={}, is_shared=True)
    check(browser(user).get("/desk/views"))
    check(browser(user).get(f"/en/desk/views/{view.pk}"))


def test_the_answer_its_source_and_its_theme_load(browser: Any) -> None:
    question = factories.published()
    item = factories.item(question)
    check(browser().get(f"/answers/{item.number}/{item.slug}"))
    citation = item.shown().citations.get()
    check(browser().get(f"/sources/{citation.source.key}"))


def test_only_the_right_address_of_an_answer_is_answered_the_others_lead_there(browser: Any) -> None:
    item = factories.item(factories.published())
    right = f"/answers/{item.number}/{item.slug}"
    for path in (f"/answers/{item.number}", f"/answers/{item.number}/wrong"):
        response = browser().get(path)
        assert (response.status_code, response["Location"]) == (301, right)


def test_a_retracted_answer_keeps_its_page_with_a_banner_and_the_reason(browser: Any) -> None:
    item = factories.item(factories.retracted())
    html = browser().get(f"/answers/{item.number}/{item.slug}").content.decode()
    assert "de studie is ingetrokken" in html


def test_an_earlier_version_can_be_read_and_says_that_it_is_one(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.revising(desk)
    factories.write(question, desk.broker, short_answer="Nieuw inzicht.")
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    factories.move(factories.reload(question), "publish", desk.editor)
    item = factories.item(question)
    url = f"/answers/{item.number}/{item.slug}"
    assert "Nieuw inzicht." in browser().get(url).content.decode()
    old = browser().get(f"{url}?version=1")
    check(old)
    assert "Nieuw inzicht." not in old.content.decode()
    assert browser().get(f"{url}?version=7").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/track/nothing",
        "/track/nothing/erase",
        "/track/nothing/export",
        "/answers/999999",
        "/answers/99999999999999999/x",
        "/sources/nothing",
        "/themes/nothing",
        "/nothing",
        "/confirm/nothing",
        "/review/nothing",
    ],
)
def test_what_is_not_there_is_not_found(browser: Any, path: str) -> None:
    response = browser().get(path)
    assert response.status_code == 404
    assert inline(response.content.decode()) == []


def test_unpublished_answers_do_not_exist_for_visitors(browser: Any) -> None:
    for make in (factories.drafted, factories.in_review, factories.approved, factories.answered):
        assert browser().get(f"/answers/{factories.item(make()).number}").status_code == 404


def test_visitors_are_led_to_the_login_and_back(browser: Any) -> None:
    question = factories.triaged()
    for path in ("/desk", f"/desk/cases/{question.pk}"):
        response = browser().get(path)
        assert response.status_code == 302
        assert response["Location"] == f"/accounts/login/?next={path}"


def test_somebody_with_an_account_but_no_role_sees_nothing_of_the_desk(browser: Any, broker: Any) -> None:
    broker.groups.clear()
    question = factories.triaged()
    response = browser(broker).get("/desk")
    assert response.status_code == 403
    assert "geen rol" in response.content.decode()
    assert browser(broker).post("/desk/next").status_code == 403
    for path in ("", "/answer", "/do/claim"):
        assert browser(broker).post(f"/desk/cases/{question.pk}{path}").status_code == 404
    assert browser(broker).get(f"/desk/cases/{question.pk}").status_code == 404


def test_an_unconfirmed_question_is_no_case(browser: Any, broker: Any) -> None:
    question = factories.unconfirmed()
    assert browser(broker).get(f"/desk/cases/{question.pk}").status_code == 404


def test_a_source_that_is_not_public_is_for_the_desk_only(browser: Any, broker: Any) -> None:
    source = factories.source()
    type(source).objects.filter(pk=source.pk).update(public=False)
    assert browser().get(f"/sources/{source.key}").status_code == 404
    check(browser(broker).get(f"/sources/{source.key}"))


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_of_the_desk_has_a_page_about_themselves_and_sees_who_the_brokers_are(
    browser: Any, request: Any, person: str
) -> None:
    user, held = request.getfixturevalue(person), factories.Desk()
    factories.assigned(held)
    for path in ("/desk/me", "/en/desk/me", "/desk/brokers"):
        check(browser(user).get(path))
    wanted = 200 if person in ("coordinator", "administrator") else 404
    assert browser(user).get(f"/desk/brokers/{held.broker.pk}").status_code == wanted
    assert browser(user).get("/desk/brokers/999999").status_code == 404
