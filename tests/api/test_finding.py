"""Suggestions, search and the library through the API."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from rest_framework.test import APIClient

from brokers.models import User
from evidence import embedding, index
from evidence.models import Source, Theme
from tests import factories

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]
Problem = Callable[..., dict[str, Any]]
HIT = {"kind", "id", "number", "title", "url", "score", "passage", "locator", "marks", "why"}


@pytest.fixture
def shelf() -> dict[str, Any]:
    """An answer, a source and an open question about one thing, and some about others."""
    desk = factories.Desk()
    answer = factories.published(desk)
    factories.published(desk, sector="vo", text="Heeft huiswerk in de brugklas nut?")
    source = factories.source(title="Stillezen in groep 6: een overzicht")
    question = factories.triaged(desk, text="Is stillezen in groep 6 ook goed voor zwakke lezers?")
    while embedding.embed_missing():
        pass
    return {"answer": answer.item.number, "source": source, "question": question, "desk": desk}


def test_a_suggestion_names_answers_and_sources_with_the_passage_that_matches(shelf: Any, api: Api) -> None:
    response = api().post("/api/v1/suggestions", {"text": "stillezen in groep 6", "sector": "po"})
    body = response.json()
    assert set(body) == {"answers", "sources", "working", "nothing_relevant", "degraded", "corrected", "others_asking"}
    assert not body["nothing_relevant"]
    assert shelf["answer"] in [hit["number"] for hit in body["answers"]]
    for hit in [*body["answers"], *body["sources"]]:
        assert set(hit) == HIT
        assert hit["url"].startswith("http://")
        assert hit["passage"]
    assert "Server-Timing" in response.headers


def test_staff_are_shown_open_questions_as_well(shelf: Any, api: Api) -> None:
    body = api(shelf["desk"].coordinator).post("/api/v1/suggestions", {"text": "stillezen zwakke lezers"}).json()
    assert [hit["number"] for hit in body["questions"]] == [shelf["question"].number]


def test_sources_stand_under_their_sector_or_without_one(shelf: Any, api: Api) -> None:
    body = api().post("/api/v1/suggestions", {"text": "stillezen overzicht"}).json()
    assert str(shelf["source"].pk) in [hit["id"] for hit in body["sources"]]


def test_search_gives_results_with_facets(shelf: Any, api: Api) -> None:
    body = api().get("/api/v1/search?q=stillezen").json()
    assert {hit["kind"] for hit in body["results"]} == {"answer", "source"}
    assert {"kind", "sector", "theme"} <= set(body["facets"])
    assert body["facets"]["kind"]["answer"] >= 1
    only = api().get("/api/v1/search?q=stillezen&kind=source").json()["results"]
    assert {hit["kind"] for hit in only} == {"source"}
    none = api().get("/api/v1/search?q=stillezen&kind=answer&sector=mbo").json()["results"]
    assert none == []


def test_search_is_filtered_by_theme_and_strength(shelf: Any, api: Api) -> None:
    Theme.objects.create(slug="leeg", label_nl="Leeg")
    assert api().get("/api/v1/search?q=stillezen&theme=leeg").json()["results"] == []
    found = api().get("/api/v1/search?q=stillezen&strength=moderate").json()["results"]
    assert shelf["answer"] in [hit["number"] for hit in found]
    assert api().get("/api/v1/search?q=stillezen&strength=strong").json()["results"] == []


def test_a_hit_says_why_it_was_found(shelf: Any, api: Api) -> None:
    body = api().post("/api/v1/suggestions", {"text": "stillezen in groep 6"}).json()
    hit = next(one for one in body["answers"] if one["number"] == shelf["answer"])
    assert "stillezen" in hit["why"]["words"]
    assert hit["why"]["meaning"] in ("same", "close", "some")
    source = next(one for one in body["sources"] if one["id"] == str(shelf["source"].pk))
    assert all(source["passage"][start:end].strip() for start, end in source["marks"])


def test_marks_count_code_points_of_plain_text(api: Api) -> None:
    text = "\N{GRINNING FACE} <b>Stillezen</b> met basisschoolleerlingen & meer."
    made = factories.source(title="Lezen")
    index.put("source", str(made.pk), [index.Part("Lezen", text, "p. 4")], public=True)
    hit = api().get("/api/v1/search?q=leerling").json()["results"][0]
    assert hit["passage"] == text
    assert [hit["passage"][start:end] for start, end in hit["marks"]] == ["basisschoolleerlingen"]
    assert hit["why"]["words"] == ["basisschoolleerlingen"]
    assert hit["locator"] == "p. 4"


def test_results_come_in_pages_and_the_total_is_told(api: Api) -> None:
    wanted = {str(factories.source(title=f"Stillezen deel{n}").pk) for n in range(5)}
    pages = [api().get(f"/api/v1/search?q=stillezen&limit=2&page={n}").json() for n in (1, 2, 3, 4)]
    assert [len(page["results"]) for page in pages] == [2, 2, 1, 0]
    assert {hit["id"] for page in pages for hit in page["results"]} == wanted
    assert {(page["total"], page["more"], page["nothing_relevant"]) for page in pages} == {(5, False, False)}


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("kind", "question"),
        ("sector", "zzz"),
        ("strength", "1"),
        ("language", "Nederlands!"),
        ("language", "%27"),
        ("year_from", "abc"),
        ("year_from", "12345"),
        ("year_from", "-100"),
        ("year_to", "٢٠٢٠"),
        ("year_to", "20.5"),
        ("theme", "x" * 101),
        ("collection", "x" * 101),
        ("page", "0"),
        ("page", "201"),
        ("page", "x"),
        ("page", "²"),
        ("year", "2020"),
    ],
)
def test_a_filter_that_cannot_be_is_refused_by_name(parameter: str, value: str, api: Api, problem: Problem) -> None:
    body = problem(api().get(f"/api/v1/search?q=lezen&{parameter}={value}"), 400, "invalid")
    assert [error["field"] for error in body["errors"]] == [parameter]


def test_a_last_year_before_the_first_is_refused(api: Api, problem: Problem) -> None:
    body = problem(api().get("/api/v1/search?q=lezen&year_from=2020&year_to=2010"), 400, "invalid")
    assert [error["field"] for error in body["errors"]] == ["year_to"]


def test_an_empty_or_odd_search_is_no_failure(shelf: Any, api: Api) -> None:
    for text in ("", " ", "'", '"', "a' OR 1=1 --", "\N{GRINNING FACE}", "&|!():*", "x" * 9_000, "ظ", "\\"):
        response = api().get(f"/api/v1/search?q={quote(text)}")
        assert response.status_code == 200, response.content
        posted = api().post("/api/v1/suggestions", {"text": text if text.strip() else "."})
        assert posted.status_code in (200, 400)


def test_a_retracted_answer_and_a_closed_question_are_found_no_more(shelf: Any, api: Api) -> None:
    desk = shelf["desk"]
    answer = factories.item_by_number(shelf["answer"]).questions.get()
    factories.move(answer, "retract", desk.editor, why="x")
    factories.move(shelf["question"], "decline", desk.coordinator, why="x", alternative="y")
    body = api(desk.coordinator).post("/api/v1/suggestions", {"text": "stillezen in groep 6"}).json()
    assert shelf["answer"] not in [hit["number"] for hit in body["answers"]]
    assert body["questions"] == []


def test_hits_are_candidates_that_their_owner_checks_again(shelf: Any, api: Api) -> None:
    """The index still holds it; the answer itself is no longer public."""
    hidden = factories.answered(shelf["desk"])
    index.put("answer", str(hidden.item.number), [index.Part("Stillezen in groep 6", "stillezen")], public=True)
    index.put("source", "00000000-0000-0000-0000-000000000009", [index.Part("Stillezen", "stillezen")], public=True)
    body = api().post("/api/v1/suggestions", {"text": "stillezen in groep 6"}).json()
    assert hidden.item.number not in [hit["number"] for hit in body["answers"]]
    assert "00000000-0000-0000-0000-000000000009" not in [hit["id"] for hit in body["sources"]]


def test_without_a_model_words_still_find_and_it_says_so(shelf: Any, api: Api, settings: Any) -> None:
    settings.EMBEDDING_MODEL = "none"
    body = api().post("/api/v1/suggestions", {"text": "stillezen in groep 6"}).json()
    assert body["degraded"]
    assert body["answers"]


# --- The library ----------------------------------------------------------------------------------------


CSL = {
    "type": "article-journal",
    "title": "Silent reading and comprehension",
    "DOI": "10.1234/silent.reading",
    "author": [{"family": "de Vries", "given": "Anna"}],
    "issued": {"date-parts": [[2021]]},
    "container-title": "Reading Research",
}


def test_a_source_goes_in_and_out_as_csl(api: Api, broker: User) -> None:
    made = api(broker).post("/api/v1/sources", CSL)
    assert made.status_code == 201, made.content
    body = made.json()
    assert {key: body["csl"][key] for key in ("type", "title", "author", "issued")} == {
        key: CSL[key] for key in ("type", "title", "author", "issued")
    }
    assert (body["title"], body["year"], body["doi"].lower()) == (CSL["title"], 2021, CSL["DOI"])
    assert "Vries" in body["reference"]
    for ref in (body["id"], body["key"]):
        assert api().get(f"/api/v1/sources/{ref}").json() == body
    listed = api().get("/api/v1/sources?q=silent").json()["results"]
    assert listed == [body]


def test_a_known_doi_is_refused_with_the_name_of_the_field(api: Api, broker: User, problem: Problem) -> None:
    api(broker).post("/api/v1/sources", CSL)
    body = problem(api(broker).post("/api/v1/sources", {**CSL, "title": "Anders"}), 400, "invalid")
    assert body["errors"][0]["field"].lower() == "doi"
    assert Source.objects.count() == 1


@pytest.mark.parametrize(
    "csl",
    [
        {},
        {"title": "x"},
        {"type": "book"},
        {"type": "zebra", "title": "x"},
        {"type": "book", "title": 5},
        {"type": "book", "title": "\u200b"},
        {"type": "book", "title": ["x"]},
        {"type": "book", "title": "x", "author": "Jansen"},
        {"type": "book", "title": "x", "issued": "2020"},
        {"type": "book", "title": "x", "DOI": "geen doi"},
        {"type": "book", "title": "x", "author": [{"family": 5}]},
        {"type": "book", "title": "x", "URL": "javascript:alert(1)"},
        {"type": "book", "title": "x", "issued": {"date-parts": [["soon"]]}},
        {"type": "book", "title": "x" * 60_000},
    ],
)
def test_a_source_that_is_no_csl_is_refused(csl: dict[str, Any], api: Api, broker: User, problem: Problem) -> None:
    problem(api(broker).post("/api/v1/sources", csl), 400, "invalid")
    assert not Source.objects.exists()
