"""One question, from a teacher's phone to an answer that others find, in a real browser."""

import re
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from brokers.models import User
from evidence import embedding, library, words
from questions import mail
from questions.models import Question
from tests.browser.conftest import Opened

pytestmark = [pytest.mark.browser, pytest.mark.encoder, pytest.mark.django_db(transaction=True)]

QUESTION = "Onthouden leerlingen de stof langer als ik ze elke week een korte quiz geef?"
SHARPENED = "Beklijft leerstof langer door wekelijks te toetsen dan door te herlezen?"
PARAPHRASE = "Blijft kennis beter hangen wanneer kinderen zichzelf overhoren?"
EXPLANATION = "In klassen is dit vaak onderzocht."
ENGLISH = "Does practising retrieval help pupils to remember?"
SHORT = "Ja. Wie een toets maakt, onthoudt meer dan wie de tekst nog eens leest."
SOURCE = {
    "type": "article-journal",
    "title": "Retrieval Practice Consistently Benefits Student Learning: a Systematic "
    "Review of Applied Research in Schools and Classrooms",
    "DOI": "10.1007/s10648-021-09595-9",
    "author": [{"family": "Agarwal", "given": "Pooja K."}],
    "issued": {"date-parts": [[2021]]},
    "container-title": "Educational Psychology Review",
}


def newest_link(folder: Path, kind: str) -> str:
    """The path in the newest letter that holds a link to `kind`, after sending what is due."""
    mail.deliver()
    links = []
    for file in sorted(folder.glob("*.eml"), key=lambda one: one.stat().st_mtime_ns):
        text = message_from_bytes(file.read_bytes(), policy=policy.default).get_body(("plain",))
        links += re.findall(rf"https?://[^/]+(/\S*{kind}/\S+)", text.get_content() if text else "")
    assert links, f"no letter with a link to {kind}"
    return links[-1]


def move(page: Page, name: str, **fields: str) -> None:
    """Take the step `name` on a case page, filling its fields."""
    form = page.locator(f"form[action$='/do/{name}']")
    details = form.locator("xpath=ancestor::details")
    if details.count() and details.get_attribute("open") is None:
        details.locator("summary").click()
    for field, value in fields.items():
        box = form.locator(f"[name={field}]")
        if box.first.get_attribute("type") == "radio":
            form.locator(f"[name={field}][value={value}]").check()
        elif box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
    form.locator("button").last.click()
    page.wait_for_load_state()
    assert page.locator("[role=alert]").count() == 0, page.locator("[role=alert]").first.inner_text()


def ask(page: Page) -> None:
    """Through the four steps of asking, on a phone."""
    page.goto("/")
    page.locator("a[href='/ask']").first.click()
    page.fill("[name=text]", QUESTION)
    with page.expect_navigation():
        page.click("button[value=suggestions]:not(.first)")
    if page.locator("input[name=at][value=suggestions]").count():
        with page.expect_navigation():
            page.click("button[value=why]:not(.first)")
    page.fill("[name=context]", "Brugklas, geschiedenis.")
    with page.expect_navigation():
        page.click("button[value=you]:not(.first)")
    page.select_option("[name=sector]", "vo")
    page.select_option("[name=role]", "teacher")
    page.fill("[name=email]", "lerares@school.example")
    with page.expect_navigation():
        page.click("button[value=check]:not(.first)")
    expect(page.locator("dl.check")).to_contain_text(QUESTION)
    while "/ask/sent" not in page.url:  # quick as a machine: it asks to read once more
        with page.expect_navigation():
            page.click("button[value=send]:not(.first)")
    assert page.url.endswith("/ask/sent")


def test_a_question_goes_all_the_way_and_is_found_by_meaning(
    opened: Opened, real_encoder: None, mail_dir: Path, coordinator: User, broker: User, reviewer: User, editor: User
) -> None:
    source = library.put_source(SOURCE)
    teacher = opened(width=320)
    ask(teacher)
    teacher.goto(newest_link(mail_dir, "confirm"))
    teacher.locator("main form button").click()
    teacher.wait_for_url("**/track/**")
    track = teacher.url
    question = Question.objects.get()
    case = f"/desk/cases/{question.pk}"

    page = opened(coordinator)
    page.goto(case)
    move(page, "triage", track="short")

    work = opened(broker)
    work.goto("/desk?tab=unclaimed")
    work.locator("form[action$='/do/claim'] button").first.click()
    work.goto(case)
    move(work, "propose", articulated=SHARPENED, for_whom="leerlingen in de onderbouw")

    teacher.goto(track)
    expect(teacher.locator("#agree")).to_contain_text(SHARPENED)
    teacher.locator("#agree form button").click()
    teacher.wait_for_load_state()
    assert teacher.locator("#agree").count() == 0

    write_answer(work, case, source)
    work.goto(case)
    move(work, "submit")

    judge = opened(reviewer)
    judge.goto(case)
    move(judge, "approve", kind="all")

    work.goto(case)
    move(work, "answer")
    teacher.goto(track)
    expect(teacher.locator("#answer")).to_contain_text(SHORT)  # the asker reads it first
    assert opened().goto(f"/answers/{question.number}").status == 404

    chief = opened(editor)
    chief.goto(case)
    move(chief, "publish")
    embedding.embed_all()
    finds(opened(), question.number)
    assert set(Question.objects.get().events.values_list("name", flat=True)) >= {
        "ask",
        "confirm",
        "triage",
        "claim",
        "propose",
        "agree",
        "write",
        "answer_submit",
        "answer_approve",
        "answer",
        "publish",
    }


def write_answer(work: Page, case: str, source: Any) -> None:
    work.goto(case)
    form = work.locator("#answer-form")
    form.locator("[name=short_answer]").fill(SHORT)
    form.locator("[name=explanation]").fill(f"{EXPLANATION} [@{source.key}]")
    form.locator("[name=strength]").select_option("strong")
    if not form.locator(".citation").count():
        form.locator("button[value=add]").click()
        work.wait_for_load_state()
    form = work.locator("#answer-form")
    form.locator(".citation [name$=source]").first.fill(source.key)
    form.locator(".citation [name$=claim]").first.fill("Wie een toets maakt, onthoudt meer.")
    form.locator(".actions button[value=save]").click()
    work.wait_for_load_state()
    assert work.locator("[role=alert]").count() == 0


def finds(visitor: Page, number: int) -> None:
    """A visitor finds the answer with words it does not contain, and in English."""
    said = set(words.query_terms(" ".join([QUESTION, SHARPENED, SHORT, EXPLANATION])))
    assert not said & set(words.query_terms(PARAPHRASE))
    for asked in (PARAPHRASE, ENGLISH):
        visitor.goto("/")
        visitor.fill("[name=q]", asked)
        visitor.keyboard.press("Enter")
        visitor.wait_for_url("**/search?**")
        found = visitor.locator(f"main ol li a[href*='/answers/{number}/']")
        assert found.count() > 0, asked
    found.first.click()
    expect(visitor.locator("main")).to_contain_text(SHORT)
