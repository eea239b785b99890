"""A new person finds an answer; another asks, confirms, agrees, reads and says what it was worth.

On a phone and on a desk, with scripts and without, in Dutch and in English.
"""

import itertools
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from questions.models import Question
from tests import factories
from tests.browser.conftest import Opened
from tests.browser.test_asking import go_on, send
from tests.browser.test_journey import newest_link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.thorough]

WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "text": "Onthouden leerlingen de stof langer met elke week een korte quiz?",
        "context": "Brugklas, geschiedenis.",
        "sharpened": "Beklijft leerstof langer door wekelijks te toetsen dan door te herlezen?",
        "amended": "Beklijft leerstof in de brugklas langer door wekelijks te toetsen dan door te herlezen?",
        "short": "Ja. Wie een toets maakt, onthoudt meer dan wie de tekst nog eens leest.",
        "query": "leerstof wekelijks toetsen",
        "nothing": "zonnepanelen",
        "turn": "Jij bent aan de beurt.",
        "thanks": "Bedankt",
    },
    "en": {
        "text": "Do pupils remember more when I give them a short quiz every week?",
        "context": "First year, history.",
        "sharpened": "Does weekly testing make pupils remember more than reading again?",
        "amended": "Does weekly testing make pupils of twelve remember more than reading again?",
        "short": "Yes. Whoever takes a test remembers more than who reads the text again.",
        "query": "weekly testing pupils",
        "nothing": "volcanoes",
        "turn": "It is your turn.",
        "thanks": "Thank you",
    },
}
# Each width, language, and with and without scripts, once; EVERY_WAY=1 (`make pages`) goes all eight ways.
EVERY = list(itertools.product((320, 1280), (True, False), ("nl", "en")))
WAYS = EVERY if os.environ.get("EVERY_WAY") else [(320, True, "nl"), (1280, False, "en")]
NAMES = [f"{width}-{'script' if script else 'plain'}-{language}" for width, script, language in WAYS]
every_way = pytest.mark.parametrize(("width", "script", "language"), WAYS, ids=NAMES)


@pytest.fixture(autouse=True)
def words_only(settings: Any) -> None:
    settings.EMBEDDING_MODEL = "none"


def visit(opened: Opened, width: int, script: bool, language: str) -> Page:
    """A new person at the start page, in their language; the rest goes by what the pages offer."""
    page = opened(width=width, script=script, language="nl-NL" if language == "nl" else "en-GB")
    page.goto("/")
    if language == "en":
        click(page, ".languages a[hreflang=en]")
    return page


def click(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def holds(page: Page, language: str) -> None:
    """What each page of a journey keeps to: the language, the width, one heading."""
    assert page.locator("html").get_attribute("lang") == language, page.url
    assert page.locator("h1").count() == 1, page.url
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, (page.url, wide)


def find(page: Page, language: str, number: int, title: str) -> None:
    """Somebody new: first nothing is found and asking offered with the same words, then the answer."""
    said = WORDS[language]
    holds(page, language)
    page.fill("main [name=q]", said["nothing"])
    click(page, "main form[role=search] button")
    holds(page, language)
    assert page.locator("main ol.hits").count() == 0, "nothing is made up"
    click(page, "form.askthis button")
    assert page.input_value("[name=text]") == said["nothing"], "asking takes the words along"
    page.go_back()
    page.fill("main [name=q]", said["query"])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    holds(page, language)
    click(page, f"ol.hits a[href*='/answers/{number}/']")
    holds(page, language)
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator(".short")).to_contain_text(said["short"])
    expect(page.locator(".sure").first).to_be_visible()
    page.locator("#feedback [name=helpful][value=yes]").check()
    click(page, "#feedback button")
    expect(page.locator("[role=status]").first).to_contain_text(said["thanks"])


def give(question: Question, desk: factories.Desk, said: dict[str, str]) -> None:
    """What the desk does between the agreement and the answer."""
    factories.write(question, desk.broker, short_answer=said["short"])
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    factories.move(factories.reload(question), "answer", desk.broker)


@every_way
def test_one_person_asks_confirms_agrees_and_reads_and_a_new_one_finds_the_answer(
    opened: Opened, mail_dir: Path, width: int, script: bool, language: str
) -> None:
    said, desk = WORDS[language], factories.Desk()
    page = visit(opened, width, script, language)
    ask(page, language)
    expect(page.locator("h1")).to_be_visible()
    assert not Question.objects.confirmed().exists()

    page.goto(newest_link(mail_dir, "confirm"))
    holds(page, language)
    click(page, "main form button")
    holds(page, language)
    question = Question.objects.get()
    assert (question.number, question.language) == (question.number or 0, language)

    factories.move(question, "triage", desk.coordinator, track="full")
    factories.move(factories.reload(question), "claim", desk.broker)
    factories.move(factories.reload(question), "propose", desk.broker, articulated=said["sharpened"])
    page.goto(newest_link(mail_dir, "track"))
    words = decide(page, language, amend=width == 320)
    question = factories.reload(question)
    assert question.articulated == words

    give(question, desk, said)
    page.goto(newest_link(mail_dir, "track"))
    holds(page, language)
    expect(page.locator("#answer")).to_contain_text(said["short"])
    number = factories.item(question).number
    assert opened().goto(f"/answers/{number}").status == 404, "the asker reads it first"
    verdict = {320: "answered", 1280: "partly"}[width] if script else "no"
    respond(page, verdict)
    holds(page, language)
    assert factories.asker(question).verdict == verdict
    factories.move(factories.reload(question), "publish", desk.editor)
    page.goto(newest_link(mail_dir, "track"))
    click(page, f"#answer a[href*='/answers/{number}']")
    expect(page.locator("h1")).to_have_text(words)
    find(visit(opened, width, script, language), language, number, words)


def ask(page: Page, language: str) -> None:
    said = WORDS[language]
    click(page, ".bar a[href$='/ask']")
    holds(page, language)
    page.fill("[name=text]", said["text"])
    go_on(page, "suggestions")
    holds(page, language)
    page.fill("[name=context]", said["context"])
    go_on(page, "you")
    holds(page, language)
    page.select_option("[name=sector]", "vo")
    page.select_option("[name=role]", "teacher")
    page.fill("[name=email]", "lerares@school.example")
    go_on(page, "check")
    holds(page, language)
    expect(page.locator("dl.check")).to_contain_text(said["text"])
    expect(page.locator("dl.check")).to_contain_text(said["context"])
    send(page)
    holds(page, language)


def decide(page: Page, language: str, *, amend: bool) -> str:
    """Agree with the sharpened question, or with better words; the words that hold."""
    said = WORDS[language]
    holds(page, language)
    expect(page.locator(".status h2")).to_have_text(said["turn"])
    expect(page.locator("#agree")).to_contain_text(said["sharpened"])
    if amend:
        page.fill("#agree [name=articulated]", said["amended"])
    click(page, "#agree form button")
    expect(page.locator("#agree")).to_have_count(0)
    return said["amended" if amend else "sharpened"]


def respond(page: Page, verdict: str) -> None:
    page.locator(f"#helps [name=verdict][value={verdict}]").check()
    if verdict != "answered":
        page.fill("#helps [name=why]", "?")
    click(page, "#helps form button")
    expect(page.locator("#helps")).to_have_count(0)
