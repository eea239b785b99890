"""In the case: what readers say is wrong is settled, and an expert who no longer agrees is taken out."""

from typing import Any

from questions import consulting, reporting
from questions.models import Correction
from tests import factories
from tests.questions.test_consulting import NAME, desk, everywhere
from tests.questions.test_reporting import correction, question

__all__ = ["correction", "desk", "question"]  # fixtures


def test_the_case_shows_corrections_and_settles_them(
    browser: Any, question: Any, correction: Correction, desk: factories.Desk
) -> None:
    address = f"/desk/cases/{question.pk}"
    settle = f"{address}/corrections/{correction.pk}"
    page = browser(desk.broker).get(address).content.decode()
    for words in ("Het jaar klopt niet.", "in 2020", "bron 1", f'action="{settle}"'):
        assert words in page
    assert settle not in browser(desk.reviewer).get(address).content.decode()
    client = browser(desk.broker)
    empty = client.post(settle, {"why": ""})
    assert empty.status_code == 400
    assert client.get(settle).status_code == 302
    assert client.post(settle, {"why": "Verbeterd in versie 2."}).status_code == 302
    page = client.get(address).content.decode()
    assert "Verbeterd in versie 2." in page
    assert f'action="{settle}"' not in page
    assert browser().post(settle, {"why": "x"}).status_code == 403


def test_what_was_typed_is_not_lost_when_somebody_else_settled_it(
    browser: Any, question: Any, correction: Correction, desk: factories.Desk
) -> None:
    reporting.settle(question, correction.pk, {"why": "Eerst."}, by=desk.editor)
    response = browser(desk.broker).post(
        f"/desk/cases/{question.pk}/corrections/{correction.pk}", {"why": "MIJN WOORDEN"}
    )
    assert response.status_code == 409
    assert "MIJN WOORDEN" in response.content.decode()


def test_the_case_shows_what_readers_think_of_the_answer(browser: Any, question: Any, desk: factories.Desk) -> None:
    client, address = browser(desk.broker), f"/desk/cases/{question.pk}"
    assert 'id="opinions"' not in client.get(address).content.decode(), "nothing was said yet"
    version = question.item.living()
    for helpful, missing in (("yes", ""), ("yes", "EEN FILMPJE"), ("no", "GROEP <b>DRIE</b>")):
        reporting.helped(version, {"helpful": helpful, "missing": missing}, network="192.0.2.7")
    page = client.get(address).content.decode()
    for words in ("Het hielp 2 lezers.", "Het hielp 1 lezer niet.", "EEN FILMPJE", "GROEP &lt;b&gt;DRIE&lt;/b&gt;"):
        assert words in page


def test_the_queue_tells_of_mistakes_that_wait_until_they_are_settled(
    browser: Any, question: Any, correction: Correction, desk: factories.Desk
) -> None:
    client = browser(desk.broker)
    page = client.get("/desk?tab=reported").content.decode()
    assert f"/desk/cases/{question.pk}#corrections" in page
    assert "1 fout gemeld door een lezer" in page
    reporting.settle(question, correction.pk, {"why": "Verbeterd."}, by=desk.editor)
    assert f"/desk/cases/{question.pk}" not in client.get("/desk?tab=reported").content.decode()
    assert "gemeld door een lezer" not in client.get("/desk?tab=all").content.decode()


def test_the_case_page_takes_a_name_out(browser: Any, desk: factories.Desk) -> None:
    question = everywhere(desk)
    client = browser(desk.broker)
    address = f"/desk/cases/{question.pk}"
    assert f'name="name" value="{NAME}"' in client.get(address).content.decode()
    assert client.get(f"{address}/consulted").status_code == 302
    assert NAME in consulting.named(question), "opening an address changes nothing"
    assert client.post(f"{address}/consulted", {"name": NAME}).status_code == 302
    assert NAME not in consulting.named(question)
    assert client.post(f"{address}/consulted", {"name": NAME}).status_code == 409
