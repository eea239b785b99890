"""The editor and the judging of answers, when what comes in is broken, late or not theirs any more."""

from typing import Any

import pytest

from frontend.pages import desk as queue
from questions.states import VersionState
from tests import factories
from tests.frontend.test_the_desk import answer, text, url

pytestmark = pytest.mark.django_db
DIGITS = "9" * 5_000


@pytest.mark.parametrize("go", ["save", "preview", "add"])
@pytest.mark.parametrize(
    "broken", [{"etag": "x" * 101}, {"etag": "x\x00"}, {"rows": DIGITS}, {"rows": "veel"}, {"explanation": "a\x00b"}]
)
def test_a_broken_form_comes_back_with_its_text(browser: Any, go: str, broken: dict[str, str]) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    before = factories.working(question).revision
    data = answer(question, lines=[("", "MIJN CLAIM", "")], **{"short_answer": "MIJN TEKST", "go": go, **broken})
    response = browser(desk.broker).post(f"{url(question)}/answer", data)
    assert response.status_code == 400
    for words in ("MIJN TEKST", "MIJN CLAIM", "niet te lezen"):
        assert words in text(response)
    assert "\x00" not in text(response)
    assert factories.working(question).revision == before


@pytest.mark.parametrize("broken", [{"go": f"drop:{DIGITS}"}, {"go": "preview", "citation-0-source": "x\x00"}])
def test_a_broken_button_or_source_comes_back_with_the_text(browser: Any, broken: dict[str, str]) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    data = {**answer(question, short_answer="MIJN TEKST", lines=[("", "MIJN CLAIM", "")]), **broken}
    response = browser(desk.broker).post(f"{url(question)}/answer", data)
    assert response.status_code == 400
    for words in ("MIJN TEKST", "MIJN CLAIM", "niet te lezen"):
        assert words in text(response)


def test_more_citations_than_an_answer_may_have_are_refused_and_not_cut_off(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    key = factories.source().key
    data = answer(question, lines=[(key, f"claim nummer {n}.", "") for n in range(201)])
    response = browser(desk.broker).post(f"{url(question)}/answer", data)
    assert response.status_code == 400
    assert "claim nummer 200." in text(response)


@pytest.mark.parametrize("go", ["save", "preview", "add", "use:x-2020", "drop:3"])
def test_who_lost_the_case_while_writing_is_told_and_keeps_the_text(browser: Any, coordinator: Any, go: str) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    data = answer(question, short_answer="MIJN TEKST", lines=[("", "MIJN CLAIM", "")], go=go)
    factories.move(question, "release", coordinator, why="ziek")
    response = browser(desk.broker).post(f"{url(question)}/answer", data)
    assert response.status_code == 403
    for words in ("MIJN TEKST", "MIJN CLAIM", "Dit is voor de kennismakelaar"):
        assert words in text(response)


@pytest.mark.parametrize("go", ["save", "preview"])
def test_a_preview_of_an_answer_that_is_closed_says_so(browser: Any, go: str) -> None:
    desk = factories.Desk()
    question = factories.published(desk)
    holder = factories.item(question).holder
    response = browser(holder).post(f"{url(question)}/answer", answer(question, short_answer="MIJN TEKST", go=go))
    assert response.status_code == 409
    assert "MIJN TEKST" in text(response)


@pytest.mark.parametrize("name", ["submit", "approve", "request_changes"])
def test_nobody_judges_a_text_they_have_not_seen(browser: Any, name: str) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk) if name == "submit" else factories.in_review(desk)
    user = desk.broker if name == "submit" else desk.reviewer
    seen = factories.working(question).etag
    mark = f'name="etag" value="{seen.replace(chr(34), "&quot;")}"'
    assert mark in text(browser(user).get(url(question)))
    factories.write(question, desk.broker, short_answer="ANDERE TEKST")
    if name != "submit":
        factories.move(factories.working(question), "submit", desk.broker)
    state = factories.working(question).state
    data = {"remarks": "MIJN OORDEEL", "etag": seen} | ({} if name == "submit" else {"kind": "all"})
    response = browser(user).post(f"{url(question)}/answer/do/{name}", data)
    assert response.status_code == 412
    assert "veranderd sinds" in text(response)
    assert name == "submit" or "MIJN OORDEEL" in text(response)
    assert factories.working(question).state == state
    data["etag"] = factories.working(question).etag
    assert browser(user).post(f"{url(question)}/answer/do/{name}", data).status_code == 302


