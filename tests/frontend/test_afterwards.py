"""One click in the mail and one button; a mail scanner that opens every link changes nothing."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from questions import afterwards, privacy
from questions.models import FollowUp
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> FollowUp:
    question = factories.answered()
    ago = timezone.now() - timedelta(weeks=6, hours=1)
    question.events.filter(name="answer").update(at=ago)
    assert afterwards.ask() == 1
    return FollowUp.objects.get()


def text(response: Any) -> str:
    return str(response.content.decode())


def ticked(html: str) -> list[str]:
    return re.findall(r'value="(\w+)"[^>]*checked', html)


def test_opening_every_link_of_the_letter_saves_nothing(browser: Any, row: FollowUp) -> None:
    for value in FollowUp.Used.values:
        page = browser().get(f"/after/{row.token}?used={value}")
        assert page.status_code == 200
        assert ticked(text(page)) == [value]
    for path in ("", "/more", "/thanks", "/stop"):
        assert browser().get(f"/after/{row.token}{path}").status_code == 200
    kept = factories.reload(row)
    assert (kept.answered_at, kept.used, kept.participation.asker.wants_follow_up) == (None, [], True)


def test_one_button_saves_and_leads_to_the_second_question_and_then_to_thanks(browser: Any, row: FollowUp) -> None:
    client = browser(enforce_csrf_checks=True)
    first = client.post(f"/after/{row.token}", {"used": ["team", "leader"]})
    assert first["Location"] == f"/after/{row.token}/more"
    second = client.post(first["Location"], {"helped": ["clear"], "hindered": ["time"], "words": "Fijn."})
    assert second["Location"] == f"/after/{row.token}/thanks"
    assert client.get(second["Location"]).status_code == 200
    kept = factories.reload(row)
    assert (kept.used, kept.helped, kept.hindered, kept.words) == (["team", "leader"], ["clear"], ["time"], "Fijn.")
    assert ticked(text(client.get(f"/after/{row.token}"))) == ["team", "leader"]


def test_nothing_chosen_is_said_and_typed_words_stay(browser: Any, row: FollowUp) -> None:
    assert browser().post(f"/after/{row.token}", {}).status_code == 400
    assert browser().post(f"/after/{row.token}/more", {}).status_code == 400
    response = browser().post(f"/after/{row.token}/more", {"words": "Bel 0612345678", "helped": ["clear"]})
    assert response.status_code == 400
    assert "Bel 0612345678" in text(response)
    assert ticked(text(response)) == ["clear"]
    assert factories.reload(row).answered_at is None


def test_an_unknown_choice_in_the_address_ticks_nothing(browser: Any, row: FollowUp) -> None:
    assert ticked(text(browser().get(f"/after/{row.token}?used=%3Cscript%3E"))) == []


def test_stopping_is_one_button_and_a_mail_program_may_press_it(browser: Any, row: FollowUp) -> None:
    client = browser(enforce_csrf_checks=True)
    response = client.post(f"/after/{row.token}/stop", {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert not factories.reload(row).participation.asker.wants_follow_up


def test_forged_links_and_those_of_erased_people_open_nothing(browser: Any, row: FollowUp) -> None:
    forged = row.token[:-1] + ("0" if row.token[-1] != "0" else "1")
    privacy.erase(row.participation.asker)
    for token in (forged, row.token):
        for path in ("", "/more", "/thanks", "/stop"):
            assert browser().get(f"/after/{token}{path}").status_code == 404
    for path in ("", "/more", "/stop"):
        assert browser().post(f"/after/{forged}{path}", {"used": ["team"]}).status_code == 404


def test_these_pages_stay_out_of_caches_and_search_engines(browser: Any, row: FollowUp) -> None:
    response = browser().get(f"/en/after/{row.token}")
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"


def test_the_desk_reads_numbers_and_no_names(browser: Any, broker: Any, row: FollowUp) -> None:
    afterwards.say_use(row, {"used": ["team"]})
    page = text(browser(broker).get("/desk/after"))
    assert "minder dan vijf" in page
    assert row.participation.asker.email not in page
    assert factories.ARTICULATED not in page
    assert not re.search(r"<td>[1-4]</td>", page)


def test_visitors_do_not_read_the_numbers(browser: Any) -> None:
    assert browser().get("/desk/after").status_code == 302
