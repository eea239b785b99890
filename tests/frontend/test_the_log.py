"""What stands in the log opens nothing."""

import io
import logging
from typing import Any

import pytest
from django.conf import settings as all_settings
from django.test import Client

from frontend import urls
from tests import factories

SECRET = "geheim:abc-DEF_123"


@pytest.fixture
def log() -> Any:
    """The console of the desk, as configured, written to memory."""
    root = logging.getLogger()
    (configured,) = [one for one in root.handlers if type(one) is logging.StreamHandler]
    written = io.StringIO()
    before = configured.setStream(written)
    yield written
    configured.setStream(before)


@pytest.mark.parametrize(
    "path",
    [
        "/track/{}",
        "/track/{}/messages",
        "/en/confirm/{}?x=1",
        "/mail/stop/{}",
        "/x?next=%2Ftrack%2F{}%2Fdo",
        "/confirm/x%3A{}",
        "/accounts/password/reset/key/1-{}/",
        "/follow/{}/export",
        "/en/follow/confirm/{}",
        "/x?next=%2Ffollow%2Fstop%2F{}",
    ],
)
def test_a_secret_address_is_left_out_of_messages_arguments_and_tracebacks(log: Any, path: str) -> None:
    where = path.format(SECRET)
    logging.getLogger("django.request").error("Bad Request: " + where)
    logging.getLogger("django.request").error("%s: %s", "Bad Request", where)
    try:
        raise ValueError(f"cannot answer {where}")
    except ValueError:
        logging.getLogger("somewhere").exception("failed")
    assert log.getvalue().count("…") == 3
    assert SECRET not in log.getvalue()


@pytest.mark.parametrize("route", [str(one.pattern) for one in urls.urlpatterns if "<str:token>" in str(one.pattern)])
def test_every_address_with_a_secret_is_left_out(log: Any, route: str) -> None:
    where = route.replace("<str:token>", SECRET).replace("<int:remark>", "1").replace("<str:name>", "agree")
    logging.getLogger("django.request").error("Bad Request: /en/%s", where)
    assert "Bad Request" in log.getvalue()
    assert SECRET not in log.getvalue()


def test_the_development_server_is_as_discreet() -> None:
    assert all_settings.LOGGING["loggers"]["django.server"]["handlers"] == ["console"]


@pytest.mark.django_db
def test_a_request_that_is_refused_or_fails_leaves_no_secret(log: Any, monkeypatch: Any) -> None:
    part = factories.asker(factories.assigned())
    Client().post(f"/track/{part.token}/messages", {"body": " "})
    assert "Bad Request: /track/…/messages" in log.getvalue()
    monkeypatch.setattr("frontend.pages.tracking.track", lambda *_given: 1 / 0)
    Client(raise_request_exception=False).get(f"/track/{part.token}")
    Client().get(f"/confirm/{SECRET}")
    assert "Internal Server Error: /track/…" in log.getvalue()
    assert part.token not in log.getvalue()
    assert SECRET not in log.getvalue()
