"""Who writes and who reviews is told what in an answer may be somebody's own; nothing is refused for it."""

from typing import Any

import pytest

from questions import inviting
from tests import factories
from tests.frontend.test_the_desk import answer, text, url

pytestmark = pytest.mark.django_db
ASKED = "Is hierin iemand te herkennen?"
TOLD = "“06-12345678” lijkt op een telefoonnummer. Laat het weg"


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


@pytest.mark.parametrize("field", ["short_answer", "explanation", "conclusion", "team_try"])
def test_the_writer_reads_it_beside_the_preview_and_the_text_is_saved(
    browser: Any, desk: factories.Desk, field: str
) -> None:
    question = factories.drafted(desk)
    client = browser(desk.broker)
    typed = answer(question, **{field: "Bel moeder van Sem: 06-12345678, of 06-12345678."})
    shown = text(client.post(f"{url(question)}/answer/look", typed))
    assert shown.count(TOLD) == 1, "twice the same is told once"
    response = client.post(f"{url(question)}/answer", {**typed, "go": "save"})
    assert response.status_code == 302
    assert TOLD in text(client.get(url(question)))


def test_reviewers_of_the_desk_and_from_outside_read_it(browser: Any, desk: factories.Desk) -> None:
    question = factories.drafted(desk)
    factories.write(question, desk.broker, explanation="Vraag het aan 06-12345678.", gap="geen", citations=[])
    factories.move(factories.working(question), "submit", desk.broker)
    assert TOLD in text(browser(desk.reviewer).get(url(question)))
    who = {"name": "Pia Praktijk", "email": "pia@school.example", "kind": "practice", "language": "nl"}
    row = inviting.invite(question, {"covers_changes": True, **who}, by=desk.broker)
    assert TOLD in text(browser().get(f"/review/{row.token}"))


def test_names_of_researchers_and_numbers_of_studies_are_nothing_to_ask_about(
    browser: Any, desk: factories.Desk
) -> None:
    question = factories.drafted(desk)
    said = "Volgens Jan de Vries (2019, doi 10.1234/567890123) verbeterde 0,35 van 1.234.567 leerlingen."
    typed = answer(question, explanation=said)
    shown = text(browser(desk.broker).post(f"{url(question)}/answer/look", typed))
    assert "verbeterde" in shown
    assert ASKED not in shown
