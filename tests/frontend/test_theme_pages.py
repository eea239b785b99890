"""The page of a theme: what is said, known, not known, by whom, and how fresh; never what was taken back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from evidence.library import put_source
from evidence.models import Collection, Theme
from questions import introductions
from questions.models import Introduction, Version
from tests import factories
from tests.factories import public_answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme() -> Theme:
    return Theme.objects.create(slug="lezen", label_nl="Lezen", label_en="Reading", scope_nl="Over lezen.")


def within(theme: Theme, **texts: Any) -> Any:
    item = public_answer(**texts)
    item.questions.get().themes.add(theme)
    return item


def page(browser: Any, path: str = "/themes/lezen", user: Any = None) -> str:
    response = browser(user).get(path)
    assert response.status_code == 200
    return str(response.content.decode())


def part(html: str, name: str) -> str:
    found = re.search(rf'<section id="{name}">.*?</section>', html, re.DOTALL)
    return found[0] if found else ""


def test_it_says_what_is_not_known_and_that_this_is_not_no_effect(browser: Any, theme: Theme) -> None:
    gap = within(theme, gap="Niemand keek naar het mbo.", strength="insufficient", direction="", citations=[])
    sure = within(theme)
    html = page(browser)
    assert "Niemand keek naar het mbo." in part(html, "gaps")
    assert "Dat is niet hetzelfde als “het werkt niet”." in part(html, "gaps")
    assert f"/answers/{gap.number}/" in part(html, "gaps")
    assert f"/answers/{sure.number}/" not in part(html, "gaps")
    assert part(html, "answers").count("<li>") == 2


def test_what_was_taken_back_and_what_is_not_published_is_not_there(browser: Any, theme: Theme) -> None:
    for question in (factories.retracted(), factories.answered(), factories.approved()):
        question.themes.add(theme)
    html = page(browser)
    assert "/answers/" not in html
    assert "Er zijn nog geen antwoorden in dit thema." in html


def test_sources_of_a_closed_collection_are_not_there(browser: Any, theme: Theme, editor: Any) -> None:
    closed = Collection.objects.create(slug="secret", name="Geheim", public=False)
    for number, more in enumerate(({}, {"collection": closed}, {"public": False})):
        csl = {"type": "article-journal", "title": f"Bron nummer {number}"}
        put_source(csl, themes=[theme], **more)
    for user in (None, editor):
        assert re.findall(r"Bron nummer \d", part(page(browser, user=user), "sources")) == ["Bron nummer 0"]


def test_people_are_named_only_with_their_consent(browser: Any, theme: Theme) -> None:
    named, silent, gone = (factories.staff("broker", name) for name in ("Naima", "Stille", "Vertrokken"))
    for user in (named, silent, gone):
        user.broker.themes.add(theme)
        user.name_public = user is not silent
        user.is_active = user is not gone
        user.save()
    assert re.findall(r"Naima|Stille|Vertrokken", page(browser)) == ["Naima"]


def test_it_says_how_fresh_it_is(browser: Any, theme: Theme) -> None:
    assert "Nieuwste antwoord" not in page(browser)
    for _n in range(2):
        item = within(theme)
    assert "Geen antwoord is ouder dan twee jaar." in page(browser)
    Version.objects.filter(item=item).update(published_at=timezone.now() - timedelta(days=800))
    assert "1 antwoord is ouder dan twee jaar" in page(browser)


def test_a_long_list_is_turned_page_by_page(browser: Any, theme: Theme) -> None:
    for number in range(23):
        put_source({"type": "article-journal", "title": f"Bron nummer{number:02}"}, themes=[theme])
    first = page(browser)
    assert 'href="/themes/lezen?sources=2#sources" rel="next"' in first
    second = page(browser, "/themes/lezen?sources=2")
    assert len(re.findall(r"Bron nummer\d+", second)) == 3
    assert 'rel="next"' not in second
    assert re.search(r'rel="canonical" href="[^"]+/themes/lezen\?sources=2"', second)


@pytest.mark.parametrize("asked", ["?sources=0", "?sources=99", "?answers=x", "?gaps=²", "?sources=" + "9" * 400])
def test_a_page_that_is_none_is_the_nearest_one(browser: Any, theme: Theme, asked: str) -> None:
    assert "<h1" in page(browser, f"/themes/lezen{asked}")


def test_the_introduction_is_in_the_reader_s_language_and_harmless(browser: Any, theme: Theme, editor: Any) -> None:
    texts = {"text_nl": "**Welkom** <script>alert(1)</script> [x](javascript:alert(1))", "text_en": "Hello *there*"}
    introductions.write(theme, texts, by=editor, expected=0)
    html = page(browser)
    assert "<strong>Welkom</strong>" in html
    assert "<script>alert" not in html
    assert 'href="javascript' not in html
    assert "<em>there</em>" in page(browser, "/en/themes/lezen")


def test_editors_write_it_at_the_desk(browser: Any, theme: Theme, editor: Any) -> None:
    data = {"text_nl": "Lezen leer je door te lezen.", "text_en": "", "read": "0"}
    response = browser(editor).post("/desk/themes/lezen", data)
    assert response.status_code == 302
    assert "Lezen leer je door te lezen." in page(browser)
    shown = page(browser, "/desk/themes/lezen", editor)
    assert 'name="read" value="1"' in shown
    assert "Uitgave 1 door Esra" in shown
    assert "uitgave 1" in page(browser, "/desk/themes", editor)


def test_a_stale_text_comes_back_beside_the_new_one(browser: Any, theme: Theme, editor: Any) -> None:
    introductions.write(theme, {"text_nl": "Van een ander."}, by=editor, expected=0)
    response = browser(editor).post("/desk/themes/lezen", {"text_nl": "Mijn woorden.", "read": "0"})
    html = response.content.decode()
    assert response.status_code == 412
    assert "Mijn woorden.</textarea>" in html
    assert "Van een ander." in html
    assert introductions.current(theme).text_nl == "Van een ander."  # type: ignore[union-attr]


def test_others_of_the_desk_read_it_and_cannot_write(browser: Any, theme: Theme, broker: Any) -> None:
    assert "<textarea" not in page(browser, "/desk/themes/lezen", broker)
    assert browser(broker).post("/desk/themes/lezen", {"text_nl": "x", "read": "0"}).status_code == 403
    assert browser().get("/desk/themes/lezen").status_code == 302
    assert not Introduction.objects.exists()


def test_all_themes_say_how_many_answers_they_have(browser: Any, theme: Theme) -> None:
    within(theme)
    factories.retracted().themes.add(theme)
    html = page(browser, "/themes")
    assert re.search(r'href="/themes/lezen">Lezen</a> <span class="detail">1 antwoord</span>', html)
