"""Keys of machines: shown once, kept as a hash, with scopes, and they expire."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from brokers.models import Token, User

pytestmark = pytest.mark.django_db


def get(key: str) -> Any:
    return APIClient().get("/api/v1/questions", HTTP_AUTHORIZATION=f"Bearer {key}")


def test_the_command_prints_a_fresh_key_that_works_and_nothing_else(broker: User) -> None:
    keys = []
    for email in (broker.email, broker.email.upper()):
        out = StringIO()
        call_command("token", email, stdout=out)
        keys.append(out.getvalue())
    for line in keys:
        key = line.removesuffix("\n")
        assert "\n" not in key
        assert get(key).status_code == 200
    assert keys[0] != keys[1]


def test_the_command_gives_scope_and_days(broker: User) -> None:
    out = StringIO()
    call_command("token", broker.email, "--scope", "read", "--days", "3", stdout=out)
    token = Token.objects.get()
    assert token.scope == "read"
    assert timedelta(days=2) < token.expires_at - timezone.now() < timedelta(days=3, minutes=1)


def test_the_command_says_when_nobody_has_the_address() -> None:
    with pytest.raises(CommandError, match="niemand"):
        call_command("token", "niemand@desk.example")


def test_only_the_hash_is_kept(broker: User) -> None:
    key = Token.issue(broker)
    assert key not in str(Token.objects.values().get())
    assert Token.find(key).user == broker  # type: ignore[union-attr]


def test_a_key_that_has_expired_or_was_withdrawn_opens_nothing(broker: User) -> None:
    key = Token.issue(broker)
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert get(key).status_code == 401
    key = Token.issue(broker)
    Token.objects.all().delete()
    assert get(key).status_code == 401


def test_a_key_to_read_changes_nothing(api: Callable[..., APIClient], broker: User) -> None:
    client = api(broker, scope="read")
    assert client.get("/api/v1/questions").status_code == 200
    assert client.post("/api/v1/suggestions", {"text": "lezen"}).status_code == 403
    assert client.head("/api/v1/questions").status_code == 200
