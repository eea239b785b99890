"""Who wrote and who reviewed an answer: by name those who agreed to it, the others by their number."""

from collections.abc import Iterable

from django.utils.translation import ngettext

from brokers.models import User
from questions.models import Version


def line(people: Iterable[User]) -> str:
    """`people` as the public may know them; nothing when there are none."""
    everybody = {person.pk: person for person in people}.values()
    named = [person.name for person in everybody if person.name_public and person.name]
    rest = len(everybody) - len(named)
    if rest:
        named.append(ngettext("%(n)s person of the desk", "%(n)s people of the desk", rest) % {"n": rest})
    return ", ".join(named)


def writers(version: Version) -> str:
    return line(version.authors.order_by("pk"))


def reviewers(version: Version) -> str:
    rows = version.reviews.filter(verdict="approved", void_at=None, revision=version.revision)
    found = list(rows.select_related("reviewer", "invitation"))
    outside = {row.invitation.pk: row.invitation for row in found if row.invitation}.values()
    named = [one.name for one in outside if one.may_be_named and one.name]
    unnamed = len(outside) - len(named)
    if unnamed:
        named.append(ngettext("%(n)s invited reviewer", "%(n)s invited reviewers", unnamed) % {"n": unnamed})
    return ", ".join(filter(None, [line(row.reviewer for row in found if row.reviewer), *named]))
