"""Bodies too large, links that are forged or ran out, forms sent twice: a clean page, and nothing changes."""

import re
from typing import Any

import pytest
from django.urls import URLPattern

from frontend import urls
from questions.models import Correction, Feedback, Follow, Letter, Message, Participation, Question
from tests import factories
from tests.database import fingerprint

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
TOKEN = "<str:token>"
FORGED = ["x", "0" * 40, "a" * 5_000, "%00", "..%2f..%2fetc", "<script>alert(1)</script>", "'; DROP TABLE x; --", "𝒳"]


@pytest.fixture(autouse=True)
def words_only(settings: Any) -> None:
    settings.EMBEDDING_MODEL = "none"


def routes() -> list[str]:
    """The addresses of the project itself, as they stand in its list."""
    return [str(one.pattern) for one in urls.urlpatterns if isinstance(one, URLPattern)]


def is_clean(response: Any) -> bool:
    html = response.content.decode()
    return 400 <= response.status_code < 500 and "<h1" in html and "Traceback" not in html


@pytest.mark.parametrize("route", [one for one in routes() if TOKEN in one])
def test_a_forged_link_opens_a_clean_page_and_changes_nothing(browser: Any, route: str) -> None:
    factories.answered()
    before, client = fingerprint(), browser()
    for token in FORGED:
        path = "/" + route.replace(TOKEN, token).replace("<str:name>", "agree")
        for response in (client.get(path), client.post(path, {"verdict": "answered", "again": "yes"})):
            assert response.status_code in (404, 405), (path, response.status_code)
            assert response.status_code == 405 or is_clean(response), path
    assert fingerprint() == before


def filled(route: str, question: Question, token: str) -> str:
    values = {"number": question.number, "token": token, "name": "agree", "pk": question.pk, "slug": "lezen"}
    return "/" + re.sub(r"<\w+:(\w+)>", lambda one: str(values.get(one[1], "x")), route)


def test_ten_megabytes_are_refused_everywhere_with_a_clean_page(browser: Any, administrator: Any) -> None:
    question = factories.published()
    token, body = factories.asker(question).token, {"text": "a" * 10_000_000}
    client = browser(administrator)
    before = fingerprint()
    taken = {}
    for route in routes():
        path = filled(route, question, token)
        response = client.post(path, body)
        if response.status_code != 405 and not is_clean(response):
            taken[path] = response.status_code
    assert fingerprint() == before
    # These look at no body at all: what they do is what their address says.
    assert {path: status for path, status in taken.items() if status != 302 and status != 200} == {}


def test_a_link_to_confirm_that_ran_out_says_what_to_do(browser: Any) -> None:
    question = factories.unconfirmed()
    part = question.participations.get()
    token = part.confirm_token
    Question.objects.filter(pk=question.pk).delete()
    before = fingerprint()
    for response in (browser().get(f"/confirm/{token}"), browser().post(f"/confirm/{token}")):
        assert is_clean(response)
        assert "/ask" in response.content.decode()
    assert fingerprint() == before


# --- Twice ------------------------------------------------------------------------------------


def twice(client: Any, path: str, data: dict[str, Any]) -> list[int]:
    return [client.post(path, data).status_code for _ in range(2)]


def test_agreeing_twice_is_agreeing_once(browser: Any) -> None:
    question = factories.proposed()
    path = f"/track/{factories.asker(question).token}/do/agree"
    assert twice(browser(), path, {"articulated": factories.ARTICULATED + " Echt?"}) == [302, 409]
    assert question.events.filter(name="agree").count() == 1


def test_a_verdict_sent_twice_is_one(browser: Any) -> None:
    question = factories.answered()
    path = f"/track/{factories.asker(question).token}/do/respond"
    first, second = twice(browser(), path, {"verdict": "partly", "why": "Ik mis groep 8."})
    assert (first, second) == (302, 409)
    assert question.events.filter(name="respond").count() == 1


def test_a_message_sent_twice_is_one_message(browser: Any) -> None:
    question = factories.assigned()
    path = f"/track/{factories.asker(question).token}/messages"
    assert twice(browser(), path, {"body": "Het gaat om groep 6."}) == [302, 302]
    assert Message.objects.filter(question=question).count() == 1


def test_me_too_and_following_twice_are_one(browser: Any) -> None:
    number = factories.shown().number
    assert twice(browser(), f"/working-on/{number}", {"email": "ook@school.example"}) == [302, 302]
    assert Participation.objects.filter(asker__email="ook@school.example").count() == 1
    assert Letter.objects.filter(kind="confirm_me_too").count() == 1
    assert twice(browser(), "/follow", {"email": "v@school.example", "often": "weekly", "q": "lezen"}) == [302, 302]
    assert (Follow.objects.count(), Letter.objects.filter(kind="follow_confirm").count()) == (1, 1)


def test_what_a_reader_sends_twice_is_kept_once(browser: Any) -> None:
    number = factories.item(factories.published()).number
    assert twice(browser(), f"/answers/{number}/feedback", {"helpful": "no", "missing": "Groep 8."}) == [302, 302]
    assert twice(browser(), f"/answers/{number}/correction", {"what": "Het jaartal."}) == [302, 302]
    assert (Feedback.objects.count(), Correction.objects.count()) == (1, 1)


def test_withdrawing_and_erasing_twice_end_in_clean_pages(browser: Any) -> None:
    question = factories.triaged()
    token = factories.asker(question).token
    assert twice(browser(), f"/track/{token}/do/withdraw", {"why": ""}) == [302, 409]
    assert twice(browser(), f"/track/{factories.asker(question).mailed_token}/erase", {}) == [302, 404]
