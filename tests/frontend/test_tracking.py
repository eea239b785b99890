"""The asker's own pages: confirming, following, agreeing, answering back, leaving."""

import json
import re
from typing import Any

import pytest

from questions import dialogue
from questions.models import Asker, Participation
from questions.states import State
from tests import factories

pytestmark = pytest.mark.django_db


def link(question: Any) -> str:
    """The link in the letters: what this person may see and do."""
    return f"/track/{factories.asker(question).mailed_token}"


def text(response: Any) -> str:
    return str(response.content.decode())


def test_confirming_needs_the_button_and_gives_the_number_once(browser: Any) -> None:
    question = factories.unconfirmed()
    url = f"/confirm/{factories.asker(question).confirm_token}"
    client = browser(enforce_csrf_checks=True)
    page = client.get(url)
    assert question.text in text(page)
    assert page["Referrer-Policy"] == "no-referrer"
    assert factories.reload(question).number is None
    response = client.post(url)
    assert response["Location"] == link(question)
    number = factories.reload(question).number
    assert number is not None
    for again in (client.post(url), client.get(url)):
        assert again["Location"] == link(question)
    assert factories.reload(question).number == number


def test_the_tracking_link_alone_confirms_nothing(browser: Any) -> None:
    question = factories.unconfirmed()
    assert browser().post(f"{link(question)}/do/confirm").status_code == 404
    assert factories.reload(question).number is None


@pytest.mark.parametrize("path", ["/erase", "/export"])
def test_who_typed_somebody_else_s_address_gets_nothing_of_them(browser: Any, path: str) -> None:
    """A link is given to whoever asks; only the one in the letters shows that the address is theirs."""
    for question in (factories.unconfirmed(), factories.submitted()):
        url = f"/track/{factories.asker(question).token}"
        assert path not in text(browser().get(url))
        for response in (browser().get(url + path), browser().post(url + path)):
            assert response.status_code in (404, 405)
    assert Asker.objects.filter(email__gt="").exists()


@pytest.mark.parametrize("token", ["x", "x:y:z", "0" * 300])
def test_a_broken_confirmation_link_says_what_to_do(browser: Any, token: str) -> None:
    response = browser().get(f"/confirm/{token}")
    assert response.status_code == 404
    assert "zeven dagen" in text(response)


def test_both_wordings_stand_beside_each_other_to_agree_to(browser: Any) -> None:
    question = factories.proposed()
    html = text(browser().get(link(question)))
    assert question.text in html
    assert question.articulated in html
    assert "Jij bent aan de beurt" in html
    client = browser(enforce_csrf_checks=True)
    response = client.post(f"{link(question)}/do/agree", {"articulated": "Mijn betere woorden?"})
    assert response.status_code == 302
    assert factories.reload(question).articulated == "Mijn betere woorden?"


def test_agreeing_too_late_keeps_the_words(browser: Any) -> None:
    question = factories.agreed()
    response = browser().post(f"{link(question)}/do/agree", {"articulated": "Toch liever zo?"})
    assert response.status_code == 409
    assert "Toch liever zo?" in text(response)


def test_words_too_long_come_back(browser: Any) -> None:
    question = factories.proposed()
    response = browser().post(f"{link(question)}/do/agree", {"articulated": "woord " * 100})
    assert response.status_code == 400
    assert ("woord " * 100).strip() in text(response)


