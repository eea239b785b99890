"""Every refusal as problem+json (RFC 9457), in one place."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from questions.refusals import NotNow, NotThere, NotYou, Stale, TextChanged, TooMany

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPES = "https://rotonde.example/problems/"


class PreconditionRequired(exceptions.APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "precondition_required"
    default_detail = "Say which text you read: send its ETag as If-Match."


def problem(status_code: int, kind: str, detail: str, **more: Any) -> Response:
    body = {
        "type": TYPES + kind,
        "title": TITLES.get(kind, kind.replace("_", " ")),
        "status": status_code,
        "detail": detail,
        **more,
    }
    response = Response(body, status=status_code, content_type=MEDIA_TYPE)
    if "retry_after" in more:
        response["Retry-After"] = str(more["retry_after"])
    return response


TITLES = {
    "invalid": "The request is not right",
    "not_now": "Not in this state",
    "not_allowed": "Not for you",
    "not_found": "Not found",
    "stale": "The text has changed meanwhile",
    "too_many": "Too many requests",
    "failure": "Our fault",
    "key_reused": "This Idempotency-Key belongs to another request",
}


# What the domain and Django refuse with, and what that is called here; None: in its own words.
REFUSALS: list[tuple[type[Exception], int, str, Any]] = [
    (NotYou, 403, "not_allowed", None),
    (Http404, 404, "not_found", gettext_lazy("There is nothing here, or not for you.")),
    (PermissionDenied, 403, "not_allowed", gettext_lazy("This is not for you.")),
    (RequestDataTooBig, 413, "too_large", gettext_lazy("This is larger than the desk takes.")),
    (SuspiciousOperation, 400, "invalid", gettext_lazy("This request cannot be read.")),
]


def handler(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: a domain refusal or an HTTP one becomes a problem."""
    if isinstance(error, ValidationError):
        return problem(400, "invalid", _("Some fields are not right; each is named."), errors=flat(error))
    if isinstance(error, Stale):
        return stale(error)
    if isinstance(error, TooMany):
        return problem(429, "too_many", str(error), retry_after=error.retry_after)
    if isinstance(error, exceptions.APIException):
        return from_drf(error)
    if isinstance(error, TextChanged):
        changed = problem(412, "stale", str(error), etag=error.current.etag)
        changed["ETag"] = error.current.etag
        return changed
    if isinstance(error, NotThere):
        return problem(404, "not_found", str(error))
    if isinstance(error, NotNow):
        return problem(409, "not_now", str(error), missing=error.missing)
    for kind, status_code, name, words in REFUSALS:
        if isinstance(error, kind):
            return problem(status_code, name, str(words or error))
    # The last resort: the log gets the details, the caller none.
    logger.error("the API failed at %s", context["request"].path, exc_info=error)
    set_rollback()
    return problem(500, "failure", _("Something went wrong on our side. It has been written down."))


def stale(error: Stale) -> Response:
    etag = error.current.etag
    if error.kept is None:  # a judgement, not a text: nothing was typed
        response = problem(412, "stale", _("Somebody changed the text since you read it. Read it first."), etag=etag)
    else:
        kept = str(error.kept.pk)
        words = _("Somebody changed the text since you read it. What you sent is kept.")
        more = {"content": error.merged.content, "fields": error.merged.outcomes} if error.merged else None
        response = problem(412, "stale", words, kept=kept, etag=etag, merged=more)
    response["ETag"] = etag
    return response


def from_drf(error: exceptions.APIException) -> Response:
    if isinstance(error, exceptions.ValidationError):
        return problem(400, "invalid", _("Some fields are not right; each is named."), errors=flat_drf(error.detail))
    kind = {401: "not_authenticated", 403: "not_allowed", 404: "not_found"}.get(error.status_code, error.default_code)
    response = problem(error.status_code, str(kind), str(error.detail))
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    return response


def flat(error: ValidationError) -> list[dict[str, Any]]:
    """Django's errors as a list: field, code, sentence and, for personal data, the place."""
    if not hasattr(error, "error_dict"):
        return [one("", part) for part in error.error_list]
    return [one(field, part) for field, parts in error.error_dict.items() for part in parts]


def one(field: str, error: ValidationError) -> dict[str, Any]:
    found: dict[str, Any] = {"field": field, "code": error.code or "invalid", "detail": " ".join(error.messages)}
    params = error.params if isinstance(error.params, dict) else {}
    if {"start", "end", "kind"} <= params.keys():
        # Places are counted from 0, the end not included, as programs slice.
        found |= {"kind": params["kind"], "start": params["start"] - 1, "end": params["end"]}
    return found


def flat_drf(detail: Any, field: str = "") -> list[dict[str, Any]]:
    if isinstance(detail, dict):
        return [line for key, part in detail.items() for line in flat_drf(part, f"{field}.{key}".strip("."))]
    if isinstance(detail, list):
        return [line for part in detail for line in flat_drf(part, field)]
    return [{"field": field, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}]
