"""A run of the post ends before another worker could take its letters, also when the server hangs."""

import smtplib
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail.backends.base import BaseEmailBackend

from questions import mail
from questions.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db


class Failing(BaseEmailBackend):
    error: BaseException = OSError()

    def send_messages(self, email_messages: Any) -> int:
        raise self.error


@pytest.fixture
def failing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    def switch(error: BaseException) -> None:
        monkeypatch.setattr(Failing, "error", error)
        settings.EMAIL_BACKEND = f"{__name__}.Failing"

    return switch


def attempts() -> list[int]:
    return sorted(Letter.objects.values_list("attempts", flat=True))


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError("refused"),
        TimeoutError("timed out"),
        OSError("no route"),
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPConnectError(421, "busy"),
    ],
)
def test_a_server_that_is_away_is_asked_once_a_run(error: Exception, failing: Any) -> None:
    for _n in range(3):
        factories.unconfirmed()
    failing(error)
    assert mail.deliver() == 0
    assert attempts() == [0, 0, 1]
    assert Letter.objects.get(attempts=1).last_error, "why stands with the letter"


@pytest.mark.parametrize(
    "error", [smtplib.SMTPRecipientsRefused({}), smtplib.SMTPDataError(550, "no"), ValueError("odd address")]
)
def test_a_letter_that_is_refused_does_not_hold_up_the_others(error: Exception, failing: Any) -> None:
    for _n in range(3):
        factories.unconfirmed()
    failing(error)
    assert mail.deliver() == 0
    assert attempts() == [1, 1, 1]


def test_a_run_ends_when_its_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    for _n in range(3):
        factories.unconfirmed()
    clock = iter([0.0, 0.0, mail.RUN + 1])
    monkeypatch.setattr(mail.time, "monotonic", lambda: next(clock))
    assert mail.deliver() == 1
    assert mail.LEASE.total_seconds() > mail.RUN + 60


def test_a_worker_that_must_stop_stops_and_the_letter_comes_back(failing: Any) -> None:
    factories.unconfirmed()
    failing(SoftTimeLimitExceeded())
    with pytest.raises(SoftTimeLimitExceeded):
        mail.deliver()
    assert Letter.objects.get().last_error == ""
