"""Three questions to their end by keyboard alone: one is answered, one is referred and one is merged.

Two brokers, a coordinator, a reviewer and an editor do it, and the three who asked. No mouse anywhere.
"""

import re
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from brokers.models import User
from questions import ledger, mail
from questions.models import Question
from questions.states import State, VersionState
from tests import factories
from tests.browser.conftest import Opened
from tests.browser.hands import Hands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ANSWERED = "Helpt een woordmuur in de klas kleuters om hun woordenschat uit te breiden?"
MERGED = "Breidt een woordmuur in de klas de woordenschat van kleuters uit?"
REFERRED = "Heeft dagelijks stillezen zin voor het begrijpend lezen van leerlingen in groep 6?"
SHARPENED = "Vergroot dagelijks oefenen met een woordmuur de woordenschat van kleuters?"
SHORT = "Ja, als de leerkracht de woorden elke dag gebruikt."
EXPLANATION = "Kleuters leerden meer woorden "
REMARK = "Voor welke kleuters geldt dit?"
ADDED = " Dat gold voor kleuters van vier en vijf jaar."


@pytest.fixture(autouse=True)
def words_only(settings: Any) -> None:
    settings.EMBEDDING_MODEL = "none"


def test_three_questions_come_to_their_end_without_a_mouse(
    opened: Opened, mail_dir: Path, coordinator: User, broker: User, second_broker: User, reviewer: User, editor: User
) -> None:
    source = factories.source(title="Een woordmuur in de klas en de woordenschat van kleuters")
    factories.source(title="Een woordmuur voor groep 3")
    known = factories.public_answer()
    first, second, third = (factories.submitted(text=text) for text in (ANSWERED, REFERRED, MERGED))

    triage(Hands(opened(width=1280)), coordinator, known.number, [first, second, third])
    assert factories.reload(second).state == State.REFERRED
    assert factories.reload(third).merged_into == first
    says_it_helped(Hands(opened(width=320)), newest_link_to(second, mail_dir))

    one, other = Hands(opened()), Hands(opened())
    claim_and_hand_over(one, broker, second_broker, first)
    propose(other, second_broker, first)
    agree(Hands(opened(width=320)), newest_link_to(first, mail_dir))
    assert factories.reload(first).articulated == SHARPENED
    research(other, first, source.key)
    write(other, source.key)
    plain_step(other, "submit")

    judge = Hands(opened())
    asks_for_changes(judge, reviewer, first)
    settles(other, first)
    approves(judge, first)
    open_case(other, first)
    step(other, "move-answer")
    assert factories.reload(first).state == State.ANSWERED
    told = len(letters_to(third, mail_dir))
    publish(Hands(opened()), editor, first)
    assert len(letters_to(third, mail_dir)) > told, "who asked the same hears of it"
    ends_well(Hands(opened(width=320)), first, third, mail_dir)


# --- Getting about ---------------------------------------------------------------------------------


def letters_to(question: Question, folder: Path) -> list[str]:
    """The words of the letters to the asker of this question, the newest last, after sending what is due."""
    mail.deliver()
    address = factories.asker(question).asker.email
    letters = [message_from_bytes(one.read_bytes(), policy=policy.default) for one in in_order(folder)]
    return [one.get_body(("plain",)).get_content() for one in letters if address in one["To"]]


def newest_link_to(question: Question, folder: Path) -> str:
    links = re.findall(r"https?://[^/]+(/track/\S+)", "\n".join(letters_to(question, folder)))
    assert links, question
    return str(links[-1])


