"""The queue in a browser: tabs, filters, what was saved, several cases at once; what it costs."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brokers.models import Broker
from evidence.models import Theme
from questions import dialogue, listing, notices
from questions.models import Notice, Question, SavedView
from tests import factories

pytestmark = pytest.mark.django_db
# Session, person, roles (2), counts, a page and its themes, reported mistakes, news, themes, brokers, saved views;
# a theme, a broker or words to filter by are looked up first.
QUERIES = 12 + 3


def text(response: Any) -> str:
    return str(response.content.decode())


def shown(html: str) -> list[str]:
    """The cases of the list, in their order."""
    return re.findall(r'<h2><a href="/desk/cases/([0-9a-f-]{36})"', html)


def test_a_page_costs_the_same_few_queries_however_long_the_queue_and_whatever_the_filters(
    browser: Any, administrator: Any
) -> None:
    client = browser(administrator)
    desk = factories.Desk()
    lezen = Theme.objects.create(slug="lezen", label_nl="Lezen")
    paths = [
        "/desk?tab=all",
        "/desk?tab=open&sector=po&theme=lezen&q=stillezen&assignee=none&order=due",
        "/desk?tab=asker",
    ]
    counts = []
    for _round in range(2):
        for _n in range(4):
            factories.triaged(desk).themes.add(lezen)
            factories.proposed(desk)
        client.get("/desk")
        found = {}
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            found[path] = len(queries)
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[1].values()) <= QUERIES, counts[1]


def test_a_line_says_whose_turn_it_is_by_when_and_how_old_it_is(browser: Any) -> None:
    desk = factories.Desk()
    late, asked = factories.assigned(desk), factories.proposed(desk)
    Question.objects.filter(pk=late.pk).update(
        due_on=timezone.localdate() - timedelta(days=3), confirmed_at=timezone.now() - timedelta(days=400)
    )
    html = text(browser(desk.broker).get("/desk?tab=mine"))
    assert shown(html) == [str(late.pk), str(asked.pk)], "the most urgent one stands first"
    first, second = html.split("data-row")[1:3]
    assert "Te laat: moest klaar zijn" in first
    assert "werkdagen oud" in first
    assert "uitgebreid antwoord" in first
    assert "de vraagsteller" in second
    assert "Te laat" not in second


def test_a_line_names_the_day_it_came_in_and_no_turn_when_it_is_finished(browser: Any) -> None:
    desk = factories.Desk()
    came = timezone.make_aware(datetime(2026, 3, 2, 12))
    for make, day in ((factories.assigned, came), (factories.declined, came + timedelta(minutes=1))):
        Question.objects.filter(pk=make(desk).pk).update(confirmed_at=day)
    ended, held = text(browser(desk.coordinator).get("/desk?tab=all")).split("data-row")[1:3]
    assert "Aan de beurt: het loket · binnengekomen op 2 mrt 2026" in held
    assert "Aan de beurt" not in ended
    assert "binnengekomen op 2 mrt 2026" in ended
    assert "came in 2 Mar 2026" in text(browser(desk.coordinator).get("/en/desk?tab=all"))


def test_what_was_asked_is_read_without_opening_or_claiming_the_case(browser: Any, broker: Any) -> None:
    question = factories.triaged(context="Wij zijn een kleine school. " + "x" * 2_000)
    html = text(browser(broker).get("/desk?tab=unclaimed"))
    assert "Wij zijn een kleine school." in html
    assert "x" * 1_300 not in html
    assert browser(broker).get(f"/desk/cases/{question.pk}").status_code == 200
    assert factories.reload(question).assignee is None


def test_a_question_longer_than_its_line_is_read_to_its_end(browser: Any, broker: Any) -> None:
    factories.triaged(text=f"Helpt lezen? {'Wij vragen ons dat af. ' * 20}Dit is het einde.")
    html = text(browser(broker).get("/desk?tab=unclaimed"))
    assert html.count("Dit is het einde.") == 1
    assert re.search(r"<h2><a [^>]*>Helpt lezen\?[^<]{100,150}…</a></h2>", html)


def test_pages_lead_on_and_back(browser: Any, coordinator: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(listing, "page", lambda *given, real=listing.page, **more: real(*given, **more, size=2))
    desk = factories.Desk()
    made = [str(factories.triaged(desk, sector="vo").pk) for _n in range(5)]
    client, url, seen, pages = browser(coordinator), "/desk?tab=unclaimed&sector=vo", [], []
    while url:
        html = text(client.get(url))
        seen += shown(html)
        pages.append(shown(html))
        links = dict(re.findall(r'<a class="button second" href="([^"]+)">(V[^<]+)</a>', html))
        url = next((one.replace("&amp;", "&") for one, name in links.items() if name.startswith("Volgende")), "")
        back = next((one.replace("&amp;", "&") for one, name in links.items() if name.startswith("Vorige")), "")
    assert seen == made
    assert shown(text(client.get(back))) == pages[-2]


def test_a_filter_that_cannot_be_used_is_named_and_the_others_count(browser: Any, coordinator: Any) -> None:
    vo, po = factories.triaged(sector="vo"), factories.triaged()
    response = browser(coordinator).get("/desk?tab=all&sector=vo&state=kwijt&age=veel")
    html = text(response)
    assert response.status_code == 200
    assert shown(html) == [str(vo.pk)] != [str(po.pk)]
    assert html.count("We konden dit filter niet gebruiken") == 2


def test_each_filter_that_is_set_can_be_taken_away(browser: Any, coordinator: Any) -> None:
    factories.triaged()
    html = text(browser(coordinator).get("/desk?tab=open&sector=vo&q=lezen"))
    assert 'href="/desk?tab=open&amp;q=lezen"' in html
    assert 'href="/desk?tab=open&amp;sector=vo"' in html


def test_tabs_keep_what_one_works_on_and_count_only_what_they_show(browser: Any, coordinator: Any) -> None:
    factories.triaged(sector="vo")
    client = browser(coordinator)
    html = text(client.get("/desk?tab=open&sector=vo&age=1&q=lezen&assignee=none&order=due"))
    assert 'href="/desk?tab=all&amp;sector=vo&amp;age=1"' in html, "whose it is and words belong to the view one leaves"
    assert 'class="count"' not in html
    html = text(client.get("/desk?tab=open&q=lezen"))
    assert 'href="/desk?tab=all"' in html
    assert 'class="count"' in html


def test_a_line_says_what_others_did_until_it_was_read(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.proposed(desk)
    dialogue.say(question, {"body": "Ik bedoel groep 7."}, by=factories.asker(question))
    holder, other = browser(desk.broker), browser(desk.coordinator)
    assert "bericht van de vraagsteller" in text(holder.get("/desk?tab=mine"))
    assert "bericht van de vraagsteller" not in text(other.get("/desk?tab=open")), "it was told to its broker"
    notices.read(desk.broker, last=Notice.objects.latest("pk").pk)
    assert "bericht van de vraagsteller" not in text(holder.get("/desk?tab=mine"))


# --- Saved views


def test_a_view_is_saved_has_a_link_and_is_shared(browser: Any, broker: Any, second_broker: Any) -> None:
    wanted, other = factories.triaged(sector="vo"), factories.triaged()
    client, colleague = browser(broker), browser(second_broker)
    response = client.post("/desk/views", {"tab": "open", "sector": "vo", "name": "Alles van vo", "csrf": "x"})
    view = SavedView.objects.get()
    assert response["Location"] == f"/desk/views/{view.pk}"
    html = text(client.get(response["Location"]))
    assert "<h1>Alles van vo</h1>" in html
    assert shown(html) == [str(wanted.pk)] != [str(other.pk)]
    assert colleague.get(f"/desk/views/{view.pk}").status_code == 404
    for path in ("", "/change"):
        assert colleague.post(f"/desk/views/{view.pk}{path}", {"go": "remove"}).status_code in (404, 405)
    client.post(f"/desk/views/{view.pk}/change", {"name": "Voor allen", "is_shared": "on", "go": "change"})
    assert "Voor allen" in text(colleague.get("/desk"))
    assert shown(text(colleague.get(f"/desk/views/{view.pk}"))) == [str(wanted.pk)]
    assert colleague.post(f"/desk/views/{view.pk}/change", {"name": "Mijn", "go": "change"}).status_code == 403
    assert colleague.post(f"/desk/views/{view.pk}/change", {"go": "remove"}).status_code == 403
    assert text(colleague.get("/desk/views")).count("<form") == 0 or "Verwijderen" not in text(
        colleague.get("/desk/views")
    )
    client.post(f"/desk/views/{view.pk}/change", {"go": "remove"})
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_not_saved_and_the_filters_stay(browser: Any, broker: Any) -> None:
    wanted, _other = factories.triaged(sector="vo"), factories.triaged()
    response = browser(broker).post("/desk/views", {"tab": "open", "sector": "vo", "name": "", "is_shared": "on"})
    html = text(response)
    assert response.status_code == 400
    assert "Geef de weergave een naam." in html
    assert shown(html) == [str(wanted.pk)]
    assert not SavedView.objects.exists()


def test_other_filters_are_saved_in_place_of_a_view_when_one_says_so(browser: Any, broker: Any) -> None:
    client = browser(broker)
    client.post("/desk/views", {"tab": "open", "sector": "vo", "name": "Mijn werk"})
    again = {"tab": "open", "sector": "po", "name": "mijn WERK", "is_shared": "on"}
    response = client.post("/desk/views", again)
    assert response.status_code == 400
    assert "Je hebt al een weergave met deze naam" in text(response)
    view = SavedView.objects.get()
    assert view.query["sector"] == "vo"
    response = client.post("/desk/views", {**again, "is_instead": "on"})
    assert response["Location"] == f"/desk/views/{view.pk}"
    view.refresh_from_db()
    assert (view.query, view.name, view.is_shared) == ({"view": "open", "sector": "po"}, "mijn WERK", True)
    client.post("/desk/views", {"tab": "all", "name": "Nog een", "is_instead": "on"})
    assert SavedView.objects.count() == 2, "there was none of that name"


def test_a_saved_view_has_pages_of_its_own(browser: Any, coordinator: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(listing, "page", lambda *given, real=listing.page, **more: real(*given, **more, size=1))
    one, other = factories.triaged(), factories.triaged()
    view = SavedView.objects.create(owner=coordinator, name="Oud", query={"view": "all", "order": "oldest"})
    client = browser(coordinator)
    html = text(client.get(f"/desk/views/{view.pk}"))
    assert shown(html) == [str(one.pk)]
    (link,) = re.findall(rf'href="(/desk/views/{view.pk}\?after=[^"]+)"', html)
    assert shown(text(client.get(link))) == [str(other.pk)]


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 17])
def test_a_view_that_is_not_there_is_not_found(browser: Any, coordinator: Any, pk: str) -> None:
    assert browser(coordinator).get(f"/desk/views/{pk}").status_code == 404
    assert browser(coordinator).post("/desk/together", {"saved": pk}).status_code == 404
    assert browser(coordinator).post("/desk/together", {"saved": "1 OR 1"}).status_code == 404


# --- Several cases at once


def test_chosen_cases_are_changed_and_one_comes_back_to_the_same_page(browser: Any, coordinator: Any) -> None:
    desk = factories.Desk()
    cases = [factories.triaged(desk) for _n in range(2)]
    data = {"do": "assign", "broker": desk.broker.email, "why": "", "add": "", "remove": "", "tab": "unclaimed"}
    sent = {**data, "sector": "po", "after": "//evil.example", "questions": [str(case.pk) for case in cases]}
    response = browser(coordinator).post("/desk/together", sent)
    assert response["Location"] == "/desk?tab=unclaimed&sector=po"
    assert {factories.reload(case).assignee for case in cases} == {desk.broker}


def test_what_was_refused_stands_there_with_its_reason_and_stays_chosen(browser: Any, coordinator: Any) -> None:
    desk = factories.Desk()
    waiting, held = factories.triaged(desk), factories.assigned(desk)
    other = factories.staff("broker", "Bente")
    sent = {"do": "assign", "broker": other.email, "tab": "open", "questions": [str(waiting.pk), str(held.pk)]}
    response = browser(coordinator).post("/desk/together", sent)
    html = text(response)
    assert response.status_code == 200
    assert factories.reload(waiting).assignee == other
    assert factories.reload(held).assignee == desk.broker
    assert html.count(" checked>") == 1 + html.count('id="keys-on" checked>')
    assert re.search(rf'value="{held.pk}"[^>]* checked', html)
    outcomes = html.partition('id="outcomes"')[2].partition("</section>")[0]
    assert f">{waiting.number}</a>" in outcomes
    assert f">{held.number}</a>:" in outcomes


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"do": "assign", "broker": ""}, 400, "Choose at least one case."),
        ({"do": "themes", "add": "lezen"}, 400, "Choose at least one case."),
        ({"do": "close"}, 400, "Choose at least one case."),
    ],
)
def test_nothing_chosen_is_said_and_nothing_typed_is_lost(
    browser: Any, coordinator: Any, sent: dict[str, str], status: int, sentence: str
) -> None:
    Theme.objects.create(slug="lezen", label_nl="Lezen")
    factories.triaged()
    response = browser(coordinator).post("/en/desk/together", {**sent, "why": "MIJN REDEN", "tab": "open"})
    assert response.status_code == status
    assert sentence in text(response)
    assert ("MIJN REDEN" in text(response)) == (sent["do"] == "assign")
    assert ('<option value="lezen" selected>' in text(response)) == (sent["do"] == "themes")


def test_themes_of_chosen_cases_are_changed(browser: Any, editor: Any) -> None:
    Theme.objects.create(slug="lezen", label_nl="Lezen")
    case = factories.published()
    sent = {"do": "themes", "add": "lezen", "remove": "", "tab": "all", "questions": [str(case.pk)]}
    assert browser(editor).post("/desk/together", sent)["Location"] == "/desk?tab=all"
    assert [theme.slug for theme in case.themes.all()] == ["lezen"]


def test_a_reviewer_has_no_boxes_to_tick(browser: Any, reviewer: Any) -> None:
    factories.triaged()
    html = text(browser(reviewer).get("/desk?tab=all"))
    assert 'name="questions"' not in html
    assert "/desk/together" not in html


def test_addresses_that_only_take_forms_lead_back_when_opened(browser: Any, broker: Any) -> None:
    view = SavedView.objects.create(owner=broker, name="Mijn")
    assert browser(broker).get("/desk/together")["Location"] == "/desk"
    assert browser(broker).get(f"/desk/views/{view.pk}/change")["Location"] == "/desk/views"


def test_the_case_of_a_broker_who_is_away_is_taken_over_from_its_line(browser: Any, second_broker: Any) -> None:
    desk = factories.Desk()
    case = factories.assigned(desk)
    Broker.objects.filter(user=desk.broker).update(absent_until=timezone.localdate() + timedelta(days=7))
    client = browser(second_broker)
    address = f"/desk/cases/{case.pk}/do/take"
    assert address in text(client.get("/desk?tab=offered"))
    assert address not in text(client.get("/desk?tab=open")), "elsewhere it is a case like any other"
    assert client.post(address).status_code == 302
    assert factories.reload(case).assignee == second_broker


def test_the_list_tells_which_cases_had_a_broker_when_they_were_chosen(browser: Any, coordinator: Any) -> None:
    desk = factories.Desk()
    waiting, held = factories.triaged(desk), factories.assigned(desk)
    html = text(browser(coordinator).get("/desk?tab=open"))
    assert re.findall(r'name="held" value="([^"]+)"', html) == [str(held.pk)]
    factories.move(waiting, "claim", desk.broker)
    sent = {"do": "assign", "broker": factories.staff("broker").email, "why": "Vakantie.", "tab": "open"}
    response = browser(coordinator).post(
        "/desk/together", {**sent, "questions": [str(waiting.pk)], "held": [str(held.pk)]}
    )
    assert "intussen opgepakt" in text(response)
    assert factories.reload(waiting).assignee == desk.broker
