"""Which group holds which right. A right is a codename; `questions` and `evidence` declare them."""

from django.contrib.auth.models import Group, Permission

BROKER = "broker"
COORDINATOR = "coordinator"
REVIEWER = "reviewer"
EDITOR = "editor"
ADMINISTRATOR = "administrator"

# Everybody of the desk may read its cases and talk to askers; the verbs differ.
STAFF = {"questions.view_question", "evidence.view_source"}
WORK = {"questions.work_question", "evidence.add_source", "evidence.change_source"}

RIGHTS: dict[str, set[str]] = {
    BROKER: STAFF | WORK,
    COORDINATOR: STAFF | {"questions.coordinate_question"},
    REVIEWER: STAFF | {"questions.review_version"},
    EDITOR: STAFF | {"questions.publish_question"},
    ADMINISTRATOR: STAFF
    | WORK
    | {
        "questions.coordinate_question",
        "questions.review_version",
        "questions.publish_question",
        "brokers.view_user",
        "brokers.add_user",
        "brokers.change_user",
    },
}


def sync_roles() -> None:
    """Make the groups and give each exactly its rights."""
    for role, rights in RIGHTS.items():
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set([find_permission(right) for right in sorted(rights)])


def find_permission(right: str) -> Permission:
    app, codename = right.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)
