"""How the OpenAPI document describes what every call shares: problems and ids."""

from typing import Any

from django.utils import translation
from drf_spectacular.openapi import AutoSchema as Base

from api.serializers import Problem


class AutoSchema(Base):
    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """In English, whoever asks: the committed file must not depend on a language or its catalogue."""
        with translation.override("en"):
            return super().get_operation(*args, **kwargs)

    def get_tags(self) -> list[str]:
        """By the first noun of the address."""
        return [self.path.removeprefix("/api/v1/").partition("/")[0]]

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        for status in self.refusals():
            bodies[status] = self._get_response_for_code(Problem, status, ["application/problem+json"], direction)  # type: ignore[no-untyped-call]
        return bodies

    def refusals(self) -> list[str]:
        """The statuses a caller of this operation should be ready for."""
        always = ["400", "401", "403", "404", "406"]
        return always if self.method == "GET" else [*always, "409", "412", "413", "415", "422", "428", "429"]
