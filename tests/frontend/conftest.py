"""Browsers: a client for a person, or for nobody; and a desk with its people."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from brokers.models import User
from tests import factories

Browser = Callable[..., Client]


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """The tests collect no static files, so no manifest tells their hashed names."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def browser() -> Browser:
    def opened(user: User | None = None, **options: Any) -> Client:
        client = Client(**options)
        if user is not None:
            client.force_login(user, backend="brokers.backends.ByRole")
        return client

    return opened


@pytest.fixture
def team() -> factories.Desk:
    return factories.Desk()


@pytest.fixture
def coen(browser: Browser, team: factories.Desk) -> Client:
    """The browser of the coordinator."""
    return browser(team.coordinator)
