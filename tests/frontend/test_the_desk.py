"""The desk: the queue, the case, writing the answer; and every refusal keeps what was typed."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from frontend.pages import desk as queue
from questions.models import KeptDraft, Question, SearchEntry
from questions.states import State, VersionState
from tests import factories

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return str(response.content.decode())


def url(question: Any) -> str:
    return f"/desk/cases/{question.pk}"


def answer(question: Any, **more: Any) -> dict[str, str]:
    """What a browser sends from the editor."""
    version = factories.item(question).working("nl") if factories.reload(question).item else None
    lines = more.pop("lines", [("", "", "")])
    rows = {
        f"citation-{n}-{name}": value
        for n, line in enumerate(lines)
        for name, value in zip(("source", "claim", "locator"), line, strict=True)
    }
    return {
        **factories.TEXTS,
        "gap": "",
        "gap_kind": "",
        "etag": version.etag if version else '"new"',
        "rows": str(len(lines)),
        "go": "save",
        **rows,
        **more,
    }


# --- The queue


def test_tabs_hold_what_this_person_can_do(browser: Any) -> None:
    desk = factories.Desk()
    mine, waiting = factories.drafted(desk), factories.triaged(desk)
    review, publish = factories.in_review(), factories.answered()

    def shown(user: Any, tab: str) -> set[Any]:
        return {row.pk for row in queue.page(user, {"tab": tab}).rows}

    assert shown(desk.broker, "mine") == {mine.pk}
    assert shown(desk.broker, "unclaimed") == {waiting.pk}
    assert shown(desk.reviewer, "review") == {review.pk}
    assert shown(desk.broker, "review") == set()
    assert shown(desk.editor, "publish") == {publish.pk}
    assert {mine.pk, waiting.pk, review.pk} <= shown(desk.coordinator, "open")
    assert publish.pk not in shown(desk.coordinator, "open")


def test_nobody_reviews_or_publishes_what_they_wrote(administrator: Any) -> None:
    desk = factories.Desk(broker=administrator)
    factories.in_review(desk)
    factories.answered(desk)
    assert queue.page(administrator, {"tab": "review"}).rows == []
    assert queue.page(administrator, {"tab": "publish"}).rows == []


def test_a_case_costs_the_same_however_much_was_said(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    client = browser(desk.broker)
    counts = []
    for _n in range(2):
        for _m in range(4):
            client.post(f"{url(question)}/messages", {"body": "hoi"})
            client.post(f"{url(question)}/searches", {"place": "ERIC", "terms": "reading"})
        client.get(url(question))
        with CaptureQueriesContext(connection) as queries:
            client.get(url(question))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_next_case_goes_to_who_asks_for_it(browser: Any, broker: Any) -> None:
    question = factories.triaged()
    response = browser(broker).post("/desk/next")
    assert response["Location"] == url(question)
    assert factories.reload(question).assignee == broker
    assert browser(broker).post("/desk/next").status_code == 409


def test_who_is_no_broker_gets_no_next_case(browser: Any, reviewer: Any) -> None:
    factories.triaged()
    assert browser(reviewer).post("/desk/next").status_code == 403


def test_only_who_may_claim_sees_the_button(browser: Any, broker: Any, reviewer: Any) -> None:
    question = factories.triaged()
    assert f"{url(question)}/do/claim" in text(browser(broker).get("/desk?tab=unclaimed"))
    assert "/do/claim" not in text(browser(reviewer).get("/desk?tab=unclaimed"))


# --- Steps


def test_a_step_is_taken_and_leads_back_to_the_case(browser: Any, coordinator: Any) -> None:
    question = factories.submitted()
    response = browser(coordinator).post(f"{url(question)}/do/triage", {"track": "short", "why": ""})
    assert response["Location"] == url(question)
    assert factories.reload(question).state == State.TRIAGED


@pytest.mark.parametrize(
    ("make", "person", "name", "data", "status"),
    [
        (factories.triaged, "coordinator", "triage", {"track": "full", "why": "MIJN WOORDEN"}, 409),
        (factories.triaged, "broker", "decline", {"why": "MIJN WOORDEN", "alternative": "x"}, 403),
        (factories.triaged, "coordinator", "decline", {"why": "MIJN WOORDEN"}, 400),
        (factories.triaged, "coordinator", "merge", {"into": "99999", "why": "MIJN WOORDEN"}, 400),
        (factories.triaged, "coordinator", "refer", {"note": "MIJN WOORDEN"}, 400),
        (factories.triaged, "coordinator", "refer", {"note": "MIJN WOORDEN", "answer": "77777"}, 400),
        (factories.triaged, "coordinator", "assign", {"broker": "niemand@desk.example"}, 400),
    ],
)
def test_a_refused_step_keeps_what_was_typed(
    browser: Any, request: Any, make: Any, person: str, name: str, data: dict[str, str], status: int
) -> None:
    question = make()
    response = browser(request.getfixturevalue(person)).post(f"{url(question)}/do/{name}", data)
    assert response.status_code == status
    assert "notice problem" in text(response)
    if "MIJN WOORDEN" in data.values():
        assert "MIJN WOORDEN" in text(response)


def test_unknown_steps_do_not_exist_nor_those_of_an_answer_that_is_not_there(browser: Any, coordinator: Any) -> None:
    for question, path in (
        (factories.drafted(), "do/nonsense"),
        (factories.drafted(), "answer/do/nonsense"),
        (factories.triaged(), "answer/do/submit"),
    ):
        assert browser(coordinator).post(f"{url(question)}/{path}").status_code == 404


def test_addresses_that_only_take_forms_lead_back_when_opened(browser: Any, broker: Any) -> None:
    question = factories.triaged()
    for path in ("/do/claim", "/answer", "/messages", "/look", "/ledger", "/ledger/elsewhere"):
        assert browser(broker).get(url(question) + path)["Location"] == url(question)


def test_who_was_logged_out_while_typing_gets_the_words_back(browser: Any) -> None:
    question = factories.triaged()
    response = browser().post(
        f"{url(question)}/messages", {"body": "EEN LANG BERICHT VAN MIJ"}, headers={"Origin": "http://testserver"}
    )
    html = text(response)
    assert response.status_code == 403
    assert "EEN LANG BERICHT VAN MIJ" in html
    assert 'name="body"' in html


def test_who_was_logged_out_reads_their_words_by_the_names_of_the_fields_and_no_codes(browser: Any) -> None:
    question = factories.drafted()
    sent = {"explanation": "Lang genoeg om te lezen.", "gap": "Kort.", "etag": "x" * 40, "sitting": "y" * 40}
    html = text(browser().post(f"{url(question)}/answer", sent, headers={"Origin": "http://testserver"}))
    labels = re.findall(r'<label for="typed-\d+">([^<]+)</label>', html)
    assert labels == ["Uitleg", "Wat we niet weten (kennislacune)"]
    assert "Kort." in html
    assert f'name="etag" value="{"x" * 40}"' in html, "it is sent along all the same"


def test_a_stale_form_shows_what_was_typed_and_passwords_never(browser: Any, broker: Any) -> None:
    question = factories.triaged()
    client = browser(broker, enforce_csrf_checks=True)
    sent = {"body": "EEN LANG BERICHT VAN MIJ", "password": "geheim-wachtwoord"}
    html = text(client.post(f"{url(question)}/messages", sent))
    assert "EEN LANG BERICHT VAN MIJ" in html
    assert "geheim-wachtwoord" not in html


def test_a_form_from_elsewhere_is_not_offered_to_be_sent(browser: Any, broker: Any) -> None:
    question = factories.triaged()
    client = browser(broker, enforce_csrf_checks=True)
    response = client.post(f"{url(question)}/do/claim", {"x": "1"}, headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
    assert f'action="{url(question)}/do/claim"' not in text(response)


# --- Writing the answer


def test_the_answer_is_written_with_its_sources(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.agreed(desk)
    source = factories.source()
    response = browser(desk.broker).post(
        f"{url(question)}/answer", answer(question, lines=[(source.key, "het helpt", "p. 3"), ("", "", "")])
    )
    assert response["Location"] == f"{url(question)}#answer"
    citation = factories.working(question).citations.get()
    assert (citation.source, citation.claim, citation.locator) == (source, "het helpt", "p. 3")


@pytest.mark.parametrize("go", ["add", "preview", "use:jansen-2020", "drop:1"])
def test_helping_buttons_save_nothing_and_lose_nothing(browser: Any, go: str) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    before = factories.working(question).revision
    data = answer(
        question,
        short_answer="NIEUWE WOORDEN",
        go=go,
        lines=[("eerste-2020", "EERSTE CLAIM", "p. 1"), ("tweede-2021", "tweede claim", "")],
    )
    html = text(browser(desk.broker).post(f"{url(question)}/answer", data))
    assert "NIEUWE WOORDEN" in html
    assert "EERSTE CLAIM" in html
    assert ("tweede claim" in html) == (go != "drop:1")
    assert ('name="citation-2-source" value="jansen-2020"' in html) == (go == "use:jansen-2020")
    assert factories.working(question).revision == before


def test_the_preview_shows_the_reference_list(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.agreed(desk)
    source = factories.source()
    data = answer(question, go="preview", explanation=f"Zie [@{source.key}].", lines=[(source.key, "x", "")])
    html = text(browser(desk.broker).post(f"{url(question)}/answer", data))
    assert 'href="#ref-1"' in html
    assert source.title in html


def test_a_stale_save_shows_both_texts_and_keeps_both(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    mine = answer(question, short_answer="MIJN TEKST", lines=[("", "MIJN CLAIM", "")])
    source = factories.source()
    mine["citation-0-source"] = source.key
    factories.write(question, desk.broker, short_answer="DE ANDERE TEKST")
    client = browser(desk.broker)
    response = client.post(f"{url(question)}/answer", mine)
    html = text(response)
    assert response.status_code == 412
    for words in ("MIJN TEKST", "MIJN CLAIM", "DE ANDERE TEKST"):
        assert words in html
    assert KeptDraft.objects.get().content["short_answer"] == "MIJN TEKST"
    assert factories.working(question).short_answer == "DE ANDERE TEKST"
    assert "MIJN TEKST" in text(client.get(url(question)))  # still there tomorrow
    again = client.post(f"{url(question)}/answer", {**mine, "etag": factories.working(question).etag})
    assert again.status_code == 302
    assert factories.working(question).short_answer == "MIJN TEKST"


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": [("bestaat-niet", "MIJN CLAIM", "")]},
        {"lines": [("", "MIJN CLAIM", "")]},
        {"strength": "insufficient", "direction": "none"},
        {"explanation": "MIJN TEKST" + "x" * 50_001},
        {"strength": "nonsense"},
    ],
)
def test_a_wrong_field_of_the_answer_keeps_everything(browser: Any, wrong: dict[str, Any]) -> None:
    desk = factories.Desk()
    question = factories.drafted(desk)
    data = answer(question, **{"short_answer": "MIJN TEKST", **wrong})
    response = browser(desk.broker).post(f"{url(question)}/answer", data)
    assert response.status_code == 400
    assert "MIJN TEKST" in text(response)
    assert "errorlist" in text(response)
    if "lines" in wrong:
        assert "MIJN CLAIM" in text(response)


def test_somebody_who_may_not_write_keeps_their_text(browser: Any, second_broker: Any) -> None:
    question = factories.drafted()
    response = browser(second_broker).post(f"{url(question)}/answer", answer(question, short_answer="MIJN TEKST"))
    assert response.status_code == 403
    assert "MIJN TEKST" in text(response)


def test_saving_a_text_in_review_takes_it_back_and_says_so_before(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.in_review(desk)
    client = browser(desk.broker)
    assert "nieuwe beoordeling" in text(client.get(url(question)))
    client.post(f"{url(question)}/answer", answer(question))
    assert factories.working(question).state == VersionState.DRAFT


def test_the_whole_way_to_a_published_answer_by_its_pages(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.submitted()
    broker, coordinator = browser(desk.broker), browser(desk.coordinator)
    coordinator.post(f"{url(question)}/do/triage", {"track": "full"})
    broker.post(f"{url(question)}/do/claim")
    broker.post(f"{url(question)}/do/propose", {"articulated": factories.ARTICULATED, "for_whom": "groep 6"})
    browser().post(f"/track/{factories.asker(question).token}/do/agree", {"articulated": ""})
    broker.post(f"{url(question)}/answer", answer(question, lines=[(factories.source().key, "kleine effecten", "")]))
    broker.post(f"{url(question)}/answer/do/submit")
    browser(desk.reviewer).post(f"{url(question)}/answer/do/approve", {"kind": "all", "remarks": "mooi"})
    broker.post(f"{url(question)}/do/answer", {"embargo_until": ""})
    browser(desk.editor).post(f"{url(question)}/do/publish")
    item = factories.item(question)
    assert browser().get(f"/answers/{item.number}/{item.slug}").status_code == 200
    assert factories.ARTICULATED in text(browser().get("/"))


# --- Search log and dialogue


def test_a_search_is_written_down(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.agreed(desk)
    data = {"place": "ERIC", "terms": "sustained silent reading", "hits": "14", "kept": "twee overzichten"}
    response = browser(desk.broker).post(f"{url(question)}/searches", data)
    assert response["Location"] == f"{url(question)}#searches"
    assert SearchEntry.objects.get().hits == 14


@pytest.mark.parametrize("data", [{"place": "MIJN PLEK"}, {"place": "MIJN PLEK", "terms": "x", "hits": "veel"}])
def test_an_incomplete_search_comes_back_filled(browser: Any, data: dict[str, str]) -> None:
    desk = factories.Desk()
    response = browser(desk.broker).post(f"{url(factories.agreed(desk))}/searches", data)
    assert response.status_code == 400
    assert "MIJN PLEK" in text(response)


def test_an_empty_message_is_refused(browser: Any) -> None:
    desk = factories.Desk()
    assert browser(desk.broker).post(f"{url(factories.assigned(desk))}/messages", {"body": " "}).status_code == 400


def test_a_suggested_answer_fills_the_referral(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.assigned(desk)
    assert 'value="12"' in text(browser(desk.broker).get(f"{url(question)}?refer=12"))


def test_every_case_counts_only_once_in_the_queue(browser: Any, coordinator: Any) -> None:
    factories.revising()
    rows = queue.page(coordinator, {"tab": "all"}).rows
    assert len(rows) == len({row.pk for row in rows}) == Question.objects.confirmed().count()
