"""Logging in, and which rights that gives."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission


class ByRole(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """Rights come with a role (brokers/roles.py) and in no other way, so one's own are not even looked for."""

    def _get_user_permissions(self, user_obj: Any) -> Any:
        return Permission.objects.none()
