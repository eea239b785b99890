"""Who was logged out while typing logs in and presses once; nobody else gets past the token with that."""

import re
import time
from html import unescape
from typing import Any

import pytest
from django.conf import settings as all_settings
from django.core import signing
from django.test import Client

from frontend import again
from questions import criteria, inputs, introductions, inviting, ledger, readytexts, reviewing, saved, writing
from questions.models import Message, Question
from tests import factories
from tests.hostile import every_form

pytestmark = pytest.mark.django_db
HERE = {"Origin": "http://testserver"}
PASSWORD = "een lang wachtwoord"


def logged_in(client: Client, user: Any) -> Client:
    """By the form, in another tab of the same browser: the token of every other page is worth nothing after it."""
    user.set_password(PASSWORD)
    user.save()
    html = client.get("/accounts/login/").content.decode()
    data = {"login": user.email, "password": PASSWORD, "csrfmiddlewaretoken": hidden(html)["csrfmiddlewaretoken"]}
    assert client.post("/accounts/login/", data, headers=HERE).status_code == 302
    return client


def hidden(html: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    return {name: unescape(value) for name, value in found}


def kept(client: Client, path: str, data: dict[str, str]) -> dict[str, str]:
    """What the page that keeps the words sends again."""
    token = hidden(client.get("/accounts/login/").content.decode())["csrfmiddlewaretoken"]
    response = client.post(path, {**data, "csrfmiddlewaretoken": token}, headers=HERE)
    assert response.status_code == 403
    assert "Je bent uitgelogd" in response.content.decode()
    return hidden(response.content.decode())


def say(question: Question) -> str:
    return f"/desk/cases/{question.pk}/messages"


def test_one_press_sends_what_was_typed_before_logging_in(browser: Any, team: factories.Desk) -> None:
    path, client = say(factories.assigned(team)), browser(enforce_csrf_checks=True)
    fields = kept(client, path, {"body": "MIJN LANGE BERICHT"})
    logged_in(client, team.broker)
    assert client.post(path, fields, headers=HERE).status_code == 302
    assert Message.objects.get().body == "MIJN LANGE BERICHT"


def test_pressed_before_logging_in_the_words_stay_and_one_press_still_does(browser: Any, team: factories.Desk) -> None:
    path, client = say(factories.assigned(team)), browser(enforce_csrf_checks=True)
    fields = kept(client, path, {"body": "NOG EENS"})
    html = client.post(path, fields, headers=HERE).content.decode()
    assert html.count(f'name="{again.MARK}"') == 1
    logged_in(client, team.broker)
    assert client.post(path, hidden(html), headers=HERE).status_code == 302
    assert Message.objects.get().body == "NOG EENS"


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "http://evil.testserver", "https://testserver"]
)
def test_a_page_elsewhere_gets_nowhere_with_a_mark_of_its_own(
    browser: Any, team: factories.Desk, origin: str | None
) -> None:
    path, client = say(factories.assigned(team)), browser(enforce_csrf_checks=True)
    stolen = kept(browser(enforce_csrf_checks=True), path, {"body": "VAN ELDERS"})
    logged_in(client, team.broker)
    headers = {"Origin": origin} if origin else {}
    assert client.post(path, stolen, headers=headers).status_code == 403
    assert not Message.objects.exists()


def test_a_mark_is_for_one_address_and_for_as_long_as_one_is_logged_in(
    browser: Any, team: factories.Desk, monkeypatch: Any
) -> None:
    one, other = say(factories.assigned(team)), say(factories.assigned(team))
    client = browser(enforce_csrf_checks=True)
    fields = kept(client, one, {"body": "x"})
    logged_in(client, team.broker)
    assert client.post(other, fields, headers=HERE).status_code == 403
    for forged in ("", "x", fields[again.MARK] + "x", signing.dumps(one, salt="other")):
        assert client.post(one, {**fields, again.MARK: forged}, headers=HERE).status_code == 403
    late = time.time() + all_settings.SESSION_COOKIE_AGE + 60
    monkeypatch.setattr(signing.time, "time", lambda: late)
    assert client.post(one, fields, headers=HERE).status_code == 403
    assert not Message.objects.exists()


def test_behind_a_proxy_our_own_address_counts(browser: Any, team: factories.Desk, settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://vragen.example"]
    here, path = {"Origin": "https://vragen.example"}, say(factories.assigned(team))
    html = browser().post(path, {"body": "MIJN WOORDEN"}, headers=here).content.decode()
    client = logged_in(browser(enforce_csrf_checks=True), team.broker)
    assert client.post(path, hidden(html), headers=here).status_code == 302


# --- How it reads -------------------------------------------------------------------------------------

LONG = "Een lange zin die iemand typte."


def read(browser: Any, path: str, data: dict[str, str]) -> list[str]:
    html = browser().post(path, data, headers=HERE).content.decode()
    return [unescape(one) for one in re.findall(r'<label for="typed-\d+">([^<]+)</label>', html)]


def labels(form: Any) -> list[str]:
    return [str(one.label) for name, one in form.base_fields.items() if one.label and name not in again.OURS]


def test_every_field_of_every_form_has_a_name(browser: Any, team: factories.Desk) -> None:
    path = say(factories.assigned(team))
    forms: list[Any] = every_form()
    for fields in {tuple(form.base_fields): form for form in forms}:
        alike = [labels(form) for form in forms if tuple(form.base_fields) == fields]
        shown = read(browser, path, dict.fromkeys(fields, LONG))
        assert any(set(names) <= set(shown) for names in alike), (fields, shown)
    assert len(forms) > 50


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/desk/themes/lezen", introductions.Texts),
        ("/desk/criteria", criteria.Words),
        ("/desk/texts/new", readytexts.Words),
        ("/desk/views", saved.Name),
        ("/desk/cases/{}/remarks", reviewing.Say),
        ("/desk/cases/{}/answer", writing.Texts),
        ("/desk/cases/{}/ledger/1", ledger.Judge),
        ("/desk/cases/{}/invitations", inviting.Invite),
    ],
)
def test_fields_that_are_called_alike_have_the_name_of_their_own_page(
    browser: Any, team: factories.Desk, path: str, form: Any
) -> None:
    shown = read(browser, path.format(factories.assigned(team).pk), dict.fromkeys(form.base_fields, LONG))
    assert set(labels(form)) <= set(shown)


def test_a_field_that_many_steps_have_is_called_what_its_own_step_calls_it(browser: Any, team: factories.Desk) -> None:
    question = factories.assigned(team)
    reason = str(inputs.Decline.base_fields["why"].label)
    plain = str(inputs.Why.base_fields["why"].label)
    assert reason != plain
    assert read(browser, f"/desk/cases/{question.pk}/do/decline", {"why": LONG}) == [reason]
    assert read(browser, f"/desk/cases/{question.pk}/do/merge", {"why": LONG}) == [plain]
    path = f"/desk/cases/{question.pk}/triage"
    assert read(browser, path, {"decline-why": LONG, "merge-why": LONG}) == [reason, plain]
