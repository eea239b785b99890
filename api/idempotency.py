"""The `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header)."""

import json
from collections.abc import Callable
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import MEDIA_TYPE, problem
from questions import idempotency
from questions.idempotency import Outcome


def once(request: Request, handle: Callable[[], Response], about: Callable[[Any], Any] = lambda data: None) -> Response:
    """Run `handle` once for a key; later requests with that key get the first answer.

    `about` tells from the answer which question it is about.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return handle()
    body = {"request": f"{request.method} {request.path}", "data": request.data}
    if "If-Match" in request.headers:  # written on top of another text, it is another request
        body["match"] = request.headers["If-Match"]
    try:
        outcome = idempotency.once(key, str(request.user.pk or ""), body, lambda: as_outcome(handle(), about))
    except idempotency.KeyReused:
        return problem(422, "key_reused", "This Idempotency-Key was used with another request.")
    refused = outcome.status >= 400
    response = Response(
        outcome.answer, status=outcome.status, headers=outcome.headers, content_type=MEDIA_TYPE if refused else None
    )
    if outcome.replayed:
        response["Idempotent-Replayed"] = "true"
    return response


def as_outcome(response: Response, about: Callable[[Any], Any]) -> Outcome:
    kept = {name: response[name] for name in ("ETag",) if name in response}
    refused = response.status_code >= 400
    # As the first caller sees it: times, for one, are written by the renderer.
    data = json.loads(JSONRenderer().render(response.data))
    return Outcome(response.status_code, data, headers=kept, question=None if refused else about(data))
