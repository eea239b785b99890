"""What is wrong stands above the page, with the name of the field and a link that leads to it."""

import re
from typing import Any

import pytest

from evidence.models import Theme
from frontend.refused import Refused
from questions import reviewing
from tests import factories
from tests.frontend.test_the_desk import answer, url

pytestmark = pytest.mark.django_db


def summary(html: str) -> dict[str, str]:
    """The links above the page: where they lead, and their words."""
    found = re.search(r'<div class="notice problem"[^>]*id="problem".*?</div>', html, re.DOTALL)
    assert found
    return dict(re.findall(r'<a href="#([^"]+)">([^<]+)</a>', found[0]))


@pytest.mark.parametrize(
    ("wrong", "target", "label"),
    [
        ({"strength": "heel sterk"}, "answer-strength", "Sterkte"),
        ({"lines": [("", "MIJN CLAIM", "")]}, "citation-citation-0-source", "Bronvermelding 1, Bron"),
    ],
)
def test_the_editor_names_the_row_and_the_field(browser: Any, wrong: dict[str, Any], target: str, label: str) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    html = browser(desk.broker).post(f"{url(question)}/answer", answer(question, **wrong)).content.decode()
    assert label.casefold() in summary(html)[target].casefold()
    assert f'id="{target}"' in html


def test_a_reader_a_follower_and_who_asks_too_get_the_same_kind_of_link(browser: Any) -> None:
    item = factories.public_answer()
    shown = factories.shown()
    for address, typed, target in (
        (f"/answers/{item.number}/correction", {"what": ""}, "correction-what"),
        ("/follow", {"answer": str(item.number), "email": "geen adres", "often": "weekly"}, "follow-email"),
        (f"/working-on/{shown.number}", {"email": ""}, "me-too-email"),
        ("/track", {"email": "geen adres"}, "links-email"),
    ):
        html = browser().post(address, typed).content.decode()
        assert target in summary(html), address
        assert f'id="{target}"' in html, address


def test_a_sentence_that_names_its_field_does_not_name_it_twice() -> None:
    no = Refused(400, [], "ask", errors={"email": ["Vul je e-mailadres in."]}, labels={"email": "E-mailadres"})
    assert [one.sentence for one in no.problems] == ["Vul je e-mailadres in."]
    no = Refused(400, [], "ask", errors={"email": ["Vul dit in."]}, labels={"email": "E-mailadres"})
    assert [one.sentence for one in no.problems] == ["E-mailadres: Vul dit in."]


def test_no_id_stands_twice_and_a_summary_leads_to_a_group_that_takes_the_focus(browser: Any) -> None:
    """A group of boxes or radio buttons is one field: the link leads to the group, each button has an id of its own."""
    desk = factories.Desk()
    question = factories.in_review(desk)
    said = {"field": "explanation", "n": 0, "body": "Welk onderzoek?"}
    row = reviewing.say(factories.working(question), said, by=desk.reviewer)
    author = browser(desk.broker)
    Theme.objects.create(slug="lezen", label_nl="Lezen")
    pages = {
        f"settle-remark-{row.pk}-outcome": author.post(f"{url(question)}/remarks/{row.pk}/settle", {}),
        "profile-sectors": author.get("/desk/me"),
        "follow-often": browser().post("/follow", {"theme": "lezen", "email": "a@school.example", "often": "nooit"}),
    }
    for group, response in pages.items():
        html = response.content.decode()
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert sorted(ids) == sorted(set(ids)), group
        assert re.search(rf'<fieldset id="{group}" tabindex="-1"', html), group
        assert f'id="{group}_0"' in html, group
        assert response.status_code == 200 or group in summary(html), group
