"""The cast: people who ask and people who work here, and the things every test may count on."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.cache import cache, caches
from django.utils import timezone, translation
from rest_framework.test import APIClient

from brokers import roles
from brokers.models import Broker, Desk, Token, User
from questions import criteria, readytexts
from questions.models import Asker, Participation, Question

Clients = Callable[..., APIClient]


def furnish() -> Desk:
    """Roles, the default desk and what it begins with; what is there already stays."""
    found, _created = Desk.objects.get_or_create(is_default=True, defaults={"slug": "desk", "name": "Rotonde"})
    if Group.objects.count() < len(roles.RIGHTS):
        roles.sync_roles()
    criteria.furnish(found)
    readytexts.furnish(found)
    return found


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Furnished once, so that most tests find it there."""
    with django_db_blocker.unblock():
        furnish()


@pytest.fixture(autouse=True)
def furnished(request: pytest.FixtureRequest) -> Iterator[Desk | None]:
    """The default desk with all it begins with, also after a transactional test has emptied the tables."""
    if not needs_database(request):
        yield None
        return
    request.getfixturevalue("transactional_db" if is_transactional(request) else "db")
    found = furnish()
    cache.clear()
    caches["pages"].clear()
    yield found


def needs_database(request: pytest.FixtureRequest) -> bool:
    return any([request.node.get_closest_marker("django_db"), {"db", "transactional_db"} & set(request.fixturenames)])


def is_transactional(request: pytest.FixtureRequest) -> bool:
    mark = request.node.get_closest_marker("django_db")
    return "transactional_db" in request.fixturenames or bool(mark and mark.kwargs.get("transaction"))


@pytest.fixture(autouse=True)
def language(settings: Any) -> Iterator[None]:
    """Every test begins in the desk's own language, whatever a request before it asked for."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


Travel = Callable[[datetime], None]


@pytest.fixture
def travel(monkeypatch: Any) -> Travel:
    """Sets the time that the desk reads, until it is set anew."""

    def to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment.astimezone(UTC))

    return to


@pytest.fixture(autouse=True)
def mail_dir(settings: Any, tmp_path: Any) -> Any:
    """Mail of a test goes to a folder of its own, as files, as the desk sends it by default."""
    settings.EMAIL_BACKEND = "questions.mailbox.Files"
    settings.MAIL_DIR = tmp_path / "mail"
    return settings.MAIL_DIR


# --- People of the desk ---------------------------------------------------------------------


def person(role: str, name: str) -> User:
    user = User.objects.create_user(f"{name.lower()}@desk.example", name=name)
    user.groups.add(Group.objects.get(name=role))
    if role == roles.BROKER:
        Broker.objects.create(user=user)
    return user


@pytest.fixture
def broker(db: None) -> User:
    return person(roles.BROKER, "Bram")


@pytest.fixture
def second_broker(db: None) -> User:
    return person(roles.BROKER, "Bente")


@pytest.fixture
def coordinator(db: None) -> User:
    return person(roles.COORDINATOR, "Coen")


@pytest.fixture
def reviewer(db: None) -> User:
    return person(roles.REVIEWER, "Roos")


@pytest.fixture
def editor(db: None) -> User:
    return person(roles.EDITOR, "Esra")


@pytest.fixture
def administrator(db: None) -> User:
    user = person(roles.ADMINISTRATOR, "Anna")
    Broker.objects.create(user=user)
    return user


@pytest.fixture
def visitor() -> AnonymousUser:
    return AnonymousUser()


# --- People who ask ---------------------------------------------------------------------------

AskedBy = Callable[[Question], Participation]


@pytest.fixture
def teacher() -> AskedBy:
    """The teacher who asked a question: their part in it."""
    return lambda question: question.participations.get(kind=Participation.Kind.ASKED)


@pytest.fixture
def second_teacher(db: None) -> AskedBy:
    """Another teacher, who joins a question that somebody else asked."""

    def join(question: Question) -> Participation:
        asker, _created = Asker.objects.get_or_create(email="tweede@school.example", defaults={"name": "Tweede"})
        return Participation.join(question=question, asker=asker, kind=Participation.Kind.ME_TOO)

    return join


# --- Machines -----------------------------------------------------------------------------------


@pytest.fixture
def api() -> Clients:
    """A client of the API, for a person with a real token or for nobody."""

    def client(user: User | None = None, **token: Any) -> APIClient:
        made = APIClient(raise_request_exception=False)
        if user is not None:
            made.credentials(HTTP_AUTHORIZATION=f"Bearer {Token.issue(user, **token)}")
        return made

    return client
