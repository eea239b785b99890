"""Accounts are for people of the desk: log in, out, and nothing to sign up for."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

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
    sent = {"email": "x@school.example", "password1": PASSWORD}
    assert browser().post("/accounts/signup/", sent).status_code == 404
    assert not User.objects.filter(email="x@school.example").exists()


def test_who_has_no_password_yet_is_asked_to_choose_one(browser: Any, broker: User) -> None:
    broker.set_unusable_password()
    broker.save()
    response = browser(broker).get("/accounts/password/change/", follow=True)
    assert (response.status_code, response.redirect_chain[-1][0]) == (200, "/accounts/password/set/")


@pytest.mark.parametrize("path", ["/accounts/2fa/", "/accounts/password/change/", "/accounts/reauthenticate/"])
def test_the_pages_of_an_account_load_in_the_desk_s_own_look(browser: Any, known: User, path: str) -> None:
    response = browser(known).get(path)
    assert response.status_code == 200
    assert "rotonde.css" in response.content.decode()


@pytest.mark.parametrize("path", ["email/", "signup/", "confirm-email/", "login/code/confirm/", ""])
def test_addresses_of_accounts_that_nobody_needs_lead_nowhere(browser: Any, known: User, path: str) -> None:
    for client in (browser(), browser(known)):
        assert client.get(f"/accounts/{path}").status_code == 404
        assert client.post(f"/accounts/{path}", {"email": "x@school.example"}).status_code == 404


def test_nobody_takes_the_address_of_a_colleague(browser: Any, known: User, reviewer: User) -> None:
    response = browser(known).post("/accounts/email/", {"email": reviewer.email, "action_add": ""})
    assert response.status_code == 404
    assert not EmailAddress.objects.exists()


def test_the_admin_has_no_way_in_of_its_own(browser: Any, administrator: User) -> None:
    administrator.set_password(PASSWORD)
    administrator.is_staff = True
    administrator.save()
    client = browser()
    sent = {"username": administrator.email, "password": PASSWORD, "next": "/admin/"}
    response = client.post("/admin/login/", sent)
    assert response["Location"].startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session
    assert browser(administrator).post("/admin/login/", sent).status_code == 405
    assert browser(administrator).get("/admin/").status_code == 200


def letters(folder: Any) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.eml"))]


def test_a_stranger_gets_no_mail_and_nobody_learns_who_works_here(browser: Any, known: User, mail_dir: Any) -> None:
    strange = browser().post("/accounts/password/reset/", {"email": "vreemd@school.example"})
    assert letters(mail_dir) == []
    ours = browser().post("/accounts/password/reset/", {"email": known.email})
    assert len(letters(mail_dir)) == 1
    assert (strange.status_code, strange["Location"]) == (ours.status_code, ours["Location"])


def test_a_reset_names_this_desk_whatever_host_was_asked(
    browser: Any, known: User, mail_dir: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS, settings.BASE_URL = ["*"], "https://loket.example"
    browser().post("/accounts/password/reset/", {"email": known.email}, headers={"Host": "evil.example"})
    (letter,) = letters(mail_dir)
    assert "evil" not in letter
    assert "https://loket.example/accounts/password/reset/key/" in letter.replace("=\n", "")
    assert "Subject: [Rotonde] " in letter


def test_a_reset_by_mail_works_to_the_end(browser: Any, known: User, mail_dir: Any) -> None:
    client = browser()
    client.post("/accounts/password/reset/", {"email": known.email})
    path = re.search(r"/accounts/password/reset/key/\S+", letters(mail_dir)[0].replace("=\n", ""))
    assert path is not None
    response = client.get(path.group(), follow=True)
    new = "nog-een-heel-goed-wachtwoord"
    response = client.post(response.request["PATH_INFO"], {"password1": new, "password2": new}, follow=True)
    assert response.status_code == 200
    known.refresh_from_db()
    assert known.check_password(new)


def test_an_address_gets_only_a_few_resets_an_hour(browser: Any, known: User, mail_dir: Any) -> None:
    found = [browser().post("/accounts/password/reset/", {"email": known.email}) for _n in range(5)]
    assert [one.status_code for one in found] == [302, 302, 302, 429, 429]
    assert "te vaak" in found[-1].content.decode()
    assert len(letters(mail_dir)) == 3


def test_every_link_and_form_on_the_pages_of_an_account_leads_somewhere(browser: Any, known: User) -> None:
    client, visitor = browser(), browser()
    client.post("/accounts/login/", {"login": known.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    TOTP.activate(known, generate_totp_secret())
    RecoveryCodes.activate(known)
    ours = "2fa/ 2fa/recovery-codes/ 2fa/recovery-codes/generate/ 2fa/totp/deactivate/ password/change/ reauthenticate/"
    everybody = "login/ password/reset/ password/reset/done/ password/reset/key/done/ password/reset/key/x-y/"
    pages = {client: f"{ours} 2fa/reauthenticate/ logout/ inactive/", visitor: f"{everybody} inactive/"}
    for who, paths in pages.items():
        for path in paths.split():
            page = who.get(f"/accounts/{path}")
            assert page.status_code == 200, path
            for target in set(re.findall(r'(?:href|action)="(/[^"?#]*)', page.content.decode())):
                if not target.startswith("/static/"):
                    assert who.get(target).status_code in (200, 302, 405), f"{target} on {path}"


def test_a_second_step_can_be_set_up(browser: Any, known: User) -> None:
    client = browser()
    client.post("/accounts/login/", {"login": known.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "/accounts/2fa/totp/activate/" in client.get("/accounts/2fa/").content.decode()
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    TOTP.activate(known, generate_totp_secret())
    again = browser()
    response = again.post("/accounts/login/", {"login": known.email, "password": PASSWORD})
    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert again.get(response["Location"]).status_code == 200
    assert again.get("/desk").status_code == 302
