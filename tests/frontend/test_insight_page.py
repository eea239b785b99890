"""The page of insight: every number in a table that is also a file, whatever period somebody asks for."""

import csv
import io
import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from brokers.models import User
from evidence.models import Theme
from frontend.pages.charts import Bar, bars, columns
from frontend.pages.spreadsheet import harmless
from questions import insight, sought, tallies
from questions.models import Ending, Sought
from tests import factories
from tests.frontend.test_every_page_loads import PEOPLE, check

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


def text(response: Any) -> str:
    return unescape(response.content.decode())


def rows_of(response: Any, delimiter: str) -> list[list[str]]:
    body = response.content.decode("utf-8")
    assert body.startswith("\ufeff")
    return list(csv.reader(io.StringIO(body[1:]), delimiter=delimiter))


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("language", ["", "/en"])
def test_everybody_of_the_desk_reads_it(browser: Any, request: Any, person: str, language: str) -> None:
    factories.referred()
    response = browser(request.getfixturevalue(person)).get(f"{language}/desk/insight")
    check(response)
    assert "no-store" in response["Cache-Control"]


def test_visitors_do_not(browser: Any) -> None:
    for path in ("/desk/insight", "/desk/insight/flow.csv"):
        assert browser().get(path).status_code == 302


def test_somebody_without_a_role_does_not(browser: Any, broker: Any) -> None:
    broker.groups.clear()
    assert browser(broker).get("/desk/insight").status_code == 403
    assert browser(broker).get("/desk/insight/flow.csv").status_code == 404


def test_an_empty_desk_and_a_period_with_nothing_have_a_clear_page(browser: Any, editor: Any) -> None:
    for query in ("", "?from=2001-01-01&to=2001-01-02"):
        page = text(browser(editor).get(f"/desk/insight{query}"))
        assert "<svg viewBox" not in page
        assert page.count("Er is niets in deze periode.") + page.count("of te weinig.") == len(insight.NAMES) - 1


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=9999-12-31", "Kies een dag in de jaren 2000 tot en met"),
        ("from=gisteren", "Schrijf een dag die bestaat als jaar-maand-dag"),
        ("from=2026-02-30", "Schrijf een dag die bestaat als jaar-maand-dag"),
        ("from=2026-02-02&to=2026-02-01", "De laatste dag ligt voor de eerste."),
        ("from=2001-01-01&to=2025-01-01", "Kies een periode van hoogstens 20 jaar."),
    ],
)
def test_a_period_that_cannot_be_gets_a_sentence_and_stays_as_it_was_typed(
    browser: Any, broker: Any, query: str, sentence: str
) -> None:
    response = browser(broker).get(f"/desk/insight?{query}")
    assert response.status_code == 400
    page = text(response)
    assert sentence in page
    assert f'value="{query.split("=")[1].split("&")[0]}"' in page
    assert 'href="#period-' in page
    response = browser(broker).get(f"/desk/insight/flow.csv?{query}")
    assert (response.status_code, sentence in text(response)) == (400, True)


def test_what_is_hostile_in_the_address_is_shown_and_does_nothing(browser: Any, broker: Any) -> None:
    response = browser(broker).get('/desk/insight?from="><script>alert(1)</script>&to=%00&x=1')
    assert response.status_code == 400
    assert "<script>alert" not in response.content.decode()


def test_every_table_is_a_file_that_says_the_same(browser: Any, coordinator: Any) -> None:
    factories.referred()
    client = browser(coordinator)
    page = text(client.get("/en/desk/insight"))
    for name in insight.NAMES:
        response = client.get(f"/en/desk/insight/{name}.csv")
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"] == f'attachment; filename="{name}.csv"'
        head, *rows = rows_of(response, ",")
        assert all(len(row) == len(head) for row in rows)
        assert (f"/en/desk/insight/{name}.csv?from=" in page) == (f'aria-labelledby="t-{name}"' in page)
    month = rows_of(client.get("/en/desk/insight/months.csv"), ",")[-1]
    assert month[1:] == ["1", "0", "1", "0"]
    assert date.fromisoformat(month[0]).day == 1


def test_a_dutch_file_is_made_for_a_dutch_spreadsheet(browser: Any, broker: Any) -> None:
    head = rows_of(browser(broker).get("/desk/insight/flow.csv"), ";")[0]
    assert head[0] == "Status"


def test_there_is_no_file_of_another_name_nor_of_what_one_may_not_read(browser: Any, editor: Any) -> None:
    for name in ("nothing", "load", "NAMES", "a" * 200):
        assert browser(editor).get(f"/desk/insight/{name}.csv").status_code == 404


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", " =", "\u00a0+", "\n\t@"])
def test_a_name_that_is_a_formula_is_none_in_a_spreadsheet(browser: Any, coordinator: Any, sign: str) -> None:
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"
    if sign.isspace():
        return
    desk = factories.Desk()
    User.objects.filter(pk=desk.broker.pk).update(name=f"{sign}HYPERLINK(1)")  # type: ignore[union-attr]
    Theme.objects.create(slug="lezen", label_nl=f"{sign}1+1")
    Ending.objects.create(
        case="00000000-0000-0000-0000-000000000001", nth=1, outcome="referred", sector="po", themes=["lezen"],
        ended_at=timezone.now(), our_days=1, asker_days=0, submitted_days=0, triaged_days=0, assigned_days=1,
    )  # fmt: skip
    for name in ("load", "themes"):
        cells = [cell for row in rows_of(browser(coordinator).get(f"/desk/insight/{name}.csv"), ";") for cell in row]
        assert any(cell.startswith(f"'{sign}") for cell in cells)
        assert not any(cell.startswith(sign) for cell in cells)


