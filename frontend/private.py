"""A page that somebody of the desk saw while logged in stays in no cache: their name stands on it, or a key of theirs."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

Get = Callable[[HttpRequest], HttpResponse]


class NotStored:
    """Middleware, for what its view said nothing about: pages of errors, of the account and its second factor."""

    def __init__(self, get_response: Get) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        has_session = settings.SESSION_COOKIE_NAME in {*request.COOKIES, *response.cookies}
        if has_session and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response
