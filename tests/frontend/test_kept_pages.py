"""Public pages are kept for visitors: cheap, never somebody else's, and gone the moment something changes."""

import re
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence import kept
from evidence.models import Theme
from questions import introductions
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


@pytest.fixture
def case(desk: factories.Desk) -> Any:
    question = factories.published(desk)
    question.themes.add(Theme.objects.create(slug="lezen", label_nl="Lezen"))
    return question


def url(case: Any) -> str:
    item = factories.item(case)
    return f"/answers/{item.number}/{item.slug}"


def html(client: Any, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return str(response.content.decode())


def test_a_kept_page_asks_the_database_at_most_three_things(browser: Any, case: Any) -> None:
    source = factories.item(case).shown().citations.get().source
    for path in ("/", url(case), "/themes", "/themes/lezen", f"/sources/{source.key}", f"/en{url(case)}"):
        html(browser(), path)
        with CaptureQueriesContext(connection) as asked:
            html(browser(), path)
        assert len(asked) <= 3, (path, [one["sql"][:120] for one in asked])


def test_a_retraction_is_seen_at_once(browser: Any, case: Any, desk: factories.Desk) -> None:
    title = factories.item(case).title
    pages = ["/", "/themes/lezen", url(case)]
    for path in pages:
        assert title in html(browser(), path)
        assert "de studie is ingetrokken" not in html(browser(), path)
    factories.move(factories.reload(case), "retract", desk.editor, why="de studie is ingetrokken")
    assert title not in html(browser(), "/")
    assert title not in html(browser(), "/themes/lezen")
    assert "de studie is ingetrokken" in html(browser(), url(case))


def test_what_is_published_is_seen_at_once(browser: Any, desk: factories.Desk) -> None:
    assert "Nieuwste antwoorden" not in html(browser(), "/").split("</head>")[1]
    question = factories.published(desk)
    assert factories.item(question).title in html(browser(), "/")


def test_a_new_introduction_is_seen_at_once(browser: Any, case: Any, desk: factories.Desk) -> None:
    html(browser(), "/themes/lezen")
    introductions.write(Theme.objects.get(), {"text_nl": "Over **lezen**."}, by=desk.editor, expected=0)
    assert "Over <strong>lezen</strong>." in html(browser(), "/themes/lezen")


def test_who_no_longer_wants_to_be_named_is_gone_at_once(browser: Any, case: Any, desk: factories.Desk) -> None:
    assert desk.broker
    desk.broker.broker.themes.set(Theme.objects.all())
    desk.broker.name_public = True
    desk.broker.save()
    assert desk.broker.name in html(browser(), "/themes/lezen")
    desk.broker.name_public = False
    desk.broker.save()
    assert desk.broker.name not in html(browser(), "/themes/lezen")


def test_each_visitor_gets_a_token_of_their_own_and_no_message_of_another(browser: Any, case: Any) -> None:
    one, other = browser(enforce_csrf_checks=True), browser(enforce_csrf_checks=True)
    tokens = [TOKEN.search(html(client, url(case)))[1] for client in (one, other)]  # type: ignore[index]
    assert tokens[0] != tokens[1]
    data = {"helpful": "yes", "csrfmiddlewaretoken": tokens[0]}
    feedback = f"/answers/{factories.item(case).number}/feedback"
    assert other.post(feedback, data).status_code == 403
    assert one.post(feedback, data).status_code == 302
    assert "Dank je wel" not in html(other, url(case))
    assert 'role="status"' in html(one, url(case))


def test_what_people_of_the_desk_see_is_never_kept_for_visitors(browser: Any, case: Any, desk: factories.Desk) -> None:
    caches["pages"].clear()
    assert "/desk/themes/lezen" in html(browser(desk.editor), "/themes/lezen")
    assert caches["pages"].get(kept.MARK) is None, "nothing was kept of what an editor read"
    assert "/desk/themes/lezen" not in html(browser(), "/themes/lezen")
    assert "/desk/themes/lezen" in html(browser(desk.editor), "/themes/lezen")


def test_each_language_has_a_page_of_its_own(browser: Any, case: Any) -> None:
    assert "Nieuwste antwoorden" in html(browser(), "/")
    assert "Newest answers" in html(browser(), "/en/")
    assert "Nieuwste antwoorden" in html(browser(), "/")


def test_an_earlier_version_is_not_taken_for_the_present_one(browser: Any, desk: factories.Desk) -> None:
    question = factories.revising(desk)
    factories.write(question, desk.broker, short_answer="Nieuw inzicht.")
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    factories.move(factories.reload(question), "publish", desk.editor)
    for _n in range(2):
        assert "Nieuw inzicht." in html(browser(), url(question))
        assert "Nieuw inzicht." not in html(browser(), f"{url(question)}?version=1")
        assert browser().get(f"{url(question)}?version=7").status_code == 404
