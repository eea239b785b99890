"""People of the desk, brokers and the desk itself."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from brokers.models import Broker, Desk, User

pytestmark = pytest.mark.django_db


def test_an_address_belongs_to_one_person_in_any_capitals() -> None:
    user = User.objects.create_user("  Bea@Desk.Example ", "geheim-genoeg-1", name="Bea")
    assert user.email == "bea@desk.example"
    assert User.objects.get_by_natural_key("BEA@desk.example") == user
    with pytest.raises(IntegrityError), transaction.atomic():
        User(email="BEA@DESK.EXAMPLE").save()
    with pytest.raises(ValueError, match="address"):
        User.objects.create_user("")


def test_a_person_logs_in_with_their_address_and_not_after_they_left() -> None:
    user = User.objects.create_user("bea@desk.example", "geheim-genoeg-1")
    assert authenticate(None, email="bea@desk.example", password="geheim-genoeg-1") == user
    assert authenticate(None, email="bea@desk.example", password="anders") is None
    User.objects.update(is_active=False)
    assert authenticate(None, email="bea@desk.example", password="geheim-genoeg-1") is None


def test_a_first_administrator_is_made_by_the_usual_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "geheim-genoeg-1")
    call_command("createsuperuser", email="root@desk.example", interactive=False, verbosity=0)
    user = User.objects.get()
    assert user.is_superuser
    assert user.is_staff
    assert user.has_perm("questions.publish_question")


def test_there_is_one_default_desk() -> None:
    assert Desk.default().is_default
    with pytest.raises(IntegrityError), transaction.atomic():
        Desk.objects.create(slug="tweede", name="Tweede", is_default=True)
    Desk.objects.create(slug="derde", name="Derde")


def test_a_broker_is_absent_up_to_and_with_the_last_day() -> None:
    today = timezone.localdate()
    days = {None: True, today - timedelta(days=1): True, today: False, today + timedelta(days=1): False}
    for until, present in days.items():
        assert Broker(absent_until=until).is_present == present
