"""The `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header)."""

from collections.abc import Callable

from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import problem
from questions import idempotency
from questions.idempotency import Outcome


def once(request: Request, handle: Callable[[], Response]) -> Response:
    """Run `handle` once for a key; later requests with that key get the first answer."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return handle()
    body = {"request": f"{request.method} {request.path}", "data": request.data}
    try:
        outcome = idempotency.once(key, str(request.user.pk or ""), body, lambda: as_outcome(handle()))
    except idempotency.KeyReused:
        return problem(422, "key_reused", "This Idempotency-Key was used with another request.")
    response = Response(outcome.answer, status=outcome.status)
    if outcome.replayed:
        response["Idempotent-Replayed"] = "true"
    return response


def as_outcome(response: Response) -> Outcome:
    return Outcome(response.status_code, response.data)