def test_approving_the_text_one_has_seen_works(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.in_review(desk)
    data = {"kind": "all", "remarks": "", "etag": factories.working(question).etag}
    assert browser(desk.reviewer).post(f"{url(question)}/answer/do/approve", data).status_code == 302
    assert factories.working(question).state == VersionState.APPROVED


@pytest.mark.parametrize("tab", ["unclaimed", "all"])
def test_a_page_after_a_question_that_is_no_case_is_the_first_page(browser: Any, coordinator: Any, tab: str) -> None:
    case, hidden = factories.triaged(), factories.unconfirmed()
    response = browser(coordinator).get(f"/desk?tab={tab}&after={hidden.pk}")
    assert response.status_code == 200
    assert case.pk in {row.pk for row in queue.page(coordinator, {"tab": tab, "after": str(hidden.pk)}).rows}


# --- The asker's words, the team sheet and the experts


ROW = {"expert-0-name": "Wieke Ster", "expert-0-role": "lector", "expert-0-agreed_on": "2025-03-01"}


def test_the_askers_words_are_copied_with_one_click_below_what_stands_there(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    client = browser(desk.broker)
    before = factories.working(question).revision
    for typed, wanted in (("", factories.TEXT), ("MIJN VRAAG", f"MIJN VRAAG\n\n{factories.TEXT}")):
        response = client.post(f"{url(question)}/answer", answer(question, asked_as=typed, go="copy-asked"))
        assert response.context["page"].writing.editor.form["asked_as"].value() == wanted
    assert factories.working(question).revision == before


def test_experts_are_added_taken_out_and_saved(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    client = browser(desk.broker)
    added = client.post(f"{url(question)}/answer", answer(question, **ROW, experts="1", go="add-expert"))
    assert len(added.context["page"].writing.editor.experts) == 2
    assert "Wieke Ster" in text(added)
    gone = client.post(f"{url(question)}/answer", answer(question, **ROW, experts="1", go="drop-expert:0"))
    assert gone.context["page"].writing.editor.experts == []
    row = {**ROW, "expert-0-agreed_by": "mail"}
    saved = client.post(f"{url(question)}/answer", answer(question, **row, experts="2", team_try="Lees."))
    assert saved.status_code == 302
    assert factories.working(question).consulted.get().name == "Wieke Ster"
    page = client.get(url(question))
    for words in ("Wieke Ster", "2025-03-01", "Lees."):
        assert words in text(page)


@pytest.mark.parametrize(
    "broken",
    [
        {},  # how they agreed is missing
        {"expert-0-agreed_by": "mail", "expert-0-agreed_on": "gisteren"},
        {"expert-0-agreed_by": "mail", "asked_as": "mail mij: jan@school.nl"},
        {"expert-0-agreed_by": "mail", "explanation": "Wieke Ster zegt het."},
        {"expert-0-agreed_by": "mail", "team_questions": "a?\nb?\nc?\nd?"},
        {"expert-0-agreed_by": "mail", "look_again_on": "ooit"},
        {"expert-0-agreed_by": "mail", "experts": DIGITS},
        {"go": f"drop-expert:{DIGITS}"},
    ],
)
def test_what_is_wrong_around_the_answer_is_told_and_all_of_it_stays(browser: Any, broken: dict[str, str]) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    typed = {"experts": "1", **ROW, "team_try": "MIJN BLAD", "asked_as": "MIJN VRAAG", **broken}
    response = browser(desk.broker).post(f"{url(question)}/answer", answer(question, **typed))
    assert response.status_code == 400
    for words in ("MIJN BLAD", "Wieke Ster", "lector", *(value for name, value in broken.items() if "_" in name)):
        assert words.splitlines()[0] in text(response)
    assert factories.working(question).team_try == ""


def test_a_text_that_was_typed_on_an_older_one_keeps_what_stands_around_it(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    typed = answer(question, experts="1", **ROW, **{"expert-0-agreed_by": "mail"}, team_watch="MIJN BLAD")
    factories.write(question, desk.broker, team_watch="HUN BLAD")
    response = browser(desk.broker).post(f"{url(question)}/answer", typed)
    assert response.status_code == 412
    for words in ("MIJN BLAD", "HUN BLAD", "Wieke Ster"):
        assert words in text(response)
    assert factories.working(question).team_watch == "HUN BLAD"
    assert factories.working(question).kept_drafts.get().content["consulted"][0]["name"] == "Wieke Ster"


def test_who_lost_the_case_can_copy_what_stood_around_the_answer(browser: Any, coordinator: Any) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    typed = answer(question, experts="1", **ROW, asked_as="MIJN VRAAG", team_watch="MIJN BLAD")
    factories.move(question, "release", coordinator, why="ziek")
    response = browser(desk.broker).post(f"{url(question)}/answer", typed)
    assert response.status_code == 403
    for words in ("MIJN VRAAG", "MIJN BLAD", "Wieke Ster"):
        assert words in text(response)
