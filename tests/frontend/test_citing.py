"""An answer in the forms of reference managers: read back, it says the same as the page."""

import json
from typing import Any

import bibtexparser
import pytest
import rispy

from brokers.models import Desk
from questions.models import Item
from tests import factories
from tests.factories import answer_url, public_answer

pytestmark = pytest.mark.django_db
ODD = 'Helpt 50% & {meer} "lézen" #1 $x_y\\z @a\N{LEFT DOUBLE QUOTATION MARK}?\nTY  - BOOK'


def cited(browser: Any, number: int, form: str, **query: Any) -> str:
    response = browser().get(f"/answers/{number}/cite.{form}", query)
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    return str(response.content.decode())


def test_every_form_says_what_the_page_says(browser: Any) -> None:
    item = public_answer()
    page = browser().get(answer_url(item)).content.decode()
    date = item.shown().published_at
    (csl,) = json.loads(cited(browser, item.number, "json"))
    (ris,) = rispy.loads(cited(browser, item.number, "ris"))
    (bib,) = bibtexparser.parse_string(cited(browser, item.number, "bib")).entries
    assert csl["title"] == ris["title"] == bib["title"].strip("{}") == item.title
    assert csl["author"] == [{"literal": "Rotonde"}]
    assert ris["authors"] == ["Rotonde"]
    assert bib["author"].strip("{}") == "Rotonde"
    assert csl["issued"] == {"date-parts": [[date.year, date.month, date.day]]}
    assert (ris["year"], bib["year"]) == (str(date.year), str(date.year))
    assert csl["URL"] == ris["urls"][0] == bib["url"]
    for form in ("ris", "bib", "json"):
        assert f'href="/answers/{item.number}/cite.{form}?version=1"' in page


@pytest.mark.parametrize("form", ["json", "ris", "bib"])
def test_odd_signs_in_a_title_break_no_form(browser: Any, form: str) -> None:
    item = public_answer()
    Item.objects.filter(pk=item.pk).update(title=ODD)
    Desk.objects.update(name="Loket {Noord} & co")
    text = cited(browser, item.number, form)
    if form == "json":
        assert json.loads(text)[0]["title"] == " ".join(ODD.split())
    elif form == "ris":
        (read,) = rispy.loads(text)
        assert read["type_of_reference"] == "ELEC"
        assert read["title"] == " ".join(ODD.split())
    else:
        library = bibtexparser.parse_string(text)
        assert not library.failed_blocks
        assert len(library.entries) == 1
        assert r"50\% \&" in library.entries[0]["title"]


def test_the_version_that_was_read_is_the_one_that_is_cited(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.revising(desk)
    item = factories.item(question)
    (read,) = json.loads(cited(browser, item.number, "json", version=1))
    assert read["version"] == "1"
    assert read["URL"].endswith(f"/answers/{item.number}?version=1")
    assert browser().get(f"/answers/{item.number}/cite.json", {"version": 2}).status_code == 404, "not public yet"


def test_a_retracted_answer_is_cited_as_such(browser: Any) -> None:
    item = factories.item(factories.retracted())
    assert "Ingetrokken op" in json.loads(cited(browser, item.number, "json"))[0]["note"]
    assert "Ingetrokken op" in rispy.loads(cited(browser, item.number, "ris"))[0]["notes"][0]


@pytest.mark.parametrize(
    "path", ["/answers/999999/cite.ris", "/answers/{n}/cite.docx", "/answers/99999999999999/cite.bib"]
)
def test_what_is_not_there_cannot_be_cited(browser: Any, path: str) -> None:
    item, draft = public_answer(), factories.item(factories.drafted())
    assert browser().get(path.format(n=item.number)).status_code == 404
    assert browser().get(f"/answers/{draft.number}/cite.ris").status_code == 404
