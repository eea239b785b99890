"""JSON as the standard has it: an object, without NaN, NUL bytes or a depth that is an attack."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

DEEPEST = 20


class StrictJSON(JSONParser):
    def parse(self, stream: IO[Any], media_type: str | None = None,
              parser_context: Mapping[str, Any] | None = None) -> Any:
        try:
            data = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("This JSON is nested too deeply.") from None
        if not isinstance(data, dict):
            raise ParseError("The body must be a JSON object.")
        check(data, 0)
        return data


def check(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise ParseError("This JSON is nested too deeply.")
    if isinstance(value, str):
        if "\x00" in value:
            raise ParseError("The text holds a NUL byte.")
        if any("\ud800" <= sign <= "\udfff" for sign in value):
            raise ParseError("The text holds half a character (a lone surrogate).")
    elif isinstance(value, dict):
        for key, part in value.items():
            check(key, depth + 1)
            check(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            check(part, depth + 1)
