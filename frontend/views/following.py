"""Following by mail: asking for it, confirming it from the mailbox, and stopping it. GET changes nothing."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from frontend import forms
from frontend.pages import following as pages
from frontend.refused import Refused, refused
from frontend.views.public import searched
from frontend.views.tracking import GET_OR_POST, as_file, secret
from questions import following, inputs, news, privacy, reading
from questions.models import Asker, Follow
from questions.refusals import TooMany


@require_http_methods(GET_OR_POST)
def follow(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return begin(request)
    _words, given = searched(request)
    if len(given.get("q", "")) > following.LONGEST_SEARCH:
        too_long = _("This search is too long to follow. Use at most %(n)s characters.")
        return choose(request, Refused(400, [too_long % {"n": following.LONGEST_SEARCH}]))
    page = pages.subject(given)
    return form_page(request, page) if page else choose(request)


def choose(request: HttpRequest, no: Refused | None = None) -> HttpResponse:
    context = {"themes": pages.themes(), "refused": no}
    return render(request, "follow/choose.html", context, status=no.status if no else 200)


def form_page(request: HttpRequest, page: pages.Subject, no: Refused | None = None) -> HttpResponse:
    form = pages.form(page, no.typed if no else None, no.errors if no else None)
    status = no.status if no else 200
    response = render(request, "follow/form.html", {"page": page, "form": form, "refused": no}, status=status)
    if no and no.retry_after:
        response["Retry-After"] = str(no.retry_after)
    return response


def begin(request: HttpRequest) -> HttpResponse:
    typed = forms.posted(following.Ask, request.POST)
    try:
        following.ask(typed, network=reading.network(request))
    except (ValidationError, TooMany) as error:
        return again(request, typed, refused(error, "follow", typed, following.Ask))
    return redirect("follow-sent")


def again(request: HttpRequest, typed: Mapping[str, Any], no: Refused) -> HttpResponse:
    """The form as it was sent, with what is wrong; what it is about may be what is wrong."""
    given = {name: str(value).replace("\x00", " ").strip() for name, value in typed.items()}
    try:
        page = pages.subject(given) if len(given.get("q", "")) <= following.LONGEST_SEARCH else None
    except Http404:
        page = None
    return form_page(request, page, no) if page else choose(request, no)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "follow/sent.html")


@secret
@require_http_methods(GET_OR_POST)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    asker = Asker.of_confirm_follows_token(token)
    if asker is None or not asker.follows.exists():
        return render(request, "follow/gone.html", status=404)
    no = None
    if request.method == "POST":
        try:
            following.confirm(asker, request.POST.getlist("follow"))
        except ValidationError as error:
            no = refused(error)
        else:
            messages.success(request, _("Thank you. You will hear from us when there is news."))
            return redirect("follows", asker.follows_token)
    waiting = [(str(one.pk), news.name(one)) for one in news.waiting(asker)]
    if not waiting:
        return redirect("follows", asker.follows_token)
    return render(request, "follow/confirm.html", {"waiting": waiting, "refused": no}, status=no.status if no else 200)


def asker_of(token: str) -> Asker:
    asker = Asker.of_follows_token(token)
    if asker is None:
        raise Http404
    return asker


@secret
@require_http_methods(GET_OR_POST)
def follows(request: HttpRequest, token: str) -> HttpResponse:
    """All that an address follows; only its mailbox knows the link."""
    asker = asker_of(token)
    no = None
    if request.method == "POST":
        pk = inputs.as_uuid(request.POST.get("follow", ""))
        row = get_object_or_404(Follow.objects.select_related("asker"), pk=pk, asker=asker)
        try:
            following.change(row, forms.posted(following.Change, request.POST))
        except ValidationError as error:
            no = refused(error)
        else:
            messages.success(request, _("Thank you. We have noted it."))
            return redirect("follows", token)
    context = {"page": pages.follows(asker), "refused": no}
    return render(request, "follow/follows.html", context, status=no.status if no else 200)


@secret
@require_http_methods(GET_OR_POST)
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Asks on GET, since mail scanners open links; a POST does it, from this page or a mail program (RFC 8058)."""
    rows = news.of_stop_token(token)
    if rows is None:
        raise Http404
    found = list(rows)
    if request.method == "POST":
        following.stop(rows)
    elif found:
        others = len(found) == 1 and found[0].asker.follows.count() > 1
        stop_all = news.stop_token(found[0].asker) if others else ""
        context = {"names": [news.name(one) for one in found], "stop_all": stop_all}
        return render(request, "follow/stop.html", context)
    return render(request, "follow/stopped.html")  # no redirect: mail programs do not follow one


@secret
@require_safe
def export(request: HttpRequest, token: str) -> HttpResponse:
    return as_file(privacy.export_follower(asker_of(token)))
