"""The parts of an answer page: the question, findings at the citations, people, what is near, and how to share it."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence.library import put_source
from questions import writing
from questions.models import Correction, Version
from questions.related import related
from tests import factories
from tests.factories import answer_url, public_answer

pytestmark = pytest.mark.django_db

EXPERT = {"name": "Wieke Ster", "role": "lector", "agreed_on": "2025-03-01", "agreed_by": "mail"}
TEAM = {"team_questions": "Wat doen we nu?\n\nWat willen we?", "team_try": "Lees **samen**.", "team_watch": "De tijd."}


def html(browser: Any, path: str) -> str:
    response = browser().get(path)
    assert response.status_code == 200
    return str(response.content.decode())


def source(key: str, **more: Any) -> Any:
    csl = {"type": "article-journal", "title": f"Onderzoek {key}", "issued": {"date-parts": [[2020]]}}
    return put_source(csl, key=key, **more)


# --- The question


def test_the_askers_words_stand_beside_the_sharpened_question(browser: Any) -> None:
    page = html(browser, answer_url(public_answer(asked_as="Helpt <b>lezen</b>?")))
    assert "Gevraagd als" in page
    assert "Helpt &lt;b&gt;lezen&lt;/b&gt;?" in page
    assert page.count(factories.ARTICULATED) > 1


def test_the_askers_words_are_not_shown_unless_somebody_put_them_there(browser: Any) -> None:
    page = html(browser, answer_url(public_answer()))
    assert factories.TEXT not in page
    assert "Gevraagd als" not in page


# --- Citations


def test_a_citation_leads_to_what_the_source_found_and_back(browser: Any) -> None:
    facts = {"finding_nl": "Lezen hielp een beetje.", "design": "meta-analyse", "strength": "moderate"}
    one, two = source("een-2020", **facts), source("twee-2021")
    texts = {"short_answer": f"Ja [@{one.key}].", "explanation": f"Zeker [@{two.key}; @{one.key}, p. 4]."}
    lines = [{"source": one.key, "claim": "het hielp"}, {"source": two.key, "claim": "ook"}]
    page = html(browser, answer_url(public_answer(**texts, citations=lines)))
    (reference,) = re.findall(r'<li id="ref-1">(.*?)<li id="ref-2">', page, re.DOTALL)
    for words in ("Lezen hielp een beetje.", "meta-analyse", "redelijk sterk bewijs", "het hielp"):
        assert words in reference
    assert re.findall(r'href="#(cite-1-\d)"', reference) == ["cite-1-1", "cite-1-2"]
    for place in ("cite-1-1", "cite-1-2", "cite-2-1"):
        assert page.count(f'id="{place}"') == 1
    assert len(re.findall(r'<a id="cite-\d-\d" href="#ref-\d" title="Bron \d"[^>]*>\d</a>', page)) == 3


def test_nobody_can_write_the_name_of_a_place_into_a_text(browser: Any) -> None:
    page = html(browser, answer_url(public_answer(explanation='<a id="cite-1-1" href="#x">x</a> [x](#y "z")')))
    assert not re.findall(r'<[^>]*id="cite-1-1"', page)


def test_a_finding_in_another_language_says_which(browser: Any) -> None:
    one = source("three-2020", finding_en="Reading helped.")
    page = html(browser, answer_url(public_answer(citations=[{"source": one.key, "claim": "x"}])))
    assert re.search(r'class="outcome" lang="en">.*Reading helped\.', page)


# --- People


def test_nobody_of_the_desk_is_named_unless_they_say_so(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.published(desk)
    address = answer_url(factories.item(question))
    assert desk.broker is not None
    assert desk.reviewer is not None
    page = html(browser, address)
    assert desk.broker.name not in page
    assert page.count("1 medewerker van het loket") == 2
    client = browser(desk.broker)
    assert client.get("/desk/me").status_code == 200
    assert desk.broker.name not in html(browser, address), "reading the page agrees to nothing"
    client.post("/desk/name", {"agrees": "yes"})
    page = html(browser, address)
    assert desk.broker.name in page
    assert desk.reviewer.name not in page
    client.post("/desk/name", {})
    assert desk.broker.name not in html(browser, address)


def test_the_page_of_ones_name_is_for_the_desk(browser: Any) -> None:
    assert browser().get("/desk/me").status_code == 302
    assert browser().post("/desk/name", {"agrees": "yes"}).status_code == 403


def test_consulted_experts_are_named_and_how_they_agreed_is_not(browser: Any, api: Any) -> None:
    item = public_answer(consulted=[EXPERT])
    page = html(browser, answer_url(item))
    assert "Wieke Ster" in page
    assert "lector" in page
    assert "2025-03-01" not in page
    assert api().get(f"/api/v1/answers/{item.number}").json()["consulted"] == [{"name": "Wieke Ster", "role": "lector"}]


def test_when_the_desk_looks_again_is_told(browser: Any) -> None:
    assert "1 maart 2031" in html(browser, answer_url(public_answer(look_again_on="2031-03-01")))


# --- What is near


def test_related_research_is_public_near_and_not_cited_already(browser: Any) -> None:
    cited, near, hidden = source("lezen-a"), source("lezen-b"), source("lezen-c", public=False)
    for one in (cited, near, hidden):
        one.title = "Dagelijks stillezen en begrijpend lezen"
        one.save()
    item = public_answer(citations=[{"source": cited.key, "claim": "x"}])
    from_search = ([str(item.number)], [str(one.pk) for one in (cited, near, hidden)])
    answers, sources = related_with(item, {cited.key}, from_search)
    assert answers == []
    assert [one.key for one in sources] == [near.key]


def related_with(item: Any, cited: set[str], found: tuple[list[str], list[str]]) -> Any:
    """`related` when the search that is remembered found this."""
    related(item, cited)
    (key,) = [name for name in remembered() if "related" in name]
    cache.set(key.split(":", 2)[2], found)
    return related(item, cited)


def remembered() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        return [row[0] for row in cursor.fetchall()]


def test_what_was_taken_back_is_near_nothing_though_the_search_is_remembered() -> None:
    item, other = public_answer(), factories.published()
    near = ([str(item.number), str(factories.item(other).number)], [])
    answers, _sources = related_with(item, set(), near)
    assert [one.item.number for one in answers] == [other.number]
    factories.move(other, "retract", factories.Desk().editor, why="fout")
    assert related(item, set()) == ([], [])


def test_what_is_near_costs_the_same_few_queries_once_it_is_remembered() -> None:
    item = public_answer()
    related(item, set())
    with CaptureQueriesContext(connection) as asked:
        related(item, set())
    assert len(asked) <= 3


# --- Sharing and the team sheet


def test_an_answer_can_be_shared_by_its_short_address_without_a_script(browser: Any) -> None:
    item = public_answer()
    page = html(browser, answer_url(item))
    assert re.search(rf'<input id="address" readonly value="[^"]+/answers/{item.number}">', page)
    assert re.search(rf"mailto:\?subject=[^\"]+answers%2F{item.number}", page)
    assert not re.findall(r"<button(?![^>]*hidden)[^>]*data-(?:copy|share|print)", page)


def test_the_team_sheet_has_its_own_page_when_it_is_written(browser: Any) -> None:
    item, bare = public_answer(**TEAM), factories.item(factories.published())
    sheet = html(browser, f"/answers/{item.number}/team")
    for words in ("Wat doen we nu?", "Wat willen we?", "<strong>samen</strong>", "De tijd.", item.title):
        assert words in sheet
    assert 'class="strength"' in sheet
    assert f'href="/answers/{item.number}/team"' in html(browser, answer_url(item))
    assert browser().get(f"/answers/{bare.number}/team").status_code == 404
    assert f"/answers/{bare.number}/team" not in html(browser, answer_url(bare))


def test_the_team_sheet_says_that_we_do_not_know(browser: Any) -> None:
    item = public_answer(strength="insufficient", direction="", citations=[], gap="Niets bekend.", **TEAM)
    sheet = html(browser, f"/answers/{item.number}/team")
    assert 'class="sure unknown"' in sheet
    assert "niet hetzelfde" in sheet


def test_a_team_never_gets_the_sheet_of_an_answer_that_was_taken_back(browser: Any) -> None:
    item = public_answer(**TEAM)
    factories.move(item.questions.get(), "retract", factories.Desk().editor, why="fout")
    response = browser().get(f"/answers/{item.number}/team")
    assert (response.status_code, response["Location"]) == (302, f"/answers/{item.number}")


def test_an_answer_called_team_keeps_a_page_of_its_own(browser: Any) -> None:
    item = public_answer()
    item.entitle("Team")
    item.save()
    assert item.slug == f"team-{item.number}"
    assert browser().get(answer_url(item)).status_code == 200


# --- Corrections by part


@pytest.mark.parametrize("section", ["short", "sure", "explanation", "gap", "asked", "people", "source-1"])
def test_each_part_leads_to_the_form_with_that_part_chosen(browser: Any, section: str) -> None:
    item = public_answer(gap="Niet bekend.", asked_as="Helpt het?")
    page = html(browser, answer_url(item))
    assert f'href="?section={section}#correction"' in page
    assert '<details id="correction">' in page
    there = html(browser, f"{answer_url(item)}?section={section}")
    assert '<details id="correction" open>' in there
    assert f'<option value="{section}" selected>' in there


@pytest.mark.parametrize("section", ["nonsense", "source-9", "'\"><script>", "gap"])
def test_a_part_that_is_not_there_chooses_nothing(browser: Any, section: str) -> None:
    page = html(browser, f"{answer_url(public_answer())}?section={section}")
    assert not re.search(r'<option value="[^"]+" selected>', page)
    assert "<script>" not in page


def test_a_correction_is_kept_with_its_part(browser: Any) -> None:
    item = public_answer()
    browser().post(f"/answers/{item.number}/correction", {"what": "Het jaar klopt niet.", "section": "source-1"})
    assert Correction.objects.get().section == "source-1"


@pytest.mark.parametrize("section", ["source-2", "source-0", "elders", "x" * 300])
def test_a_correction_of_a_part_that_is_not_there_is_refused_with_its_words(browser: Any, section: str) -> None:
    item = public_answer()
    response = browser().post(f"/answers/{item.number}/correction", {"what": "MIJN WOORDEN", "section": section})
    assert response.status_code == 400
    assert "MIJN WOORDEN" in response.content.decode()
    assert not Correction.objects.exists()


def test_on_an_old_version_the_parts_stay_with_that_version(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.revising(desk)
    factories.write(question, desk.broker)
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    factories.move(question, "publish", desk.editor)
    item = factories.item(question)
    page = html(browser, f"{answer_url(item)}?version=1")
    assert 'href="?version=1&amp;section=short#correction"' in page
    assert Version.objects.filter(item=item).count() == 2
    assert "Eerst gepubliceerd" in html(browser, answer_url(item))


def test_every_part_of_a_text_is_in_the_api(api: Any) -> None:
    item = public_answer(**TEAM, asked_as="Helpt het?", conclusion="Begin klein.", look_again_on="2031-03-01")
    body = api().get(f"/api/v1/answers/{item.number}").json()
    assert body["team_questions"] == "Wat doen we nu?\nWat willen we?"
    assert (body["team_try"], body["asked_as"], body["look_again_on"]) == (
        "Lees **samen**.",
        "Helpt het?",
        "2031-03-01",
    )
    assert body["conclusion"] == "Begin klein."
    assert body["replaced_by"] is None
    assert set(writing.Texts.base_fields) - {"strength_because"} <= set(body), "but for what is the desk's own"
