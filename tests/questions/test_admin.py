"""The admin is a window: nobody changes a case past the door, whatever they may do elsewhere."""

import pytest
from django.contrib import admin
from django.test import Client

from brokers.models import User
from questions.models import Event, Letter, Question, Referral, Version
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Question, Version, Event, Letter, Referral])
def test_what_belongs_to_a_case_can_be_seen_and_not_changed(model: type, client: Client) -> None:
    factories.referred()
    factories.published()
    client.force_login(User.objects.create_superuser("root@desk.example"))
    row = model.objects.first()  # type: ignore[attr-defined]
    base = f"/admin/questions/{model.__name__.lower()}/"
    assert client.get(base).status_code == 200
    assert client.get(f"{base}{row.pk}/change/").status_code == 200
    assert client.get(f"{base}add/").status_code == 403
    assert client.post(f"{base}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"{base}{row.pk}/change/", {"state": "published"}).status_code == 403


def test_no_model_of_a_case_is_registered_with_a_form() -> None:
    for model, window in admin.site._registry.items():
        if model._meta.app_label == "questions":
            assert not window.has_change_permission(None)  # type: ignore[arg-type]
