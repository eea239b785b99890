"""The signpost: every path leads somewhere, nothing is asked but choices, and only steps of people are counted."""

import re
from html import unescape
from typing import Any

import pytest

from evidence.models import Theme
from questions import tallies, wayfinding
from questions.models import Tally
from tests import factories

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
ANYWHERE = [(who, want) for who in wayfinding.WHO for want in wayfinding.WANTS]


@pytest.fixture
def person(browser: Any) -> Any:
    return browser(headers={"User-Agent": PHONE})


def links(html: str, beginning: str) -> list[str]:
    return [unescape(one) for one in re.findall(rf'(?:href|action)="({beginning}[^"]*)"', html.split("<main")[1])]


def counted(name: str) -> int:
    return tallies.totals([name])[name]


def test_every_path_leads_to_a_page_that_helps(person: Any) -> None:
    Theme.objects.create(slug="lezen", label_nl="Lezen")
    started = links(person.get("/guide").content.decode(), "/guide/")
    assert len(started) == len(wayfinding.WHO)
    for path in started:
        wants = links(person.get(path).content.decode(), f"{path}/")
        assert len(wants) == len(wayfinding.WANTS)
        for want in wants:
            html = person.get(want).content.decode()
            for goal in links(html, f"{want}/go"):
                there = person.get(goal, follow=True)
                assert there.status_code == 200, goal
                assert not there.request["PATH_INFO"].startswith("/guide"), goal
    assert wayfinding.funnel().reached == len(ANYWHERE)


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/guide/teacher-po/find/go?q=stil+lezen", "/search?q=stil+lezen&sector=po"),
        ("/guide/parent/find/go", "/search"),
        ("/guide/teacher-vo/ask/go", "/ask?sector=vo&role=teacher"),
        ("/guide/parent/ask/go", "/ask?role=parent"),
        ("/en/guide/teacher-po/ask/go", "/en/ask?sector=po&role=teacher"),
        ("/guide/parent/meet/go", "/guide/parent/meet"),
    ],
)
def test_the_goal_knows_what_was_said(person: Any, path: str, there: str) -> None:
    response = person.get(path)
    assert (response.status_code, response["Location"]) == (302, there)


def test_the_form_for_asking_knows_sector_and_function(browser: Any) -> None:
    html = browser().get("/ask?sector=vo&role=teacher&text=Jan&email=a@b.nl&name=Jan").content.decode()
    assert '<input type="hidden" name="sector" value="vo">' in html
    assert '<input type="hidden" name="role" value="teacher">' in html
    assert not re.findall(r'value="(?:Jan|a@b.nl)"|>Jan<', html), "who somebody is stands in no address"
    assert 'name="sector"' not in browser().get("/ask?sector=<b>&role=koning").content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/guide/koning",
        "/guide/teacher-po/dansen",
        "/guide/x/find",
        "/guide/teacher-po/read/go?theme=x",
        "/guide/x/y/go",
    ],
)
def test_a_choice_that_is_none_is_not_found_and_not_counted(person: Any, path: str) -> None:
    assert person.get(path).status_code == 404
    assert not Tally.objects.exists()


def test_the_way_is_counted_step_by_step(person: Any) -> None:
    person.get("/guide")
    person.get("/guide/teacher-po")
    person.get("/guide/teacher-po/find")
    found = wayfinding.funnel()
    assert found.steps == [1, 1, 1, 0]
    assert found.worst == 3
    person.get("/guide/teacher-po/find/go?q=lezen")
    assert wayfinding.funnel().steps == [1, 1, 1, 1]
    assert wayfinding.funnel().worst is None
    assert all("lezen" not in name for name in Tally.objects.values_list("name", flat=True))


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": ""},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "curl/8.5.0"},
        {"User-Agent": PHONE, "Sec-Purpose": "prefetch;prerender"},
        {"User-Agent": PHONE, "Purpose": "prefetch"},
        {"User-Agent": PHONE, "X-Moz": "prefetch"},
    ],
)
def test_machines_and_pages_fetched_ahead_do_not_count(browser: Any, headers: dict[str, str]) -> None:
    for path in ("/guide", "/guide/parent", "/guide/parent/meet", "/guide/parent/find/go"):
        assert browser().get(path, headers=headers).status_code in (200, 302)
    assert not Tally.objects.exists()


def test_a_look_at_the_head_and_people_of_the_desk_do_not_count(person: Any, browser: Any, editor: Any) -> None:
    assert person.head("/guide").status_code == 200
    assert person.post("/guide").status_code == 405
    assert browser(editor).get("/guide", headers={"User-Agent": PHONE}).status_code == 200
    assert not Tally.objects.exists()


def test_no_cookie_is_set_on_the_way(person: Any) -> None:
    for path in ("/guide", "/guide/parent", "/guide/parent/meet", "/guide/parent/ask", "/guide/parent/inquire"):
        assert not person.get(path).cookies, path


def test_the_desk_sees_where_people_drop_out(person: Any, browser: Any, broker: Any) -> None:
    for _n in range(3):
        person.get("/guide")
    person.get("/guide/parent")
    html = browser(broker).get("/desk/guide-numbers").content.decode()
    assert '<rect width="33" height="10"/>' in html
    assert "De meesten haken af vóór deze stap: zei wie ze zijn." in html
    assert browser().get("/desk/guide-numbers").status_code == 302


def test_people_are_named_only_if_they_want_it_and_organisations_never(person: Any) -> None:
    named, hidden = factories.staff("broker", "Naima Bakker"), factories.staff("broker", "Geheim Persoon")
    named.name_public = True
    named.save()
    html = person.get("/guide/parent/meet").content.decode()
    assert "Naima Bakker" in html
    assert hidden.name not in html


def test_the_operator_s_networks_are_shown_as_safe_markdown(person: Any, settings: Any) -> None:
    settings.OPERATOR_MEETING = "[Netwerk](https://netwerk.example) <script>alert(1)</script>"
    html = person.get("/guide/parent/meet").content.decode()
    assert 'href="https://netwerk.example"' in html
    assert "<script>alert" not in html


def test_sources_on_inquiry_are_those_that_name_it(person: Any) -> None:
    factories.source(title="Action Research in Schools")
    factories.source(title="Reading research")
    html = person.get("/guide/teacher-po/inquire").content.decode()
    assert "Action Research in Schools" in html
    assert "Reading research" not in html
