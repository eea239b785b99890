"""Accounts are for people of the desk: log in, out, and nothing to sign up for."""

from typing import Any

import pytest

from brokers.models import User
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "een-lang-en-goed-wachtwoord"


@pytest.fixture
def known(broker: User) -> User:
    broker.set_password(PASSWORD)
    broker.save()
    return broker


def test_logging_in_leads_to_where_one_wanted_to_be(browser: Any, known: User) -> None:
    client, case = browser(), factories.triaged()
    wanted = client.get(f"/desk/cases/{case.pk}")["Location"]
    assert f'value="/desk/cases/{case.pk}"' in client.get(wanted).content.decode()
    sent = {"login": known.email, "password": PASSWORD, "next": f"/desk/cases/{case.pk}"}
    response = client.post("/accounts/login/", sent)
    assert response["Location"] == f"/desk/cases/{case.pk}"
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_logging_in_never_leads_to_another_site(browser: Any, known: User, away: str) -> None:
    response = browser().post("/accounts/login/", {"login": known.email, "password": PASSWORD, "next": away})
    assert "evil" not in response.get("Location", "")
    assert "javascript" not in response.get("Location", "")


def test_a_wrong_password_is_said_and_the_address_stays(browser: Any, known: User) -> None:
    response = browser().post("/accounts/login/", {"login": known.email, "password": "iets anders"})
    html = response.content.decode()
    assert known.email in html
    assert "iets anders" not in html
    assert "problem" in html


def test_logging_out_asks_first(browser: Any, known: User) -> None:
    client = browser(known)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/desk").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/desk").status_code == 302


def test_nobody_signs_up(browser: Any) -> None:
    browser().post("/accounts/signup/", {"email": "x@school.example", "password1": PASSWORD})
    assert not User.objects.filter(email="x@school.example").exists()


@pytest.mark.parametrize("path", ["/accounts/2fa/", "/accounts/password/change/", "/accounts/email/"])
def test_the_pages_of_an_account_load_in_the_desk_s_own_look(browser: Any, known: User, path: str) -> None:
    response = browser(known).get(path)
    assert response.status_code == 200
    assert "rotonde.css" in response.content.decode()