def in_order(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.eml"), key=lambda one: one.stat().st_mtime_ns)


def find(hands: Hands, question: Question) -> None:
    """Down the queue by its keys, to the link of the case."""
    for _n in range(10):
        hands.press("j")
        if hands.is_at(f"h2 a[href='/desk/cases/{question.pk}']"):
            return
    raise AssertionError((hands.page.url, question))


def open_case(hands: Hands, question: Question, tab: str = "mine") -> None:
    """From anywhere in a case: to the queue, its view, and the case."""
    hands.jump("steps")
    hands.back_to(".breadcrumb a[href='/desk']")
    hands.go()
    hands.go_to(f"nav.tabs a[href$='tab={tab}']")
    find(hands, question)
    hands.go()


def step(hands: Hands, name: str, **typed: str) -> None:
    """A step of the case with its fields, in their order."""
    hands.jump("steps")
    hands.unfold(f"#{name} > summary")
    for field, value in typed.items():
        hands.fill(field, value)
    hands.go_to(f"#{name} button[type=submit]")


def plain_step(hands: Hands, name: str) -> None:
    """A step that asks for nothing."""
    hands.jump("steps")
    hands.go_to(f"form[action$='/do/{name}'] button")
    hands.is_done()


# --- The coordinator -------------------------------------------------------------------------------


def triage(hands: Hands, coordinator: User, known: int, questions: list[Question]) -> None:
    first, second, third = questions
    hands.start("/desk?tab=open", coordinator)
    find(hands, first)
    hands.go_to(f"a[href$='/{first.pk}/triage']")
    expect(hands.page.locator("h1")).to_be_focused()
    accept(hands)
    hands.go_to(f"a.button[href$='/{second.pk}/triage']")
    refer(hands, known)
    hands.go_to(f"a.button[href$='/{third.pk}/triage']")
    merge(hands, first)


def accept(hands: Hands) -> None:
    """Every criterion is met; the full track."""
    rows = hands.page.locator("fieldset.checking").all()
    assert rows
    for row in rows:
        key = row.get_attribute("id").removeprefix("check-")
        hands.choose(f"verdict-{key}", "yes")
    hands.unfold("#triage > summary")
    hands.select("triage-track", "full")
    hands.go_to("button[value='send:triage']")
    hands.is_done()


def refer(hands: Hands, known: int) -> None:
    hands.tab_to(f"button[value='put:refer:answer:{known}']")
    hands.press("Enter")
    expect(hands.page.locator("#o-refer-answer")).to_be_focused()
    expect(hands.page.locator("#o-refer-answer")).to_have_value(str(known))
    hands.go_to("button[value='look:refer']")
    hands.is_refused()  # there is no note yet
    hands.page.keyboard.type("Dit gaat over precies wat je vraagt.")
    hands.go_to("button[value='look:refer']")
    expect(hands.page.locator("#letters-head")).to_be_focused()
    expect(hands.page.locator("pre.letter").first).to_contain_text("precies wat je vraagt")
    hands.go_to("button[value='send:refer']")
    hands.is_done()


def merge(hands: Hands, into: Question) -> None:
    hands.tab_to(f"button[value='put:merge:into:{into.number}']")
    hands.press("Enter")
    expect(hands.page.locator("#o-merge-into")).to_be_focused()
    hands.fill("merge-why", "Dezelfde vraag in andere woorden.")
    hands.go_to("button[value='look:merge']")
    expect(hands.page.locator("#letters-head")).to_be_focused()
    hands.go_to("button[value='send:merge']")
    hands.is_done()


def says_it_helped(hands: Hands, link: str) -> None:
    hands.start(link)
    hands.tab_to("#respond p a")  # what was sent can be read
    hands.choose("verdict", "answered")
    hands.go_to("#respond form button")
    hands.is_done()


# --- Two brokers -----------------------------------------------------------------------------------


def claim_and_hand_over(hands: Hands, broker: User, other: User, question: Question) -> None:
    hands.start("/desk?tab=unclaimed", broker)
    find(hands, question)
    hands.go("c")
    assert factories.reload(question).assignee == broker
    hands.is_done()
    hands.jump("steps")
    hands.unfold("#move-transfer > summary")
    hands.choose("broker", other.email)
    hands.go_to("#move-transfer button[type=submit]")
    hands.is_refused()  # nobody gets a case without a reason
    hands.page.keyboard.type("Bente weet meer van taal.")
    hands.go_to("#move-transfer button[type=submit]")
    hands.is_done()
    assert factories.reload(question).assignee == other


def propose(hands: Hands, broker: User, question: Question) -> None:
    hands.start("/desk", broker)
    find(hands, question)
    hands.go()
    step(hands, "move-propose", articulated=SHARPENED, for_whom="kleuters", outcome="woordenschat")
    hands.is_done()


def agree(hands: Hands, link: str) -> None:
    hands.start(link)
    hands.tab_to("#agree [name=keep_private]")
    hands.go_to("#agree form button")
    hands.is_done()


def research(hands: Hands, question: Question, key: str) -> None:
    """The search written down by one press, the source into the ledger, and judged there."""
    open_case(hands, question)
    hands.jump("found")
    hands.go_to("form[action$='/searches/found'] button")
    hands.is_done()
    assert question.searches.get().terms
    hands.jump("found")
    hands.tab_to(f"form:has(input[name=source][value='{key}']) button")
    hands.go()
    hands.is_done()
    hands.go_to("#ledger a[href*='entry=']")
    hands.select("state", "kept")
    hands.select("design", "other")
    hands.fill("design_other", "gerandomiseerd experiment")
    hands.select("direction", "positive")
    hands.select("fit", "same")
    hands.go_to(".judging button")
    hands.is_done()
    assert (question.ledger.get().state, question.ledger.get().design) == ("kept", "rct")
    proposed = ledger.proposal(question)
    assert (proposed.strength, proposed.direction, proposed.rules) == ("limited", "positive", ("limited",))


def write(hands: Hands, key: str) -> None:
    """The text with a source from the list, the strength that the ledger bears out, and saved on the way."""
    hands.jump("answer")
    hands.fill("short_answer", SHORT)
    hands.fill("explanation", f"{EXPLANATION}[@woordm")
    rows = hands.page.locator("#sources-to-choose li")
    expect(rows).to_have_count(2)
    while rows.locator("xpath=self::*[@aria-selected='true']").get_attribute("data-key") == key:
        hands.press("ArrowDown")
    hands.press("ArrowUp", "Enter")
    assert hands.typed() == f"{EXPLANATION}[@{key}]"
    hands.page.keyboard.type(".jk?x/c")  # no key of the queue does anything here
    hands.press(*["Backspace"] * 6)
    hands.go("Control+s")
    hands.is_done()
    expect(hands.page.locator("[name=explanation]")).to_be_focused()  # one writes on where one was
    assert hands.typed() == f"{EXPLANATION}[@{key}]."
    hands.jump("ledger")
    hands.go_to("#bears-out button[value^='grade:']")
    expect(hands.page.locator("#answer-strength")).to_be_focused()
    hands.go_to("button[value=add-expert]")
    expect(hands.page.locator("[name=expert-0-name]")).to_be_focused()
    hands.go_to("button[value='drop-expert:0']")
    expect(hands.page.locator("button[value=add-expert]")).to_be_focused()
    hands.go_to("#save")
    hands.is_done()
    expect(hands.page.locator("#save")).to_be_focused()


# --- The reviewer and the editor -------------------------------------------------------------------


def asks_for_changes(hands: Hands, reviewer: User, question: Question) -> None:
    """A remark at the explanation, and the case goes back for it."""
    hands.start("/desk?tab=review", reviewer)
    find(hands, question)
    hands.go()
    hands.jump("review")
    hands.unfold("details.here:has(input[name=field][value=explanation]) > summary")
    hands.go_to("details.here[open] button")
    expect(hands.page.locator("#problem")).to_be_focused()  # an empty remark is none
    hands.is_refused()
    hands.page.keyboard.type(REMARK)
    hands.go_to("details.here[open] button")
    hands.is_done()
    hands.jump("steps")
    hands.unfold("#answer-move-request_changes > summary")
    hands.choose("kind", "content")
    hands.fill("remarks", "Zie mijn opmerking bij de uitleg.")
    hands.go_to("#answer-move-request_changes button[type=submit]")
    hands.is_done()
    assert factories.working(question).state == VersionState.DRAFT


def settles(hands: Hands, question: Question) -> None:
    """The broker does what was asked, says so, and sends it to review again."""
    open_case(hands, question)
    hands.jump("review")
    hands.follow("nav.waiting a")
    hands.unfold(".remark summary")
    hands.choose("outcome", "done")
    hands.go_to(".remark details[open] button")
    hands.is_done()
    hands.jump("answer")
    hands.fill("explanation", ADDED)
    hands.go("Control+s")
    hands.is_done()
    plain_step(hands, "submit")


def approves(hands: Hands, question: Question) -> None:
    """Kind by kind: content with its checklist, then all that is left."""
    open_case(hands, question, "review")
    hands.jump("review")
    hands.follow("#review a[href='#answer-move-approve']")
    hands.choose("kind", "content")
    hands.tab_to("[name=checked][value='content.claims']")
    hands.press("Space")
    hands.go_to("#answer-move-approve button")
    hands.is_done()
    assert factories.working(question).state == VersionState.IN_REVIEW
    hands.jump("steps")
    hands.unfold("#answer-move-approve > summary")
    hands.choose("kind", "all")
    hands.go_to("#answer-move-approve button[type=submit]")
    hands.is_done()
    assert factories.working(question).state == VersionState.APPROVED


def publish(hands: Hands, editor: User, question: Question) -> None:
    hands.start("/desk?tab=publish", editor)
    find(hands, question)
    hands.go()
    plain_step(hands, "publish")


# --- How it ends -----------------------------------------------------------------------------------


def ends_well(hands: Hands, first: Question, third: Question, mail_dir: Path) -> None:
    """Who asked the same is told, comes to the answer by their own page, and everybody can read it."""
    assert factories.reload(first).state == State.PUBLISHED
    assert factories.reload(third).state == State.MERGED
    hands.start(newest_link_to(third, mail_dir))
    hands.go_to("main a[href*='/answers/'], main a.button")
    if "/track/" in hands.page.url:
        hands.go_to("#answer a[href*='/answers/']")
    expect(hands.page.locator("h1")).to_have_text(SHARPENED)
    expect(hands.page.locator(".short")).to_contain_text(SHORT)
    expect(hands.page.locator("main")).to_contain_text(ADDED.strip())
    hands.tab_to("#feedback [name=helpful]")
