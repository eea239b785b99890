"""Groups hold rights, people hold groups."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from brokers import roles
from brokers.models import User
from tests import factories

pytestmark = pytest.mark.django_db

EVERYBODY = {"questions.view_question", "evidence.view_source"}
TABLE = {
    "broker": {"questions.work_question", "evidence.add_source", "evidence.change_source"},
    "coordinator": {"questions.coordinate_question"},
    "reviewer": {"questions.review_version"},
    "editor": {"questions.publish_question"},
    "administrator": {
        "questions.work_question",
        "evidence.add_source",
        "evidence.change_source",
        "questions.coordinate_question",
        "questions.review_version",
        "questions.publish_question",
        "brokers.view_user",
        "brokers.add_user",
        "brokers.change_user",
    },
}


@pytest.mark.parametrize("role", TABLE)
def test_a_role_gives_exactly_its_rights(role: str) -> None:
    assert factories.staff(role).get_all_permissions() == EVERYBODY | TABLE[role]


def test_syncing_again_changes_nothing_and_mends_what_was_changed_by_hand() -> None:
    group = Group.objects.get(name="reviewer")
    group.permissions.set(Permission.objects.filter(codename__in=["publish_question", "delete_question"]))
    out = StringIO()
    call_command("sync_roles", stdout=out)
    call_command("sync_roles", stdout=out)
    assert set(group.permissions.values_list("codename", flat=True)) == {
        "view_question",
        "view_source",
        "review_version",
    }
    assert Group.objects.count() == len(roles.RIGHTS)


def test_who_has_no_role_has_no_rights() -> None:
    assert User.objects.create_user("nieuw@desk.example").get_all_permissions() == set()


def test_a_right_that_somebody_was_given_by_hand_is_none(django_assert_num_queries: Any) -> None:
    """Who may do what stands in one table, and a page asks the database for it once."""
    person = factories.staff("broker")
    person.user_permissions.add(Permission.objects.get(codename="publish_question"))
    again = User.objects.get(pk=person.pk)
    with django_assert_num_queries(1):
        assert not again.has_perm("questions.publish_question")
        assert again.has_perm("questions.work_question")
