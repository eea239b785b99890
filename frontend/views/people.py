"""The people of the desk: what one says of oneself, and what a coordinator says for somebody else."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from brokers.models import User
from frontend import forms
from frontend.pages import brokers
from frontend.refused import REFUSALS, Refused, refused
from frontend.views.desk import staff
from questions import profiles


@staff
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/brokers.html", {"rows": brokers.listed(request.user)})


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    return change(request, profiles.find(user.pk))


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, person: int) -> HttpResponse:
    found = profiles.find(person)
    if found is None or not profiles.may_change(found, request.user):
        raise Http404
    return change(request, found)


def change(request: HttpRequest, user: User | None) -> HttpResponse:
    if request.method != "POST":
        return page(request, user)
    if user is None:
        raise Http404
    typed = {"sectors": [], **forms.posted(profiles.Profile, request.POST)}
    try:
        profiles.change(user, typed, by=request.user)
    except REFUSALS as error:
        return page(request, user, refused(error, "profile", typed, profiles.Profile))
    messages.success(request, _("This has been saved."))
    return redirect("desk-me") if user.pk == request.user.pk else redirect("desk-broker", user.pk)


def page(request: HttpRequest, user: User | None, no: Refused | None = None) -> HttpResponse:
    shown = brokers.profile(user, request.user, no) if user is not None else None
    is_me = user is None or user.pk == request.user.pk
    return render(
        request, "desk/me.html", {"profile": shown, "is_me": is_me, "refused": no}, status=no.status if no else 200
    )