def test_asker_and_broker_talk(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.assigned(desk)
    dialogue.say(question, {"body": "Welke groep bedoel je?"}, by=desk.broker)
    assert "Welke groep bedoel je?" in text(browser().get(link(question)))
    assert browser().post(f"{link(question)}/messages", {"body": "Groep 6."}).status_code == 302
    assert "Groep 6." in text(browser(desk.broker).get(f"/desk/cases/{question.pk}"))


def test_a_message_to_a_closed_case_is_refused_with_the_words_still_there(browser: Any) -> None:
    question = factories.withdrawn()
    response = browser().post(f"{link(question)}/messages", {"body": "Toch nog iets"})
    assert response.status_code == 409
    assert "Toch nog iets" in text(response)


def test_the_answer_is_there_for_the_asker_before_it_is_public(browser: Any) -> None:
    question = factories.answered()
    assert factories.TEXTS["short_answer"] in text(browser().get(link(question)))
    assert factories.TEXTS["short_answer"] not in text(browser().get(link(factories.approved())))


def test_saying_that_a_referral_did_not_help_opens_the_question_again(browser: Any) -> None:
    question = factories.referred()
    assert "Lees dit eens." in text(browser().get(link(question)))
    response = browser().post(f"{link(question)}/do/respond", {"verdict": "partly", "why": "niet voor groep 6"})
    assert response.status_code == 302
    assert factories.reload(question).state == State.SUBMITTED


def test_a_verdict_must_be_chosen_and_the_words_stay(browser: Any) -> None:
    question = factories.referred()
    response = browser().post(f"{link(question)}/do/respond", {"why": "niet voor groep 6"})
    assert response.status_code == 400
    assert "niet voor groep 6" in text(response)


def test_a_declined_question_tells_why_and_where_else(browser: Any) -> None:
    html = text(browser().get(link(factories.declined())))
    assert "een rechtsvraag" in html
    assert "juridisch loket" in html


def test_reasons_inside_the_desk_are_not_shown(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.assigned(desk)
    factories.move(question, "release", desk.broker, why="GEHEIME REDEN")
    assert "GEHEIME REDEN" not in text(browser().get(link(question)))


def test_a_merged_asker_follows_the_other_question_by_a_link_of_their_own(browser: Any) -> None:
    question = factories.merged()
    own = Participation.objects.get(origin=question)
    assert f"/track/{own.mailed_token}" in text(browser().get(link(question)))
    assert browser().get(f"/track/{own.token}").status_code == 200


def test_withdrawing_asks_first(browser: Any) -> None:
    question = factories.triaged()
    assert browser().get(f"{link(question)}/withdraw").status_code == 200
    assert factories.reload(question).state == State.TRIAGED
    assert browser().post(f"{link(question)}/do/withdraw", {"why": ""}).status_code == 302
    assert factories.reload(question).state == State.WITHDRAWN
    assert browser().get(f"{link(question)}/withdraw").status_code == 302


@pytest.mark.parametrize("name", ["triage", "claim", "publish", "nonsense"])
def test_steps_of_the_desk_do_not_exist_here(browser: Any, name: str) -> None:
    assert browser().post(f"{link(factories.submitted())}/do/{name}").status_code == 404


def test_who_asked_the_same_may_not_decide(browser: Any, second_teacher: Any) -> None:
    question = factories.proposed()
    token = second_teacher(question).token
    assert browser().post(f"/track/{token}/do/agree").status_code == 403
    assert browser().post(f"/track/{token}/messages", {"body": "hoi"}).status_code == 403


def test_export_holds_what_the_asker_typed(browser: Any) -> None:
    question = factories.submitted(context="Voor mijn groep.")
    response = browser().get(f"{link(question)}/export")
    assert "attachment" in response["Content-Disposition"]
    assert json.loads(response.content)["questions"][0]["context"] == "Voor mijn groep."


def test_erasing_asks_first_and_then_the_link_opens_nothing(browser: Any) -> None:
    question = factories.submitted()
    url = link(question)
    assert browser().get(f"{url}/erase").status_code == 200
    assert Asker.objects.exists()
    assert browser(enforce_csrf_checks=True).post(f"{url}/erase")["Location"] == "/erased"
    assert not Asker.objects.exists()
    for path in ("", "/erase", "/export", "/withdraw"):
        assert browser().get(url + path).status_code == 404


def test_addresses_that_only_take_forms_lead_back_when_opened(browser: Any) -> None:
    url = link(factories.proposed())
    for path in ("/do/agree", "/messages"):
        assert browser().get(url + path)["Location"] == url


def test_one_agrees_with_the_words_one_has_read(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.proposed(desk)
    seen = re.search(r'name="proposed" value="([^"]+)"', text(browser().get(link(question))))
    assert seen is not None
    factories.move(question, "propose", desk.broker, articulated="Een heel andere vraag?")
    sent = {"articulated": "MIJN WOORDEN", "proposed": seen[1]}
    response = browser().post(f"{link(question)}/do/agree", sent)
    assert response.status_code == 409
    assert "anders opgeschreven" in text(response)
    assert "MIJN WOORDEN" in text(response)
    assert "Een heel andere vraag?" in text(response)
    assert factories.reload(question).agreement == ""
    now = re.search(r'name="proposed" value="([^"]+)"', text(response))
    assert now is not None
    assert browser().post(f"{link(question)}/do/agree", {"proposed": now[1]}).status_code == 302
    assert factories.reload(question).articulated == "Een heel andere vraag?"


def test_who_was_helped_does_not_open_the_question_again_by_an_old_page(browser: Any) -> None:
    question = factories.referred()
    assert browser().post(f"{link(question)}/do/respond", {"verdict": "answered"}).status_code == 302
    response = browser().post(f"{link(question)}/do/respond", {"verdict": "no", "why": "TOCH NIET"})
    assert response.status_code == 409
    assert "TOCH NIET" in text(response)
    assert factories.reload(question).state == State.REFERRED


def test_a_referral_after_another_one_can_be_answered_too(browser: Any) -> None:
    desk = factories.Desk()
    question = factories.referred(desk)
    browser().post(f"{link(question)}/do/respond", {"verdict": "no"})
    source = factories.source()
    factories.move(factories.reload(question), "refer", desk.coordinator, source=source.key, note="Dit dan?")
    assert browser().post(f"{link(question)}/do/respond", {"verdict": "partly"}).status_code == 302
