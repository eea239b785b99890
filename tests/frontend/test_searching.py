"""The search page: why each hit is there, filters that add up, and what is odd stays calm."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import TestCase

from evidence import embedding, index
from evidence.models import Collection, Source, Theme
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.words_only]


def put(source: Source, body: str, **more: Any) -> None:
    index.put("source", str(source.pk), [index.Part(source.title, body)], public=True, **more)


def page(browser: Any, **given: str) -> str:
    response = browser().get("/search", given)
    assert response.status_code == 200
    return str(response.content.decode())


def options(html: str, name: str) -> list[str]:
    """What can be chosen, as it is read."""
    select = re.search(rf'<select id="f-{name}".*?</select>', html, re.DOTALL)
    return [unescape(one) for one in re.findall(r"<option[^>]*>([^<]+)", select[0])] if select else []


def test_words_that_match_are_marked_and_all_else_is_escaped(browser: Any) -> None:
    put(factories.source(title="Lezen"), "Voor <script>alert(1)</script> basisschoolleerlingen & <mark>anderen</mark>.")
    html = page(browser, q="leerling")
    assert "Voor &lt;script&gt;alert(1)&lt;/script&gt; <mark>basisschoolleerlingen</mark> &amp; &lt;mark&gt;" in html


def test_words_side_by_side_are_one_mark(browser: Any) -> None:
    put(factories.source(title="Thuis"), "Over begrijpend lezen thuis.")
    assert "Over <mark>begrijpend lezen</mark> thuis." in page(browser, q="begrijpend lezen")


def test_a_match_in_the_title_only_is_said(browser: Any) -> None:
    put(factories.source(title="Over huiswerk"), "Een tekst zonder dat woord.")
    assert "Gevonden door woorden in de titel of verderop: huiswerk." in page(browser, q="huiswerk")


def test_filters_show_what_each_choice_gives(browser: Any) -> None:
    Theme.objects.create(slug="taal", label_nl="Taal")
    Collection.objects.create(slug="own", name="Eigen bibliotheek")
    for number in range(3):
        sectors = ["po"] if number else ["vo"]
        put(factories.source(title=f"Lezen {number}"), "lezen", sectors=sectors, themes=["taal"], collection="own")
    for given in ({}, {"sector": "po"}):
        html = page(browser, q="lezen", **given)
        assert options(html, "sector") == ["alle", "basisonderwijs (po) (2)", "voortgezet onderwijs (vo) (1)"]
    assert options(html, "theme") == ["alle", "Taal (2)"]
    assert options(html, "collection") == ["alle", "Eigen bibliotheek (2)"]
    assert len(re.findall(r"<blockquote", html)) == 2


def test_years_narrow_from_and_up_to(browser: Any) -> None:
    for year in (1999, 2010, 2020):
        put(factories.source(title=f"Lezen in {year}"), "lezen", year=year)
    titles = re.findall(r"Lezen in \d+", page(browser, q="lezen", year_from="2000", year_to="2015"))
    assert set(titles) == {"Lezen in 2010"}
    assert 'value="2000"' in page(browser, q="lezen", year_from="2000")


@pytest.mark.parametrize(
    "given",
    [
        {"sector": "zzz"},
        {"theme": "nergens"},
        {"collection": "nergens"},
        {"year_from": "x"},
        {"year_from": "2020", "year_to": "2010"},
        {"language": "?"},
        {"kind": "question"},
    ],
)
def test_a_filter_that_cannot_be_is_left_out_with_a_calm_word(browser: Any, given: dict[str, str]) -> None:
    put(factories.source(title="Lezen"), "lezen", year=2021)
    html = page(browser, q="lezen", **given)
    assert html.count("We konden dit filter niet gebruiken") == 1
    assert "<blockquote" in html


def test_a_collection_that_is_not_public_is_one_that_is_not_there(browser: Any) -> None:
    Collection.objects.create(slug="secret", name="Geheim", public=False)
    html = page(browser, q="lezen", collection="secret")
    assert "We konden dit filter niet gebruiken" in html
    assert "Geheim" not in html


def test_all_that_was_counted_can_be_reached(browser: Any) -> None:
    for number in range(23):
        put(factories.source(title=f"Lezen nummer{number}"), "lezen", sectors=["po"])
    first = page(browser, q="lezen", sector="po")
    assert "23 resultaten" in first
    link = unescape(re.search(r'href="([^"]+)" rel="next"', first)[1])  # type: ignore[index]
    second = browser().get(link).content.decode()
    titles = set(re.findall(r"Lezen nummer\d+", first)) | set(re.findall(r"Lezen nummer\d+", second))
    assert len(titles) == 23
    assert '<ol class="hits" start="21">' in second
    assert 'rel="next"' not in second
    assert 'rel="prev"' in second


@pytest.mark.parametrize(
    "text",
    ["x" * 10_000, "de het een", "...", "\u202eعربى", "' OR 1=1", '"open', "a\x00b", "%(terms)s", "\N{GRINNING FACE}"],
)
@pytest.mark.parametrize("name", ["q", "sector", "theme", "year_from", "collection", "page"])
def test_any_text_gives_a_page(browser: Any, name: str, text: str) -> None:
    put(factories.source(title="Lezen"), "lezen")
    assert "<h1" in page(browser, **{"q": "lezen", name: text})


def test_somebody_who_asks_is_told_that_others_do(browser: Any) -> None:
    text = "Helpt stillezen bij begrijpend lezen in groep zes?"
    sentence = "Minstens 3 mensen stellen nu ongeveer dezelfde vraag."
    desk = factories.Desk()
    for number in range(3):
        assert sentence not in browser().post("/ask", {"go": "suggestions", "text": text}).content.decode(), number
        factories.triaged(desk, text=text)
        embedding.embed_all()
    seen = browser().post("/ask", {"go": "suggestions", "text": text}).content.decode()
    assert (sentence in seen) == bool(embedding.state()["recipe"])


def test_staff_see_what_is_asked_now_beside_a_case(browser: Any) -> None:
    desk = factories.Desk()
    one, other = (factories.triaged(desk, text="Helpt stillezen bij begrijpend lezen?") for _n in range(2))
    embedding.embed_all()
    html = browser(desk.coordinator).get(f"/desk/cases/{one.pk}").content.decode()
    assert f'href="/desk/cases/{other.pk}"' in html
    assert ("Dit wordt nu gevraagd" in html) == bool(embedding.state()["recipe"])


def test_a_typing_error_is_mended_and_said(browser: Any) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        put(factories.source(title="Over huiswerk"), "Een tekst over huiswerk in de klas.")
    html = page(browser, q="huiswekr <b>")
    assert "“huiswekr” komt hier niet voor: we zochten op “huiswerk”." in html
    assert "<mark>huiswerk</mark>" in html
