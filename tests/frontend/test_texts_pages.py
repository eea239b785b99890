"""Where coordinators and editors keep ready-made texts and criteria."""

from html import unescape
from typing import Any

import pytest

from brokers.models import Desk
from questions.models import Criterion, ReadyText

pytestmark = pytest.mark.django_db
WORDS = {"kind": "message", "name": "Uitleg", "text_nl": "Over vraag {number}.", "text_en": "About question {number}."}


def text(response: Any) -> str:
    return unescape(response.content.decode())


@pytest.mark.parametrize("path", ["/desk/texts", "/en/desk/texts", "/desk/criteria", "/en/desk/criteria"])
@pytest.mark.parametrize("person", ["broker", "coordinator", "reviewer", "editor"])
def test_everybody_of_the_desk_reads_the_lists(browser: Any, request: Any, person: str, path: str) -> None:
    response = browser(request.getfixturevalue(person)).get(path)
    assert response.status_code == 200
    changes = person in ("coordinator", "editor")
    assert ("/new" in text(response) or "<form" in text(response).partition("<main")[2]) == changes


def test_a_number_that_is_none_is_not_found(browser: Any, coordinator: Any) -> None:
    assert [browser(coordinator).get(f"/desk/texts/{n}").status_code for n in (0, 999_999)] == [404, 404]


def test_nobody_else_opens_the_page_that_changes_one(browser: Any, broker: Any) -> None:
    row, criterion = ReadyText.objects.first(), Criterion.objects.first()
    assert row is not None
    assert criterion is not None
    for path in (f"/desk/texts/{row.pk}", "/desk/texts/new", f"/desk/criteria/{criterion.pk}"):
        assert browser(broker).get(path).status_code == 404
        assert browser(broker).post(path, {**WORDS, "go": "drop"}).status_code == 404
    assert browser(broker).post("/desk/criteria", {"text_nl": "x", "text_en": "x"}).status_code == 403
    assert ReadyText.objects.filter(pk=row.pk).exists()


def test_a_text_is_read_as_it_will_be_and_saved_with_who_wrote_it(browser: Any, editor: Any) -> None:
    client = browser(editor)
    html = text(client.post("/desk/texts/new", {**WORDS, "go": "look"}))
    assert "Over vraag 123." in html
    assert "About question 123." in html
    assert not ReadyText.objects.filter(name="Uitleg").exists()
    assert client.post("/desk/texts/new", {**WORDS, "go": "save"}).status_code == 302
    assert ReadyText.objects.get(name="Uitleg").changed_by == editor
    assert "Esra" in text(client.get("/desk/texts"))


def test_a_field_that_does_not_exist_is_refused_with_the_text_still_there(browser: Any, editor: Any) -> None:
    data = {**WORDS, "text_nl": "Beste {voornaam}, lang verhaal", "go": "save"}
    response = browser(editor).post("/desk/texts/new", data)
    assert response.status_code == 400
    assert "{voornaam}" in text(response)
    assert "lang verhaal" in text(response)
    assert not ReadyText.objects.filter(name="Uitleg").exists()


def test_who_was_overtaken_sees_the_other_text_and_keeps_their_own(browser: Any, editor: Any, coordinator: Any) -> None:
    row = ReadyText.objects.create(desk=Desk.default(), **WORDS)
    path = f"/desk/texts/{row.pk}"
    assert browser(editor).post(path, {**WORDS, "text_nl": "Van Esra.", "n": "1"}).status_code == 302
    response = browser(coordinator).post(path, {**WORDS, "text_nl": "Van Coen.", "n": "1"})
    assert response.status_code == 412
    assert "Van Esra." in text(response)
    assert "Van Coen." in text(response)
    assert browser(coordinator).post(path, {**WORDS, "text_nl": "Van Coen.", "n": "2"}).status_code == 302


def test_a_text_that_nobody_wants_is_taken_out(browser: Any, editor: Any) -> None:
    row = ReadyText.objects.create(desk=Desk.default(), **WORDS)
    assert browser(editor).post(f"/desk/texts/{row.pk}", {"go": "drop"}).status_code == 302
    assert not ReadyText.objects.filter(pk=row.pk).exists()


def test_a_new_desk_begins_with_our_texts_and_criteria(browser: Any, editor: Any, broker: Any) -> None:
    desk = Desk.objects.create(slug="mbo", name="Loket mbo")
    assert "Loket mbo" in text(browser(editor).get("/desk/texts"))
    browser(broker).post("/desk/texts?desk=mbo")
    assert not desk.ready_texts.exists()
    browser(editor).post("/desk/texts?desk=mbo")
    browser(editor).post("/desk/criteria?desk=mbo", {"go": "furnish"})
    assert desk.ready_texts.exists()
    assert desk.criteria.exists()


def test_criteria_are_added_changed_moved_and_taken_out(browser: Any, coordinator: Any) -> None:
    client, desk = browser(coordinator), Desk.default()
    assert client.post("/desk/criteria", {"text_nl": "Nieuw", "text_en": ""}).status_code == 400
    client.post("/desk/criteria", {"text_nl": "Nieuw", "text_en": "New"})
    row = desk.criteria.get(text_nl="Nieuw")
    client.post(f"/desk/criteria/{row.pk}", {"go": "up"})
    assert list(desk.criteria.filter(retired_at=None))[-2] == row
    client.post(f"/desk/criteria/{row.pk}", {"text_nl": "Anders", "text_en": "Other"})
    row.refresh_from_db()
    assert row.text_nl == "Anders"
    client.post(f"/desk/criteria/{row.pk}", {"go": "retire"})
    assert "Anders" not in text(client.get("/desk/criteria"))
    assert client.get(f"/desk/criteria/{row.pk}").status_code == 404
