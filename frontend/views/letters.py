"""Mail as people meet it on a page: ending it, and looking at it before it goes out."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from frontend.pages import letters
from frontend.views.desk import staff
from frontend.views.tracking import GET_OR_POST, secret
from questions import mail, rendering
from questions.models import Participation

# A letter carries its looks in its elements, as mail programs want it; nothing else may come with it.
ONLY_LOOKS = {"default-src": [NONE], "style-src": [UNSAFE_INLINE], "frame-ancestors": [SELF], "sandbox": True}


@secret
@require_http_methods(GET_OR_POST)
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ends the mail about one question by one click (RFC 8058), or starts it again; opening it changes nothing."""
    part = Participation.find_to_stop(token)
    if part is None:
        raise Http404
    stopped = part.mail_stopped_at is not None
    if request.method == "POST":
        stopped = "again" not in request.POST
        (mail.stop if stopped else mail.start_again)(part)
    page = {"number": part.question.number, "is_stopped": stopped, "is_done": request.method == "POST"}
    return render(request, "track/mail.html", page)


@staff
@require_safe
def previews(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/mail_previews.html", {"groups": letters.groups()})


@csp_update({"frame-src": [SELF]})  # type: ignore[untyped-decorator]
@staff
@require_safe
def preview(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    message = rendering.example(kind, language)
    if message is None:
        raise Http404
    return render(request, "desk/mail_preview.html", {"page": letters.shown(message, kind, language)})


@csp(ONLY_LOOKS)  # type: ignore[untyped-decorator]
@xframe_options_sameorigin
@staff
@require_safe
def preview_html(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """The HTML part as it is sent, for the frame on the page above."""
    message = rendering.example(kind, language)
    if message is None:
        raise Http404
    return HttpResponse(letters.html_of(message))
