"""JSON as the standard has it: an object, without NaN, NUL bytes, names that stand twice or a depth that is an attack."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser
from rest_framework.utils.json import strict_constant

DEEPEST = 20


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = "The body is larger than the desk takes."


class StrictJSON(JSONParser):
    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        try:
            data = json.loads(body.decode(), parse_constant=strict_constant, object_pairs_hook=named_once)
        except RecursionError:
            raise ParseError("This JSON is nested too deeply.") from None
        except ValueError as error:
            raise ParseError(f"This is no JSON: {error}") from None
        if not isinstance(data, dict):
            raise ParseError("The body must be a JSON object.")
        check(data, 0)
        return data


def named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; of two values under one name nobody can tell which one is meant."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ParseError("A name stands in an object more than once.")
    return made


def check(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise ParseError("This JSON is nested too deeply.")
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ParseError("A number is too large.")
    elif isinstance(value, dict):
        for key, part in value.items():
            check(key, depth + 1)
            check(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            check(part, depth + 1)


def check_text(text: str) -> None:
    if "\x00" in text:
        raise ParseError("The text holds a NUL byte.")
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ParseError("The text holds half a character (a lone surrogate).")
