"""On paper, in colours of one's own, with a keyboard, and at 400 %: nothing is lost and nothing misread."""

from typing import Any

import pytest
from playwright.sync_api import Page

from frontend.pages.certainty import FOUND
from questions.states import Direction
from tests import factories
from tests.browser.conftest import Opened
from tests.factories import answer_url, public_answer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.thorough]

DOI = "10.1234/abc"
# The outline of what has the focus, or what is wrong with it.
FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return [one.outerHTML.slice(0, 80), one === document.body, shown, box.width >= 24 && box.height >= 24];
}"""


@pytest.fixture
def answers() -> tuple[str, str]:
    """Addresses of an answer that found no effect, and of one for which there is too little research."""
    source = factories.source(DOI=DOI)
    cited = {"explanation": f"Niets gevonden [@{source.key}].", "citations": [{"source": source.key, "claim": "geen"}]}
    none = public_answer(strength="strong", direction="none", **cited)
    unknown = public_answer(gap="Niemand keek ernaar.", strength="insufficient", direction="", citations=[])
    return answer_url(none), answer_url(unknown)


def border(page: Page, address: str) -> str:
    page.goto(address)
    return str(page.evaluate("getComputedStyle(document.querySelector('.sure')).borderTopStyle"))


@pytest.mark.parametrize("way", [{"media": "print"}, {"forced_colors": "active"}, {"media": "screen"}], ids=str)
def test_too_little_research_has_a_shape_of_its_own(opened: Opened, answers: tuple[str, str], way: Any) -> None:
    page = opened()
    page.emulate_media(**way)
    none, unknown = (border(page, address) for address in answers)
    assert (none, unknown) == ("solid", "dashed")
    assert page.locator(".sure .sign").inner_text() == "?"


def test_paper_shows_the_answer_and_where_its_sources_are(opened: Opened, answers: tuple[str, str]) -> None:
    page = opened()
    page.goto(answers[0])
    page.emulate_media(media="print")
    for gone in (".bar", ".languages", "footer", "#feedback", ".breadcrumb", ".skip"):
        assert not page.locator(gone).is_visible(), gone
    assert page.locator(".short").is_visible()
    assert page.get_by_text(f"https://doi.org/{DOI}").first.is_visible()
    assert page.locator(".sure").get_by_text(str(FOUND[Direction.NONE])).is_visible()


def test_forced_colours_keep_the_frames_of_what_is_said_apart(opened: Opened) -> None:
    page = opened()
    page.emulate_media(forced_colors="active")
    page.goto("/search?q=zonnepanelen")
    assert page.evaluate("getComputedStyle(document.querySelector('main .notice')).borderTopStyle") == "solid"


def test_less_movement_is_respected(opened: Opened) -> None:
    page = opened()
    page.emulate_media(reduced_motion="reduce")
    page.goto("/")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


@pytest.mark.parametrize("width", [320, 1280])
def test_the_keyboard_shows_where_it_is_on_everything_it_reaches(
    opened: Opened, answers: tuple[str, str], width: int
) -> None:
    page, wrong = opened(width=width), []
    for address in ("/", "/ask", "/search?q=effect&sector=po", answers[0]):
        page.goto(address)
        reached = 0
        for _ in range(60):
            page.keyboard.press("Tab")
            html, is_over, is_shown, is_large = page.evaluate(FOCUS)
            if is_over:
                break
            reached += 1
            if not is_shown or not (is_large or html.startswith(("<a", "<input"))):
                wrong.append((address, html, is_shown, is_large))
        assert reached > 8, address
    assert wrong == []


def test_a_word_without_end_is_broken_at_400_percent(opened: Opened) -> None:
    item = public_answer(short_answer="Leerlingvolgsysteem" * 12)
    page = opened(width=320)
    page.goto(answer_url(item))
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


# Text that is cut off: boxes that hide what does not fit, but for those that are hidden on purpose.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter((one) => {
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  return box.width > 1 && box.height > 1 && style.overflowX === "hidden" && one.textContent.trim()
    && !one.closest(".unseen, .first") && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
}).map((one) => one.outerHTML.slice(0, 80))"""
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("width", [320, 1280])
def test_text_of_twice_the_size_loses_nothing(opened: Opened, answers: tuple[str, str], width: int) -> None:
    token = factories.asker(factories.proposed()).token
    page, wrong = opened(width=width), []
    for address in ("/", "/ask", "/search?q=effect&sector=po", "/themes", "/guide", f"/track/{token}", *answers):
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        over, cut = page.evaluate(OVER), page.evaluate(CUT_OFF)
        if over > 0 or cut:
            wrong.append((address, over, cut))
    assert wrong == []


def test_what_is_chosen_and_what_has_the_focus_shows_in_forced_colours(opened: Opened) -> None:
    page = opened(width=320)
    page.emulate_media(forced_colors="active")
    page.goto("/ask")
    page.focus("#ask-text")
    assert page.evaluate(FOCUS)[2]
    for selector in ("#ask-text", "main form button[value=suggestions]:not(.first)"):
        style = page.evaluate(f"getComputedStyle(document.querySelector('{selector}')).borderTopStyle")
        assert style != "none", selector


def test_with_less_movement_nothing_on_a_page_moves(opened: Opened, answers: tuple[str, str]) -> None:
    page = opened()
    page.emulate_media(reduced_motion="reduce")
    for address in ("/", "/ask", answers[0]):
        page.goto(address)
        moves = """[...document.querySelectorAll("*")].filter((one) => {
          const style = getComputedStyle(one);
          return parseFloat(style.transitionDuration) > 0.01 || style.animationName !== "none";
        }).map((one) => one.outerHTML.slice(0, 80))"""
        assert page.evaluate(moves) == [], address
