"""Whatever somebody types is shown as text and never runs."""

import re
import time
from typing import Any

import pytest
from django.core import signing

from frontend import prose
from frontend.draft import SALT
from questions import dialogue, searchlog
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>{{ 7919*7907 }}"


def is_harmless(html: str) -> bool:
    """No tag of the hostile text has become a tag of the page, and no template of it was run."""
    script = r"<script(?! src=\"/static/| type=\"application/ld\+json\">[^<]*</script>)"
    drawing = r"<svg(?! class=\"(?:mark|word)\" viewBox=\"[\d. ]+\" width=\"\d+\" height=\"\d+\" aria-hidden=\"true\")"
    return not re.search(rf"{script}|<img src=x|{drawing}|62615533", html)


def test_a_hostile_question_is_harmless_on_every_page(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.assigned(
        desk,
        text=HOSTILE + " een vraag",
        context=HOSTILE,
        tried=HOSTILE,
        on_behalf_of=HOSTILE[:190],
        name=HOSTILE[:140],
    )
    factories.move(question, "propose", desk.broker, articulated=HOSTILE, for_whom=HOSTILE, outcome=HOSTILE)
    factories.move(question, "note_agreement", desk.broker, why=HOSTILE)
    dialogue.say(question, {"body": HOSTILE}, by=desk.broker)
    dialogue.say(question, {"body": HOSTILE}, by=factories.asker(question))
    searchlog.log(question, {"place": HOSTILE[:190], "terms": HOSTILE, "kept": HOSTILE}, by=desk.broker)
    factories.write(
        question,
        desk.broker,
        short_answer=HOSTILE,
        explanation=HOSTILE,
        gap=HOSTILE,
        citations=[{"source": str(factories.source(title=HOSTILE).pk), "claim": HOSTILE, "locator": HOSTILE[:90]}],
    )
    for path in (f"/desk/cases/{question.pk}", "/desk?tab=mine", f"/desk?tab=all&q={HOSTILE}"):
        assert is_harmless(browser(desk.broker).get(path).content.decode()), path
    assert is_harmless(browser().get(f"/track/{factories.asker(question).token}").content.decode())


def test_a_hostile_published_answer_is_harmless(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.proposed(desk)
    factories.move(question, "agree", factories.asker(question), articulated=HOSTILE)
    source = factories.source(title=HOSTILE)
    factories.write(
        question,
        desk.broker,
        short_answer=HOSTILE,
        explanation=f"{HOSTILE} [@{source.key}]",
        gap=HOSTILE,
        citations=[{"source": source.key, "claim": HOSTILE, "locator": HOSTILE[:90]}],
    )
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    factories.move(factories.reload(question), "answer", desk.broker)
    factories.move(factories.reload(question), "publish", desk.editor)
    item = factories.item(question)
    for path in (
        "/",
        f"/answers/{item.number}/{item.slug}",
        f"/sources/{source.key}",
        "/search?q=alert",
        "/sitemap.xml",
        f"/search?q={HOSTILE}",
    ):
        assert is_harmless(browser().get(path).content.decode()), path


@pytest.mark.parametrize("go", ["question", "suggestions", "why", "you", "check", "send"])
def test_a_hostile_form_is_harmless_when_it_comes_back(browser: Any, go: str) -> None:
    fields = "text context tried sector role behalf on_behalf_of email name key read read_sources seen at website"
    data = dict.fromkeys(fields.split(), HOSTILE)
    response = browser().post("/ask", {**data, "stamp": signing.dumps(1.0, salt=SALT), "go": go})
    assert is_harmless(response.content.decode())


@pytest.mark.parametrize(
    "link",
    [
        "[x](//evil.example)",
        "[x](/\\evil.example)",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        "[x](\\\\evil.example)",
        "[x]: //evil.example\n\n[x]",
        "<//evil.example>",
        "<javascript:alert(1)>",
        "[x](vbscript:x)",
        "[x](  //evil.example)",
        "[x](&#x2f;/evil.example)",
    ],
)
def test_links_that_lead_astray_are_no_links(link: str) -> None:
    assert "href" not in prose.html(link)


def test_pictures_from_elsewhere_are_not_loaded() -> None:
    assert "<img" not in prose.html("![x](https://evil.example/pixel.png)")


@pytest.mark.parametrize("link", ["https://doi.org/10.1/x", "mailto:a@school.example", "/answers/1", "#ref-1"])
def test_good_links_are_links(link: str) -> None:
    assert f'href="{link}"' in prose.html(f"[x]({link})")


def test_citations_become_numbered_links_and_unknown_keys_stay_visible() -> None:
    html = prose.html("Zie [@jansen-2020; @peters-2019, p. 4] en [@niemand].", {"jansen-2020": 2, "peters-2019": 1})
    assert 'href="#ref-2"' in html
    assert 'href="#ref-1"' in html
    assert ", p. 4]" in html
    assert "@niemand" in html


def test_headings_fit_below_those_of_the_page() -> None:
    assert prose.html("# Kop").startswith("<h3>")


@pytest.mark.parametrize(
    "nasty",
    [
        "[" * 50_000,
        "*a " * 16_000,
        "> " * 25_000,
        "`" * 50_000,
        "[@" * 25_000,
        "| a " * 12_000,
        "[@a, " * 10_000,
        "- " * 25_000,
        "![" * 25_000,
        "**_" * 16_000,
        "<" * 50_000,
        "a\n" * 25_000,
        "`a" * 25_000,
        "]" * 50_000,
        "[a](" * 12_500,
        "&#x" * 16_000,
        "| a |\n|-|\n" * 4_000,
        "\\" * 50_000,
        "*" * 50_000,
        "~~a" * 16_000,
    ],
)
def test_text_made_to_be_slow_is_not(nasty: str) -> None:
    began = time.perf_counter()
    prose.html(nasty)
    assert time.perf_counter() - began < 5
