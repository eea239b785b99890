"""Found, written down, put in the ledger, judged and used: on the page of the case, without JavaScript."""

import csv
import html
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from questions import ledger, searchlog
from questions.models import LedgerEntry, SearchEntry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> factories.Desk:
    return factories.Desk()


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


def url(question: Any) -> str:
    return f"/desk/cases/{question.pk}"


def test_one_press_writes_down_what_the_page_found_and_the_log_shows_it(browser: Any, desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    client = browser(desk.broker)
    response = client.post(f"{url(question)}/searches/found")
    assert response["Location"] == f"{url(question)}#searches"
    entry = SearchEntry.objects.get()
    assert entry.terms == factories.ARTICULATED
    page = text(client.get(url(question)))
    assert "Onze eigen bibliotheek" in page
    assert f"{url(question)}/searches/{entry.pk}/again" in page


def test_words_of_ones_own_change_nothing_until_they_are_written_down(browser: Any, desk: factories.Desk) -> None:
    question, source = factories.agreed(desk), factories.source(title="Zwerfkeien tellen")
    client = browser(desk.broker)
    page = text(client.post(f"{url(question)}/look", {"terms": "zwerfkeien", "year_from": "2019"}))
    assert f'name="source" value="{source.key}"' in page
    assert not SearchEntry.objects.exists()
    client.post(f"{url(question)}/searches/library", {"terms": "zwerfkeien", "year_from": "2019"})
    assert SearchEntry.objects.get().filters == {"year_from": 2019}
    wrong = client.post(f"{url(question)}/look", {"terms": "zwerfkeien", "year_from": "later"})
    assert wrong.status_code == 400
    assert 'value="later"' in text(wrong)


def test_a_hit_goes_into_the_ledger_by_one_press_and_is_judged_there(browser: Any, desk: factories.Desk) -> None:
    question, source = factories.agreed(desk), factories.source()
    client = browser(desk.broker)
    client.post(f"{url(question)}/ledger", {"source": source.key})
    entry = LedgerEntry.objects.get()
    page = text(client.get(f"{url(question)}?entry={entry.pk}"))
    assert f'action="{url(question)}/ledger/{entry.pk}"' in page
    refused = client.post(f"{url(question)}/ledger/{entry.pk}", {"state": "rejected", "note": "MIJN NOTITIE"})
    assert refused.status_code == 400
    assert "Zeg waarom je deze bron afwijst." in text(refused)
    assert "MIJN NOTITIE" in text(refused)
    data = {"state": "kept", "design": "RCT", "direction": "positive", "etag": entry.etag}
    assert client.post(f"{url(question)}/ledger/{entry.pk}", data)["Location"].endswith(f"#entry-{entry.pk}")
    assert factories.reload(entry).state == "kept"
    stale = client.post(f"{url(question)}/ledger/{entry.pk}", {**data, "note": "TE LAAT"})
    assert stale.status_code == 412
    assert "TE LAAT" in text(stale)


def test_a_design_is_chosen_from_the_list_and_one_that_it_lacks_is_said_to_be_weak(
    browser: Any, desk: factories.Desk
) -> None:
    question = factories.agreed(desk)
    entry = ledger.add(question, {"source": factories.source().key}, by=desk.broker)
    client, address = browser(desk.broker), f"{url(question)}/ledger/{entry.pk}"
    page = text(client.get(f"{url(question)}?entry={entry.pk}"))
    assert '<option value="rct">experiment met groepen door loting (RCT)</option>' in page
    kept = {"state": "kept", "direction": "positive"}
    client.post(address, {**kept, "design": "other", "design_other": "Gerandomiseerd experiment"})
    page = text(client.get(f"{url(question)}?entry={entry.pk}"))
    assert '<option value="rct" selected>' in page
    assert "telt als zwak)" not in page
    client.post(address, {**kept, "design": "other", "design_other": "Delphi-studie"})
    page = text(client.get(f"{url(question)}?entry={entry.pk}"))
    assert "Delphi-studie (we kennen deze opzet niet, dus telt die als zwak)" in page
    assert '<option value="other" selected>' in page
    assert 'value="Delphi-studie"' in page
    refused = client.post(address, {**kept, "design": "rct", "design_other": "Delphi-studie"})
    assert refused.status_code == 400
    assert '<option value="rct" selected>' in text(refused)
    assert 'value="Delphi-studie"' in text(refused)


def test_a_source_found_elsewhere_goes_into_library_and_ledger_from_the_page(
    browser: Any, desk: factories.Desk
) -> None:
    question = factories.agreed(desk)
    client, address = browser(desk.broker), f"{url(question)}/ledger/elsewhere"
    assert f'action="{address}"' in text(client.get(url(question)))
    typed = {
        "type": "chapter",
        "title": "Gevonden in ERIC",
        "author": "Meer, A.\nBos, B.",
        "doi": "10.1/x",
        "note": "N",
    }
    refused = client.post(address, typed)
    assert refused.status_code == 400
    page = text(refused)
    assert "Dit is geen DOI" in page
    for words in (
        '<option value="chapter" selected>',
        'value="Gevonden in ERIC"',
        "Meer, A.\nBos, B.",
        'value="10.1/x"',
    ):
        assert words in page
    assert '<details class="quiet" id="elsewhere" open>' in page
    assert not LedgerEntry.objects.exists()
    done = client.post(address, {**typed, "doi": "10.1234/x"})
    assert done["Location"] == f"{url(question)}#ledger"
    page = text(client.get(url(question)))
    assert "‘Gevonden in ERIC’ staat in de bibliotheek (sleutel meer) en in het bewijsboek." in page
    assert text(client.get("/sources/meer")).count("Gevonden in ERIC") > 0
    other = factories.agreed(desk)
    client.post(f"{url(other)}/ledger/elsewhere", {**typed, "title": "Anders getypt", "doi": "doi:10.1234/X"})
    page = text(client.get(url(other)))
    assert "De bibliotheek heeft deze bron al: ‘Gevonden in ERIC’ (sleutel meer)." in page
    assert "Anders getypt" not in page


def test_only_who_may_add_a_source_is_offered_the_form_for_one(browser: Any, desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    for person in (desk.coordinator, desk.reviewer, desk.editor):
        client = browser(person)
        assert 'id="elsewhere"' not in text(client.get(url(question)))
        refused = client.post(f"{url(question)}/ledger/elsewhere", {"type": "report", "title": "MIJN TITEL"})
        assert refused.status_code == 403
        assert "MIJN TITEL" in text(refused)


def test_before_agreement_the_page_says_why_and_shows_what_exists_all_the_same(
    browser: Any, desk: factories.Desk
) -> None:
    question = factories.proposed(desk)
    client = browser(desk.broker)
    page = text(client.get(url(question)))
    assert "geen coördinator heeft opgeschreven waarom" in page
    assert 'id="answer-form"' not in page
    assert client.post(f"{url(question)}/look", {"terms": "lezen"}).status_code == 200
    for path, data in (
        ("/searches", {"place": "ERIC", "terms": "x"}),
        ("/searches/found", {}),
        ("/searches/library", {"terms": "x"}),
        ("/ledger", {"source": factories.source().key}),
        ("/ledger/elsewhere", {"type": "report", "title": "Rapport"}),
        ("/answer", {"short_answer": "MIJN TEKST", "etag": '"new"'}),
    ):
        response = client.post(url(question) + path, data)
        assert response.status_code == 409, path
        assert "geen coördinator heeft opgeschreven waarom" in text(response), path
    assert "MIJN TEKST" in text(client.post(f"{url(question)}/answer", {"short_answer": "MIJN TEKST", "etag": '"new"'}))


def test_sentences_without_a_source_and_sources_without_a_sentence_are_pointed_out(
    browser: Any, desk: factories.Desk
) -> None:
    question = factories.agreed(desk)
    used, unused = factories.source(), factories.source(title="Ongebruikte studie")
    for one in (used, unused):
        entry = ledger.add(question, {"source": one.key}, by=desk.broker)
        ledger.judge(question, entry.pk, {"state": "kept", "direction": "positive"}, by=desk.broker)
    said = "Vrij lezen helpt een beetje. Niemand keek naar het mbo."
    cited = [{"source": used.key, "claim": "Vrij lezen helpt een beetje."}]
    factories.write(question, desk.broker, short_answer=said, citations=cited)
    client = browser(desk.broker)
    page = text(client.get(url(question)))
    assert page.count("Nog geen bron draagt deze zin.") == 1
    assert "Draagt zin 1 van het korte antwoord" in page
    assert page.partition("Gehouden maar niet gebruikt")[2].count("Ongebruikte studie") >= 1
    again = client.post(
        f"{url(question)}/answer", {"go": "claim:Niemand keek naar het mbo.", "short_answer": said, "etag": '"x"'}
    )
    assert "Niemand keek naar het mbo.</textarea>" in text(again)
    taken = text(client.post(f"{url(question)}/answer", {"go": "grade:limited:mixed", "etag": '"x"'}))
    assert '<option value="limited" selected>' in taken
    assert '<option value="mixed" selected>' in taken


def test_taking_over_what_the_ledger_bears_out_takes_its_kind_of_gap_along(browser: Any, desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    for found in ("positive", "none"):
        entry = ledger.add(question, {"source": factories.source().key}, by=desk.broker)
        judged = {"state": "kept", "design": "rct", "fit": "same", "direction": found}
        ledger.judge(question, entry.pk, judged, by=desk.broker)
    client = browser(desk.broker)
    (press,) = re.findall(r'value="(grade:[^"]*)"', text(client.get(url(question))))
    taken = client.post(f"{url(question)}/answer", {"go": press, "etag": '"new"', "gap": "Van wie het afhangt."})
    form = taken.context["page"].writing.editor.form
    assert (form["gap_kind"].value(), form["direction"].value()) == ("conflicting", ledger.proposal(question).direction)
    chosen = {"go": "grade:limited:positive:", "etag": '"new"', "gap": "x", "gap_kind": "outdated"}
    form = client.post(f"{url(question)}/answer", chosen).context["page"].writing.editor.form
    assert form["gap_kind"].value() == "outdated", "where the ledger shows no gap, what somebody chose stays"


def test_the_wordings_stand_beside_each_other_with_what_changed(browser: Any, desk: factories.Desk) -> None:
    question = factories.move(
        factories.proposed(desk), "propose", desk.broker, articulated=factories.ARTICULATED.replace("12", "10")
    )
    page = text(browser(desk.broker).get(url(question)))
    assert "Hoe de woorden zijn ontstaan: 2 versies" in page
    assert "<ins>" in page
    assert "<del>" in page


def test_a_ledger_of_sixty_costs_no_more_and_can_be_looked_at_in_parts(browser: Any, desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    client = browser(desk.broker)
    library = [factories.source(title=f"Bron {n}") for n in range(60)]

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(url(question))
        return len(asked)

    def fill(first: int, end: int) -> None:
        for n in range(first, end):
            entry = ledger.add(question, {"source": library[n].key}, by=desk.broker)
            if n % 3 == 0:
                said = {"state": "rejected", "reason": "old"}
                ledger.judge(question, entry.pk, said, by=desk.broker)

    fill(0, 3)
    queries()
    few = queries()
    fill(3, 60)
    assert queries() == few
    page = client.get(f"{url(question)}?ledger=rejected").content.decode()
    assert page.count('class="state rejected"') == 20
    assert 'class="state found"' not in page


def test_the_report_prints_what_was_searched_kept_and_left_out(browser: Any, desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    searchlog.log(question, {"place": "ERIC", "terms": "free reading", "hits": 14}, by=desk.broker)
    for state in ({"state": "kept"}, {"state": "rejected", "reason": "old", "why": "Van 1970."}):
        entry = ledger.add(question, {"source": factories.source().key}, by=desk.broker)
        ledger.judge(question, entry.pk, state, by=desk.broker)
    for person in (desk.broker, desk.coordinator, desk.reviewer):
        page = text(browser(person).get(f"{url(question)}/searches"))
        assert all(words in page for words in ("ERIC", "free reading", "14", "Van 1970.", "het is verouderd"))
    assert browser().get(f"{url(question)}/searches").status_code == 302


def test_the_table_gives_no_spreadsheet_a_formula(browser: Any, desk: factories.Desk) -> None:
    question = factories.agreed(desk)
    searchlog.log(question, {"place": "=1+1", "terms": "@lezen", "kept": "-x"}, by=desk.broker)
    response = browser(desk.broker).get(f"{url(question)}/searches.csv")
    assert response["Content-Type"].startswith("text/csv")
    (_names, line) = csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";")
    assert (line[1], line[2], line[8]) == ("'=1+1", "'@lezen", "'-x")


def test_readers_of_a_gap_are_told_where_was_searched_and_not_with_which_words(
    browser: Any, desk: factories.Desk
) -> None:
    question = factories.agreed(desk)
    searchlog.log(question, {"place": "ERIC", "terms": "GEHEIME WOORDEN", "searched_on": "2026-03-02"}, by=desk.broker)
    factories.write(question, desk.broker, gap="Niemand keek naar het mbo.")
    factories.move(factories.working(question), "submit", desk.broker)
    factories.move(factories.working(question), "approve", desk.reviewer, kind="all")
    factories.move(factories.reload(question), "answer", desk.broker)
    factories.move(factories.reload(question), "publish", desk.editor)
    page = text(browser().get(factories.answer_url(factories.item(question))))
    assert "ERIC (het laatst op 2 maart 2026)" in page
    assert "GEHEIME WOORDEN" not in page


def test_the_note_stands_on_the_page_of_who_asked_and_of_nobody_else(
    browser: Any, desk: factories.Desk, second_teacher: Any
) -> None:
    question = factories.move(
        factories.assigned(desk), "propose", desk.broker, articulated=factories.ARTICULATED, note="ZO IS ER MEER OVER"
    )
    assert "ZO IS ER MEER OVER" in text(browser().get(f"/track/{factories.asker(question).token}"))
    assert "ZO IS ER MEER OVER" not in text(browser().get(f"/track/{second_teacher(question).token}"))
