"""A refusal reads the body that it refuses, so that the connection can be used again."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from brokers.models import Token, User
from config import unread
from tests import factories

pytestmark = pytest.mark.django_db
BODY = b'{"explanation": "' + b"a" * 100_000 + b'"}'
FORM = b"body=" + b"a" * 100_000


class Broken(BytesIO):
    def read(self, *_size: Any) -> bytes:
        raise OSError("the client has gone")


def asked(method: str, path: str, body: BytesIO, size: int, kind: str, **headers: str) -> int:
    """The status of one request whose body is a stream, as a server gives it."""
    about = {"REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(size)}
    response: Any = Client().request(**about, **headers, **{"wsgi.input": body})
    return int(response.status_code)


def test_whatever_is_refused_is_read(broker: User) -> None:
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {Token.issue(broker)}"}
    case, none = factories.assigned().pk, "00000000-0000-0000-0000-000000000000"
    form = "application/x-www-form-urlencoded"
    for method, path, data, kind, headers, status in [
        ("PUT", f"/api/v1/questions/{none}/answer", BODY, "application/json", bearer, 404),
        ("PUT", f"/api/v1/questions/{case}/answer", BODY, "application/json", bearer, 428),
        ("PUT", f"/api/v1/questions/{case}/answer", BODY, "application/json", {}, 404),
        ("PUT", f"/api/v1/questions/{case}/answer", BODY, "application/json", {"HTTP_AUTHORIZATION": "Bearer x"}, 401),
        ("POST", f"/api/v1/questions/{case}/messages", BODY, "text/plain", bearer, 415),
        ("POST", f"/api/v1/questions/{case}/messages", BODY * 30, "application/json", bearer, 413),
        ("PUT", f"/desk/cases/{case}/messages", BODY, "application/json", {}, 302),
        ("POST", f"/desk/cases/{case}/messages", FORM * 30, form, {}, 400),
        ("POST", "/nowhere", FORM, form, {}, 404),
        ("GET", "/", BODY, "application/json", {}, 200),
    ]:
        after = b"GET /next HTTP/1.1"
        stream = BytesIO(data + after)
        assert asked(method, path, stream, len(data), kind, **headers) == status, path
        assert stream.read() == after, f"{path}: no more and no less than the body"


def test_of_what_is_endless_only_so_much_is_read() -> None:
    stream = BytesIO(b"a" * (unread.MOST + 5 * unread.PIECE))
    assert asked("POST", "/nowhere", stream, 10**12, "text/plain") == 404
    assert stream.tell() == unread.MOST


def test_a_client_that_has_gone_is_no_failure() -> None:
    assert asked("POST", "/nowhere", Broken(), 1000, "text/plain") == 404
