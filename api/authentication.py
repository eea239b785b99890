"""Machine clients: `Authorization: Bearer <token>`."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from brokers.models import Token, User

SAFE = {"GET", "HEAD", "OPTIONS"}


class Bearer(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("The header reads: Authorization: Bearer <token>.")
        token = Token.find(parts[1].decode("latin-1"))
        if token is None:
            raise AuthenticationFailed("This token is not known or has expired.")
        if token.scope == Token.Scope.READ and request.method not in SAFE:
            raise PermissionDenied("This token may only read.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "api.authentication.Bearer"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
