"""What search engines, reference managers and feed readers get: the public, how sure it is, and nothing else."""

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from evidence.models import Theme
from tests import factories
from tests.factories import answer_url, public_answer
from tests.questions.test_what_changed import publish

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}
HOSTILE = "</script><script>alert(1)</script> & \N{LEFT DOUBLE QUOTATION MARK}wat\x08"


def head(html: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, content in re.findall(r'<meta name="([^"]+)" content="([^"]*)">', html):
        found.setdefault(name, []).append(content)
    return found


def linked(html: str) -> dict[str, Any]:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return dict(json.loads(text))


def entries(response: Any) -> list[dict[str, str]]:
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(response.content)
    return [
        {name: one.findtext(f"a:{name}", "", ATOM) for name in ("id", "title", "summary", "updated")}
        | {"link": one.find("a:link", ATOM).attrib["href"]}  # type: ignore[union-attr]
        for one in root.findall("a:entry", ATOM)
    ]


def test_an_answer_is_an_article_about_a_question_and_no_page_where_visitors_answer(browser: Any) -> None:
    source = factories.source(DOI="10.1234/abc")
    item = public_answer(citations=[{"source": source.key, "claim": "het helpt"}])
    made = linked(browser().get(answer_url(item)).content.decode())
    assert made["@type"] == "Article"
    assert made["headline"] == item.title
    assert made["mainEntity"]["@type"] == "Question"
    assert made["mainEntity"]["acceptedAnswer"]["url"].endswith(answer_url(item))
    assert [one["url"] for one in made["citation"]] == ["https://doi.org/10.1234/abc"]
    assert made["datePublished"] == made["dateModified"]


def test_what_we_do_not_know_is_said_in_every_form(browser: Any) -> None:
    item = public_answer(gap="Niemand keek naar het mbo.", strength="insufficient", direction="", citations=[])
    html = browser().get(answer_url(item)).content.decode()
    feed = browser().get("/search/feed")
    texts = [linked(html)["mainEntity"]["acceptedAnswer"]["text"], *head(html)["description"]]
    for text in [*texts, entries(feed)[0]["summary"]]:
        assert "te weinig onderzoek" in text
        assert "niet hetzelfde" in text


def test_reference_managers_find_title_date_and_address(browser: Any) -> None:
    item = public_answer()
    found = head(browser().get(answer_url(item)).content.decode())
    date = item.shown().published_at
    assert found["citation_title"] == found["DC.title"] == [item.title]
    assert found["citation_publication_date"] == [f"{date:%Y/%m/%d}"]
    assert found["DC.identifier"][0].endswith(answer_url(item))


def test_nobody_of_the_desk_is_named_as_author(browser: Any) -> None:
    html = browser().get(answer_url(public_answer())).content.decode()
    names = [linked(html)["author"]["name"], *head(html)["citation_author"], *head(html)["DC.creator"]]
    assert set(names) == {"Rotonde"}


def test_text_cannot_leave_the_place_it_stands_in(browser: Any) -> None:
    item = public_answer(short_answer=f"Ja. {HOSTILE}")
    html = browser().get(answer_url(item)).content.decode()
    assert "<script>alert" not in html
    assert "</script><script>alert(1)</script> &" in linked(html)["mainEntity"]["acceptedAnswer"]["text"]
    assert "alert(1)" in entries(browser().get("/search/feed"))[0]["summary"]


def test_a_retracted_answer_is_no_article_and_in_no_feed(browser: Any) -> None:
    item = factories.item(factories.retracted())
    html = browser().get(answer_url(item)).content.decode()
    assert "ld+json" not in html
    assert "citation_title" not in head(html)
    assert entries(browser().get("/search/feed")) == []


def test_a_new_version_is_an_entry_of_its_own_unless_it_only_mended_the_language(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.published(desk)
    first = entries(browser().get("/search/feed"))
    publish(desk, question, significance="typo", change_note="")
    mended = entries(browser().get("/search/feed"))
    assert [(one["id"], one["updated"]) for one in mended] == [(one["id"], one["updated"]) for one in first]
    publish(desk, question, significance="conclusion", change_note="Het helpt minder dan gedacht.")
    (changed,) = entries(browser().get("/search/feed"))
    assert changed["id"] == factories.item(question).shown().pk.urn != first[0]["id"]
    assert changed["updated"] > first[0]["updated"]


def test_a_search_can_be_followed_with_its_filters(browser: Any) -> None:
    item = public_answer()
    word = item.title.split()[-1].strip("?.")
    page = browser().get("/search", {"q": word, "sector": "po"}).content.decode()
    (address,) = set(re.findall(r'href="(/search/feed[^"]+)"', page))
    found = entries(browser().get(address.replace("&amp;", "&")))
    assert [one["title"] for one in found] == [item.title]
    assert found[0]["link"].endswith(answer_url(item))
    assert found[0]["id"] == item.shown().pk.urn
    assert entries(browser().get("/search/feed", {"q": word, "sector": "mbo"})) == []


@pytest.mark.parametrize(
    "query", [HOSTILE, "\x00", "\x08" * 9, "a" * 9_000, "a\x0bb\x1c", "\uffff\ufffe", "zzzzqqq", "'\"<>&"]
)
def test_a_feed_is_well_formed_whatever_was_looked_for(browser: Any, query: str) -> None:
    public_answer()
    entries(browser().get("/search/feed", {"q": query}))


def test_a_feed_may_be_kept_a_while_and_its_entries_are_in_the_language_of_its_address(browser: Any) -> None:
    item = public_answer(strength="insufficient", direction="", citations=[], gap="Niets bekend.")
    response = browser().get("/en/search/feed")
    assert "max-age=900" in response["Cache-Control"]
    (found,) = entries(response)
    assert "too little research" in found["summary"]
    assert found["link"].endswith(f"/en{answer_url(item)}")


def test_pages_in_two_languages_name_each_other(browser: Any) -> None:
    item = public_answer()
    html = browser().get(f"/en{answer_url(item)}").content.decode()
    found = dict(re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)">', html))
    assert found["nl"].endswith(answer_url(item))
    assert found["en"].endswith(f"/en{answer_url(item)}")
    assert f'<link rel="canonical" href="{found["en"]}">' in html


def test_the_sitemap_leads_to_the_themes_too(browser: Any) -> None:
    Theme.objects.create(slug="lezen", label_nl="Lezen")
    assert "/themes/lezen<" in browser().get("/sitemap.xml").content.decode()
