"""A search that finds nothing says why and leads on; filters and corrections can be taken back; feeds lead home."""

import re
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import TestCase

from evidence.models import Theme
from tests import factories
from tests.frontend.test_searching import page, put

pytestmark = [pytest.mark.django_db, pytest.mark.words_only]
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def notice(html: str) -> str:
    found = re.search(r'<section class="notice" aria-labelledby="nothing">.*?</section>', html, re.DOTALL)
    return unescape(found[0]) if found else ""


def test_a_desk_without_anything_says_so(browser: Any) -> None:
    assert "Hier is nog niets te vinden" in notice(page(browser, q="lezen"))


def test_nothing_that_fits_is_not_no_research(browser: Any) -> None:
    put(factories.source(title="Lezen"), "lezen")
    said = notice(page(browser, q="zonnepanelenzzz"))
    assert "Dat betekent niet dat er geen onderzoek naar is" in said


def test_each_filter_that_is_too_narrow_can_be_dropped(browser: Any) -> None:
    put(factories.source(title="Lezen"), "lezen", sectors=["po"], year=2001)
    said = notice(page(browser, q="lezen", sector="vo"))
    assert 'href="/search?q=lezen">Zonder “Sector: voortgezet onderwijs (vo)”</a> (1 resultaat)' in said
    said = notice(page(browser, q="lezen", sector="vo", year_from="2020"))
    assert "Zonder “Sector" not in said, "dropping this one alone would find nothing either"
    assert 'href="/search?q=lezen">Zonder enig filter</a> (1 resultaat)' in said


def test_the_words_go_along_to_the_form_for_asking_and_into_no_address(browser: Any) -> None:
    said = notice(page(browser, q="zonnepanelen <b>op het dak</b>", sector="vo"))
    form = re.search(r'<form action="/ask" method="post".*?</form>', said, re.DOTALL)
    assert form
    fields = dict(re.findall(r'<input type="hidden" name="(text|sector)" value="([^"]*)">', form[0]))
    assert fields == {"text": "zonnepanelen <b>op het dak</b>", "sector": "vo"}
    asked = browser().post("/ask", {**fields, "go": "question"}).content.decode()
    assert "zonnepanelen &lt;b&gt;op het dak&lt;/b&gt;</textarea>" in asked
    assert '<input type="hidden" name="sector" value="vo">' in asked


def test_filters_fold_away_and_one_that_is_set_can_be_taken_away(browser: Any) -> None:
    put(factories.source(title="Lezen"), "lezen", sectors=["po"])
    assert '<details class="narrow">' in page(browser, q="lezen")
    html = page(browser, q="lezen", sector="po")
    assert '<details class="narrow">' in html, "filters that are set do not push what was found down"
    assert '<a href="/search?q=lezen">Sector: basisonderwijs (po)' in html


def test_one_can_search_for_what_was_typed_all_the_same(browser: Any) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        put(factories.source(title="Over huiswerk"), "Een tekst over huiswerk in de klas.", sectors=["po"])
    html = page(browser, q="huiswekr", sector="po")
    link = unescape(re.search(r'<a href="([^"]+)" rel="nofollow">Zoek toch', html)[1])  # type: ignore[index]
    assert link == "/search?q=huiswekr&sector=po&typed=1"
    plain = browser().get(link).content.decode()
    assert "<blockquote" not in plain
    assert "zochten op" not in plain


def test_without_words_the_newest_answers_of_the_filters_are_shown(browser: Any) -> None:
    title = factories.item(factories.published()).title
    assert title in page(browser, sector="po")
    assert title not in page(browser, sector="mbo")


@pytest.mark.parametrize(
    "given", [{"q": "lezen & meer", "sector": "po"}, {"theme": "taal"}, {"q": "lezn", "typed": "1"}]
)
def test_a_feed_names_itself_and_the_search_it_belongs_to(browser: Any, given: dict[str, str]) -> None:
    Theme.objects.create(slug="taal", label_nl="Taal")
    response = browser().get("/search/feed", given)
    links = {
        one.get("rel"): one.get("href", "") for one in ElementTree.fromstring(response.content).findall("a:link", ATOM)
    }
    assert links["self"].endswith(response.request["PATH_INFO"] + "?" + links["alternate"].partition("?")[2])
    there = browser().get("/search" + "?" + links["alternate"].partition("?")[2])
    assert there.status_code == 200
    feed = re.search(r'<link rel="alternate" type="application/atom\+xml"[^>]* href="([^"]+)"', there.content.decode())
    assert feed
    assert links["self"].endswith(unescape(feed[1]))
