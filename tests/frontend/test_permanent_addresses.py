"""An address that was once given keeps leading to what holds now; nothing that was replaced is listed."""

from typing import Any

import pytest

from evidence.models import Theme
from questions.models import Item
from tests import factories
from tests.factories import answer_url, public_answer

pytestmark = pytest.mark.django_db


def replaced(desk: factories.Desk, by: Item, **more: Any) -> Item:
    """An answer that was taken back in favour of another."""
    question = factories.published(desk, **more)
    factories.move(question, "retract", desk.editor, why="samengevoegd", replaced_by=str(by.number))
    return factories.item(question)


@pytest.fixture
def desk(db: None) -> factories.Desk:
    return factories.Desk()


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_changed_title_leaves_the_old_address_working(browser: Any) -> None:
    item = public_answer()
    old = answer_url(item)
    item.entitle("Een heel andere titel")
    item.save()
    response = browser().get(f"{old}?version=1")
    assert (response.status_code, response["Location"]) == (301, f"{answer_url(item)}?version=1")
    assert browser().get(f"/answers/{item.number}")["Location"] == answer_url(item)


def test_a_replaced_answer_leads_to_the_one_that_replaces_it(browser: Any, desk: factories.Desk) -> None:
    new = public_answer()
    old = replaced(desk, new)
    for path in (f"/answers/{old.number}", answer_url(old), f"/answers/{old.number}/oude-titel"):
        response = browser().get(path)
        assert (response.status_code, response["Location"]) == (301, answer_url(new))
        assert "max-age" in response["Cache-Control"]
    page = text(browser().get(answer_url(new)))
    assert f"Antwoord {old.number} is vervangen door dit antwoord." in page
    assert f'href="/answers/{old.number}?version=1"' in page


def test_the_old_version_stays_readable_and_says_what_to_read_instead(browser: Any, desk: factories.Desk) -> None:
    new = public_answer()
    old = replaced(desk, new)
    response = browser().get(f"/answers/{old.number}?version=1", follow=True)
    page = text(response)
    assert response.request["PATH_INFO"] == answer_url(old)
    assert f'<a href="{answer_url(new)}" lang="nl">' in page
    assert "Vertrouw er niet meer op" in page or "ingetrokken" in page.lower()
    assert (
        f'<link rel="canonical" href="http://localhost:8000{answer_url(new)}">' in page
        or f'{answer_url(new)}">' in page
    )
    assert 'content="noindex"' in page
    assert "ld+json" not in page
    assert browser().get(f"/answers/{old.number}/cite.ris?version=1").status_code == 200
    assert browser().get(f"/answers/{old.number}?version=7", follow=True).status_code == 404


def test_a_chain_of_replacements_is_one_step(browser: Any, desk: factories.Desk) -> None:
    last = public_answer()
    middle = factories.published(desk)
    first = replaced(desk, factories.item(middle))
    factories.move(middle, "retract", desk.editor, why="ook oud", replaced_by=str(last.number))
    for number in (first.number, middle.number):
        assert browser().get(f"/answers/{number}")["Location"] == answer_url(last)
    page = text(browser().get(answer_url(last)))
    for number in (first.number, middle.number):
        assert f"Antwoord {number} is vervangen" in page


def test_an_answer_that_comes_back_is_read_in_its_own_place(browser: Any, desk: factories.Desk) -> None:
    new = public_answer()
    old = replaced(desk, new)
    question = old.questions.get()
    factories.move(question, "revise", desk.broker, why="toch nodig")
    factories.write(question, desk.broker)
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    factories.move(question, "publish", desk.editor)
    assert browser().get(answer_url(old)).status_code == 200
    assert "is vervangen" not in text(browser().get(answer_url(new)))


def test_no_list_names_an_answer_that_was_replaced(browser: Any, api: Any, desk: factories.Desk) -> None:
    theme = Theme.objects.create(slug="lezen", label_nl="Lezen")
    new = public_answer()
    old = replaced(desk, new)
    for item in (new, old):
        item.questions.get().themes.add(theme)
    word = old.title.split()[-1].strip("?.")
    lists = ("/", f"/search?q={word}", f"/search/feed?q={word}", "/search/feed", "/themes/lezen", "/sitemap.xml")
    for path in lists:
        page = text(browser().get(path))
        assert answer_url(new) in page, path
        assert f"/answers/{old.number}/" not in page, path
    assert [row["number"] for row in api().get("/api/v1/answers").json()["results"]] == [new.number]


def test_the_api_follows_the_same_rule(api: Any, desk: factories.Desk) -> None:
    new = public_answer()
    old = replaced(desk, new)
    response = api().get(f"/api/v1/answers/{old.number}")
    assert (response.status_code, response.headers["Location"]) == (301, f"/api/v1/answers/{new.number}")
    assert (response.json()["state"], response.json()["replaced_by"]) == ("retracted", new.number)
    assert api().get(response.headers["Location"]).json()["replaced_by"] is None


def test_the_number_of_a_joined_question_leads_to_the_answer_of_the_other(
    browser: Any, api: Any, desk: factories.Desk
) -> None:
    target = factories.published(desk)
    middle = factories.merged(desk, into=target)
    first = factories.merged(desk, into=factories.triaged(desk))
    response = browser().get(f"/answers/{middle.number}")
    assert (response.status_code, response["Location"]) == (302, answer_url(factories.item(target)))
    assert api().get(f"/api/v1/answers/{middle.number}").status_code == 302
    for nothing in (first.number, factories.triaged(desk).number):
        assert browser().get(f"/answers/{nothing}").status_code == 404


def test_feedback_on_an_old_version_of_a_replaced_answer_is_kept_with_it(browser: Any, desk: factories.Desk) -> None:
    old = replaced(desk, public_answer())
    version = old.versions.get()
    data = {"what": "Hier stond iets fouts.", "version": str(version.pk), "section": "short"}
    assert browser().post(f"/answers/{old.number}/correction?version=1", data).status_code == 302
    assert version.corrections.get().section == "short"


def test_the_sheet_of_a_replaced_answer_leads_to_that_of_the_new_one(browser: Any, desk: factories.Desk) -> None:
    new = public_answer(team_try="Dit.")
    old = replaced(desk, new)
    assert browser().get(f"/answers/{old.number}/team")["Location"] == f"/answers/{new.number}/team"