def test_a_drawing_says_what_it_is_and_stands_beside_its_table(browser: Any, coordinator: Any) -> None:
    factories.referred()
    page = browser(coordinator).get("/en/desk/insight").content.decode()
    drawings = re.findall(r"<svg viewBox.*?</svg>", page)
    assert drawings
    for one in drawings:
        svg = ElementTree.fromstring(one)
        ids = {part.attrib["id"]: part.text for part in svg if "id" in part.attrib}
        assert svg.attrib["role"] == "img"
        assert all(ids[name] for name in svg.attrib["aria-labelledby"].split())
        assert not re.search(r'(style|fill|stroke)="', one)
    assert page.index("<svg viewBox") < page.index('aria-labelledby="t-months"')


def test_a_drawing_keeps_within_its_frame_whatever_the_numbers_are() -> None:
    for most in (1, 2, 7, 99, 100, 123_456):
        chart = columns("x", "x", list("abcdefghijkl"), [("one", [most] * 12), ("two", [0] * 12)])
        assert chart is not None
        assert all(0 <= box.x <= box.x + box.width <= chart.width for box in chart.boxes)
        assert all(0 <= box.y <= box.y + box.height <= chart.height for box in chart.boxes)
        drawn = bars("x", "x", ["one"], [Bar("a", [most], [most * 3]), Bar("b", [0], [0])])
        assert drawn is not None
        assert all(0 <= stroke.x2 <= drawn.width for stroke in drawn.strokes)
        assert all(one.x + 6 * len(one.text) <= drawn.width for one in drawn.words)
    assert columns("x", "x", ["a"], [("one", [5])]) is None
    assert columns("x", "x", ["a", "b"], [("one", [0, 0])]) is None
    assert bars("x", "x", ["one"], []) is None


def test_the_periods_one_can_choose_lead_here_and_the_chosen_one_says_so(browser: Any, broker: Any) -> None:
    client = browser(broker)
    page = text(client.get("/en/desk/insight"))
    links = re.findall(r'href="(\?from=[^"]+)"', page)
    assert len(links) == 5
    for link in links:
        shown = text(client.get(f"/en/desk/insight{link}"))
        assert re.findall(r'href="([^"]+)" aria-current="true"', shown) == [link]


def test_the_page_is_the_way_to_all_numbers(browser: Any, broker: Any) -> None:
    client = browser(broker)
    assert 'href="/desk/insight"' in text(client.get("/desk"))
    page = text(client.get("/desk/insight"))
    for path in ("/desk/after", "/desk/guide-numbers", "/search/numbers"):
        assert f'href="{path}"' in page
        assert client.get(path).status_code == 200
    assert 'href="/desk/insight"' in text(client.get("/desk/after"))


# --- Searches -------------------------------------------------------------------------------

NAMES = [sought.MADE, sought.EMPTY, sought.NARROWED]


def counts() -> list[int]:
    return list(tallies.totals(NAMES).values())


@pytest.fixture
def library() -> None:
    factories.public_answer()


@pytest.mark.usefixtures("library")
def test_a_search_of_a_visitor_is_counted_and_words_are_kept_as_hashes(browser: Any) -> None:
    person = browser(headers={"User-Agent": PHONE})
    person.get("/search?q=xylofoonles")
    assert counts() == [1, 1, 0]
    assert [row.word for row in Sought.objects.all()] == [""]
    person.get("/search?q=stillezen")
    assert counts() == [2, 1, 0]
    person.get("/search?q=stillezen&sector=mbo")
    assert counts() == [3, 1, 1]
    assert Sought.objects.count() == 1


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"User-Agent": "Googlebot/2.1"},
        {"User-Agent": PHONE, "Sec-Purpose": "prefetch"},
        {"User-Agent": PHONE, "Purpose": "prefetch"},
    ],
)
def test_what_nobody_looks_at_is_not_counted(browser: Any, headers: dict[str, str]) -> None:
    browser(headers=headers).get("/search?q=xylofoonles")
    assert counts() == [0, 0, 0]


@pytest.mark.usefixtures("library")
def test_nor_are_people_of_the_desk_further_pages_and_looking_without_a_question(browser: Any, broker: Any) -> None:
    browser(broker, headers={"User-Agent": PHONE}).get("/search?q=xylofoonles")
    person = browser(headers={"User-Agent": PHONE})
    for path in ("/search", "/search?q=", "/search?q=stillezen&page=2"):
        person.get(path)
    person.head("/search?q=stillezen")
    assert counts() == [0, 0, 0]


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("header", ["Sec-GPC", "DNT"])
def test_who_asks_to_be_left_alone_leaves_no_word(browser: Any, header: str) -> None:
    browser(headers={"User-Agent": PHONE, header: "1"}).get("/search?q=xylofoonles")
    assert counts() == [1, 1, 0]
    assert Sought.objects.count() == 0


def test_a_desk_without_a_library_finds_nothing_and_no_word_is_kept_of_it(browser: Any) -> None:
    browser(headers={"User-Agent": PHONE}).get("/search?q=xylofoonles")
    assert counts() == [1, 1, 0]
    assert Sought.objects.count() == 0


def test_words_that_many_looked_for_stand_on_the_page(browser: Any, broker: Any) -> None:
    for n in range(sought.PLACES):
        sought.looked("xylofoonles", found=False, narrowed=False, network=f"192.0.{n}.1")
    page = text(browser(broker).get("/desk/insight"))
    assert "xylofoonles" in page
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "xylofoonles" not in text(browser(broker).get(f"/desk/insight?from={tomorrow}&to={tomorrow}"))
