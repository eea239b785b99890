"""Views of the queue under a name: private or shared, and whose they are to change."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from questions import saved
from questions.listing import Wanted
from questions.models import SavedView
from questions.refusals import NotNow, NotYou

pytestmark = pytest.mark.django_db
WANTED = Wanted(view="open", sector="vo", age=10)


def made(user: Any, name: str = "Oud en vo", **more: Any) -> SavedView:
    return saved.save(user, WANTED, {"name": name, **more})


def names(user: Any) -> list[str]:
    return [view.name for view in saved.visible(user)]


def test_a_view_keeps_what_was_wanted_for_its_owner_alone_until_it_is_shared(broker: Any, second_broker: Any) -> None:
    view = made(broker)
    assert view.query == {"view": "open", "sector": "vo", "age": "10"}
    assert (names(broker), names(second_broker)) == (["Oud en vo"], [])
    saved.change(view, {"name": "Voor allen", "is_shared": True}, by=broker)
    made(second_broker, "Zelf")
    assert names(second_broker) == ["Zelf", "Voor allen"]
    saved.change(view, {"name": "Weer van mij"}, by=broker)
    assert names(second_broker) == ["Zelf"]


def test_its_owner_alone_changes_it_and_a_coordinator_may_remove_a_shared_one(
    broker: Any, second_broker: Any, coordinator: Any
) -> None:
    view = made(broker)
    for user in (second_broker, coordinator):
        with pytest.raises(NotYou):
            saved.change(view, {"name": "Anders"}, by=user)
        with pytest.raises(NotYou):
            saved.remove(view, by=user)
    saved.change(view, {"name": "Voor allen", "is_shared": True}, by=broker)
    with pytest.raises(NotYou):
        saved.remove(view, by=second_broker)
    saved.remove(view, by=coordinator)
    assert not SavedView.objects.exists()
    saved.remove(made(broker), by=broker)
    assert not SavedView.objects.exists()


def test_a_name_is_needed_and_stands_once_with_each_owner(broker: Any, second_broker: Any) -> None:
    view = made(broker)
    made(second_broker)
    other = made(broker, "Ander")
    for name in ("", "   ", "OUD EN VO", "x" * 81):
        with pytest.raises(ValidationError):
            made(broker, name)
    with pytest.raises(ValidationError):
        saved.change(other, {"name": "oud en vo"}, by=broker)
    assert SavedView.objects.get(pk=other.pk).name == "Ander"
    saved.change(view, {"name": "Oud en VO"}, by=broker)


def test_what_tells_who_somebody_is_is_not_kept(broker: Any) -> None:
    with pytest.raises(ValidationError):
        made(broker, "bel 06-12345678")
    with pytest.raises(ValidationError):
        saved.save(broker, Wanted(q="ouder@school.example"), {"name": "Een vraag"})
    assert not SavedView.objects.exists()


def test_nobody_fills_the_desk_with_views(broker: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(saved, "MOST", 1)
    made(broker)
    with pytest.raises(NotNow):
        made(broker, "Nog een")


def test_views_go_with_their_owner(broker: Any) -> None:
    made(broker)
    broker.delete()
    assert not SavedView.objects.exists()
