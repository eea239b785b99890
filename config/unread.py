"""A request that was refused early leaves its body in the connection, and the next request would be read from there.

gunicorn throws away 64 kB of it and then breaks the connection that it said to keep; what the client sends next, or
still sends, is lost with the refusal. No answer can say `Connection: close` either: that header is the server's. So
what is left is read here before the answer goes.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError

PIECE = 64 * 1024
MOST = 20 * 1024 * 1024  # bytes; who sends more is not somebody whose text was refused
Get = Callable[[HttpRequest], HttpResponse]


class ReadToTheEnd:
    """Middleware, around all others."""

    def __init__(self, get_response: Get) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.META.get("CONTENT_LENGTH"):
            read_away(request)
        return response


def read_away(request: HttpRequest) -> None:
    left = MOST
    try:
        while left > 0 and (piece := request.read(PIECE)):
            left -= len(piece)
    except UnreadablePostError:
        return  # the client has gone
