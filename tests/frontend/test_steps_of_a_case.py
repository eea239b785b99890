"""What one can do in a case: the work first, forms that begin with what is known, and told by name when it is done."""

import re
from html import unescape
from typing import Any

import pytest

from evidence.models import Theme
from questions.models import Question
from questions.states import State
from tests import factories

pytestmark = pytest.mark.django_db


def html_of(response: Any) -> str:
    return unescape(response.content.decode())


def case(client: Any, question: Question) -> str:
    return html_of(client.get(f"/en/desk/cases/{question.pk}"))


def moves(html: str) -> list[str]:
    """The steps that are open, in their order."""
    return re.findall(r'<details class="move" id="(?:answer-)?move-(\w+)"', html)


def choices(html: str, field: str) -> set[str]:
    return set(re.findall(rf'<input type="checkbox" name="{field}" value="([\w-]+)"', html))


def test_what_brings_the_case_further_stands_above_what_keeps_it_in_order(browser: Any) -> None:
    desk = factories.Desk()
    found = moves(case(browser(desk.broker), factories.assigned(desk)))
    assert found.index("propose") < found.index("retheme")
    assert found[-4:] == ["retheme", "transfer", "keep", "release"]


def test_what_is_still_missing_stands_open_and_the_rest_is_folded(browser: Any) -> None:
    desk = factories.Desk()
    html = case(browser(desk.broker), factories.assigned(desk))
    open_part, folded = html.split("Not possible now</summary>")
    assert "<strong>Send the answer to the asker</strong>" in open_part
    assert "<strong>Show the question no longer</strong>" not in open_part
    assert "<strong>Show the question no longer</strong>: The question is not shown." in folded


def test_a_new_proposal_begins_with_the_words_of_the_last(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.proposed(desk)
    html = case(browser(desk.broker), question)
    assert re.search(rf'name="articulated" value="{re.escape(question.articulated)}"', html)


def test_a_theme_is_offered_either_to_add_or_to_remove(browser: Any) -> None:
    desk = factories.Desk()
    mine, other = (
        Theme.objects.create(slug=slug, label_nl=slug, label_en=slug) for slug in ("reading-aloud", "arithmetic")
    )
    question = factories.assigned(desk)
    question.themes.set([mine])
    html = case(browser(desk.broker), question)
    assert mine.slug in choices(html, "remove")
    assert other.slug in choices(html, "add")
    assert not choices(html, "add") & choices(html, "remove")


def test_no_track_is_promised_by_not_choosing_one(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.submitted()
    address = f"/en/desk/cases/{question.pk}/triage"
    client = browser(desk.coordinator)
    field = html_of(client.get(address)).split('name="triage-track"')[1].split("</select>")[0]
    assert re.findall(r'<option value="(\w*)"', field)[0] == ""
    assert client.post(address, {"go": "send:triage", "triage-track": ""}).status_code == 400
    assert factories.reload(question).state == State.SUBMITTED


def test_a_step_that_was_taken_is_told_by_its_line_in_the_history(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.assigned(desk)
    client = browser(desk.broker)
    url = f"/en/desk/cases/{question.pk}/do/release"
    assert "The question waits for another knowledge broker." in html_of(
        client.post(url, {"why": "Ziek."}, follow=True)
    )


def test_who_is_no_longer_needed_is_not_sent_to_a_link_that_has_ended(browser: Any) -> None:
    client = browser(factories.Desk().coordinator)
    ended, open_one = (html_of(client.get(f"/en/desk/mail-preview/{kind}/en")) for kind in ("uninvited", "invited"))
    told = "Write what you have to say at the link."
    assert told in " ".join(open_one.split())
    assert told not in " ".join(ended.split())
