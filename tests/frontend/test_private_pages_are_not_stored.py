"""What is shown to who is logged in, or behind a secret address, stays in no cache and tells no other site."""

from typing import Any

import pytest
from django.conf import settings as all_settings

from brokers.models import User
from questions import inviting
from tests import factories

pytestmark = pytest.mark.django_db
NONE = "00000000-0000-0000-0000-000000000000"


def is_stored(response: Any) -> bool:
    return "no-store" not in response.get("Cache-Control", "")


@pytest.mark.parametrize(
    "path",
    [
        *("/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/recovery-codes/generate/"),
        *("/accounts/password/change/", "/accounts/logout/", "/admin/", "/desk", "/desk/nowhere", "/", "/themes"),
        *(f"/desk/cases/{NONE}", f"/desk/cases/{NONE}/searches.csv", "/desk/insight/nothing.csv", "/api/v1/nowhere"),
        *("/desk/insight/months.csv", "/desk/mail-preview/digest/nl/html", "/api/v1/questions", "/api/v1/docs"),
    ],
)
def test_no_page_of_somebody_who_is_logged_in_is_stored(browser: Any, coordinator: User, path: str) -> None:
    response = browser(coordinator).get(path)
    assert response.status_code < 500
    assert not is_stored(response)


def test_a_link_that_sets_a_password_leaves_nothing_in_a_cache(browser: Any, broker: User) -> None:
    from_mail = "/accounts/password/reset/key/1-" + "a" * 40 + "/"
    client = browser()
    client.cookies[all_settings.SESSION_COOKIE_NAME] = "x" * 32
    assert not is_stored(client.get(from_mail))


def test_public_pages_may_be_stored_by_who_has_no_session(browser: Any) -> None:
    for path in ("/themes", "/nowhere"):
        assert is_stored(browser().get(path))


def test_a_secret_address_is_stored_nowhere_and_told_to_nobody(browser: Any, team: factories.Desk) -> None:
    case, part = factories.in_review(team), factories.asker(factories.answered(team))
    person = {"name": "Pia", "email": "pia@school.example", "kind": "practice", "language": "nl"}
    link = inviting.invite(case, person, by=team.broker).token
    for path in (
        *(
            f"/track/{part.mailed_token}",
            f"/track/{part.mailed_token}/export",
            f"/track/{part.mailed_token}/export.html",
        ),
        *(f"/review/{link}", f"/review/{link}/export", f"/mail/stop/{part.stop_token}", "/track/x", "/review/x"),
    ):
        response = browser().get(path)
        assert not is_stored(response), path
        assert response["Referrer-Policy"] == "no-referrer", path
        assert "noindex" in response["X-Robots-Tag"], path
