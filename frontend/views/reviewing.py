"""Reviewing an answer: remarks and invitations in a case, and the page of somebody who was invited."""

import uuid
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from frontend import forms
from frontend.pages import invited
from frontend.pages import reviewing as pages
from frontend.refused import REFUSALS, Changed, Refused, refused
from frontend.views.case import GET_OR_POST, run
from frontend.views.desk import staff
from frontend.views.tracking import RETRY, as_file
from questions import inputs, inviting, paragraphs, reading, reviewing, writing
from questions.models import Invitation, Question, Version
from questions.refusals import Stale, TooMany

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Invitation, Rest], HttpResponse]


# --- In a case, for people of the desk ------------------------------------------------------------


def version_of(question: Question) -> Version:
    version = writing.current(question)
    if version is None:
        raise Http404
    return version


def action_of(request: HttpRequest) -> str:
    """The name of the form at the paragraph that a remark is about."""
    return f"remark-{request.POST.get('field', '')[:20]}-{request.POST.get('n', '')[:5]}"


def anchor_of(request: HttpRequest) -> str:
    """Where on the page the remark stands."""
    name, n = request.POST.get("field", ""), request.POST.get("n", "")
    known = name in paragraphs.FIELDS and n.isdecimal() and len(n) < 5
    return "#" + pages.anchor(name, int(n)) if known else "#review"


@staff
@require_http_methods(GET_OR_POST)
def remark(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return run(
        request,
        pk,
        action_of(request),
        reviewing.Say,
        lambda question, typed: reviewing.say(version_of(question), typed, by=request.user),
        _("Your remark has been kept."),
        anchor_of(request),
    )


@staff
@require_http_methods(GET_OR_POST)
def settle(request: HttpRequest, pk: uuid.UUID, remark: int) -> HttpResponse:
    return run(
        request,
        pk,
        f"settle-remark-{remark}",
        reviewing.SettleRemark,
        lambda question, typed: reviewing.settle(question, remark, typed, by=request.user),
        _("The remark has been settled."),
        "#review",
    )


@staff
@require_http_methods(GET_OR_POST)
def drop(request: HttpRequest, pk: uuid.UUID, remark: int) -> HttpResponse:
    return run(
        request,
        pk,
        f"drop-{remark}",
        inputs.Nothing,
        lambda question, typed: reviewing.take_back(version_of(question), remark, by=request.user),
        _("Your remark has been taken back."),
        "#review",
    )


@staff
@require_http_methods(GET_OR_POST)
def invite(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return run(
        request,
        pk,
        "invite",
        inviting.Invite,
        lambda question, typed: inviting.invite(question, typed, by=request.user),
        _("The invitation has been sent."),
        "#invited",
    )


@staff
@require_http_methods(GET_OR_POST)
def uninvite(request: HttpRequest, pk: uuid.UUID, invitation: uuid.UUID) -> HttpResponse:
    return run(
        request,
        pk,
        "uninvite",
        inputs.Nothing,
        lambda question, typed: inviting.call_off(question, invitation, by=request.user),
        _("The invitation has been withdrawn."),
        "#invited",
    )


@staff
@require_http_methods(GET_OR_POST)
def forget(request: HttpRequest, pk: uuid.UUID, invitation: uuid.UUID) -> HttpResponse:
    return run(
        request,
        pk,
        "forget-invited",
        inputs.Nothing,
        lambda question, typed: inviting.forget(question, invitation, by=request.user),
        _("The name and the address have been removed."),
        "#invited",
    )


# --- Behind a link, for somebody from outside -------------------------------------------------------


def outside(view: "View[Rest]") -> Callable[..., HttpResponse]:
    """For the link of an invitation, which is the authority: no account, no cookie, nothing kept by anybody.

    A wrong, an ended and a withdrawn link give the same page. Opening changes nothing: mail scanners do it too.
    """

    @wraps(view)
    def shown(request: HttpRequest, /, token: str, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        try:
            row = inviting.open_link(token, network=reading.network(request))
        except TooMany as error:
            response = render(request, "429.html", status=429)
            response[RETRY] = str(error.retry_after)
        else:
            if row is None:
                response = render(request, "review/gone.html", status=404)
            else:
                response = view(request, row, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return csrf_exempt(never_cache(shown))


def page(request: HttpRequest, row: Invitation, no: Refused | None = None) -> HttpResponse:
    made = invited.outside(row, no)
    kept = no is not None and made.form is None
    return render(
        request,
        "review/review.html",
        {"page": made, "refused": no, "lost": no.words if no and kept else []},
        status=no.status if no else 200,
    )


def act(
    request: HttpRequest,
    row: Invitation,
    action: str,
    form: Any,
    do: Callable[[Mapping[str, Any]], Any],
    thanks: str,
    anchor: str = "",
) -> HttpResponse:
    """Do one thing for whoever was invited; a refusal shows their page again, with what they typed."""
    if request.method == "POST":
        typed = forms.posted(form, request.POST)
        try:
            do(typed)
        except Stale:
            no = refused(Changed(_("The text changed since you opened this page. Read it again first.")), action, typed)
            return page(request, again(row), no)
        except REFUSALS as error:
            return page(request, again(row), refused(error, action, typed, form))
        messages.success(request, thanks)
    response = redirect("review", row.token)
    response["Location"] += anchor if request.method == "POST" else ""
    return response


def again(row: Invitation) -> Invitation:
    """The row as it is now."""
    return Invitation.objects.select_related("version__item", "invited_by").get(pk=row.pk)


@outside
@require_safe
def review(request: HttpRequest, row: Invitation) -> HttpResponse:
    return page(request, row)


@outside
@require_http_methods(GET_OR_POST)
def say(request: HttpRequest, row: Invitation) -> HttpResponse:
    thanks = _("Your remark has been kept.")
    return act(
        request,
        row,
        action_of(request),
        reviewing.Say,
        lambda typed: inviting.say(row, typed),
        thanks,
        anchor_of(request),
    )


@outside
@require_http_methods(GET_OR_POST)
def take_back(request: HttpRequest, row: Invitation, remark: int) -> HttpResponse:
    thanks = _("Your remark has been taken back.")
    return act(
        request,
        row,
        f"drop-{remark}",
        inputs.Nothing,
        lambda typed: reviewing.take_back(row.version, remark, by=row),
        thanks,
    )


@outside
@require_http_methods(GET_OR_POST)
def judge(request: HttpRequest, row: Invitation) -> HttpResponse:
    return act(
        request,
        row,
        "judge",
        inviting.Judge,
        lambda typed: inviting.judge(row, typed, expected=request.POST.get("etag", "")),
        _("Thank you. The author hears what you think."),
    )


@outside
@require_safe
def export(request: HttpRequest, row: Invitation) -> HttpResponse:
    return as_file(inviting.export(row))


@outside
@require_http_methods(GET_OR_POST)
def erase(request: HttpRequest, row: Invitation) -> HttpResponse:
    if request.method != "POST":
        return redirect("review", row.token)
    inviting.forget_person(row)
    return render(request, "review/forgotten.html")
