"""The notices of one person of the desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontend.pages import notices as page
from frontend.views.desk import staff
from questions import notices


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "desk/notices.html", {"page": page.page(request.user)})
    one, last = (number(request.POST.get(name, "")) for name in ("notice", "last"))
    if notices.read(request.user, one=one, last=last):
        messages.success(request, _("Marked as read."))
    return redirect("notices")


def number(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else None
