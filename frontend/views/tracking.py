"""Confirming, and the page behind the asker's own link. The token in the address is the authority."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from frontend import forms
from frontend.pages import exported, pace, tracking
from frontend.refused import REFUSALS, Refused, refused
from questions import dialogue, inputs, joining, privacy, reading, workflow
from questions import links as again
from questions.models import Participation, Question
from questions.refusals import NotNow

GET_OR_POST = ["GET", "HEAD", "POST"]
Rest = ParamSpec("Rest")
RETRY = "Retry-After"
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


class Gone(Exception):
    """This link opens nothing (any more)."""


def secret(view: "View[Rest]") -> "View[Rest]":
    """For addresses that open something by themselves: kept out of referrers, caches and search engines.

    They need no CSRF token: a stranger who could forge the request would have to know the address.
    (Without referrer a browser says `Origin: null`, which that check would refuse.)
    A link that opens nothing leads to the page that sends it again.
    """

    @wraps(view)
    def shown(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Gone:
            response = links_page(request, status=404, is_gone=True)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return csrf_exempt(never_cache(shown))


def part_of(token: str) -> Participation:
    """The participation behind a link; an erased person's link opens nothing."""
    part = Participation.find(token)
    if part is None or part.asker is None:
        raise Gone
    return part


@secret
@require_http_methods(GET_OR_POST)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    part = Participation.find_to_confirm(token)
    if part is None or part.asker is None or (part.is_waiting and not joining.may_be_joined(part)):
        return gone(request, 404)
    if request.method == "POST":
        try:
            joining.confirm(part)
        except NotNow:
            pass  # confirmed before: the link does what it says once, and then leads on
        else:
            messages.success(
                request,
                _("Thank you. You hear from us.") if part.is_waiting else _("Thank you. We have your question."),
            )
    elif part.is_waiting or part.question.confirmed_at is None:
        title = part.question.articulated if part.is_waiting else part.question.text
        return render(
            request, "track/confirm.html", {"title": title, "is_me_too": part.is_waiting, "pace": pace.usual()}
        )
    return redirect("track", part.mailed_token)


def gone(request: HttpRequest, status: int = 200, no: Refused | None = None) -> HttpResponse:
    """What to do about a link that does not work, or a mail that did not come."""
    form = forms.shown(inputs.Again, "again", typed=no.typed if no else None, errors=no.errors if no else None)
    context = {"form": form, "refused": no, "is_gone": status == 404}
    return render(request, "track/confirm_gone.html", context, status=no.status if no else status)


@secret
@require_http_methods(GET_OR_POST)
def confirm_again(request: HttpRequest) -> HttpResponse:
    """The confirmation mail once more; the page tells nobody whether an address is known here."""
    if request.method != "POST":
        return gone(request)
    typed = forms.posted(inputs.Again, request.POST)
    try:
        joining.send_again(typed, network=reading.network(request))
    except REFUSALS as error:
        return gone(request, no=refused(error, "again", typed, inputs.Again))
    messages.success(request, _("If a question waits for this address, we send the e-mail again. It can take an hour."))
    return redirect("confirm-again")


@secret
@require_safe
def track(request: HttpRequest, token: str) -> HttpResponse:
    return track_page(request, part_of(token))


def track_page(request: HttpRequest, part: Participation, no: Refused | None = None) -> HttpResponse:
    page = tracking.track(part, no)
    shows_typed = no is not None and getattr(page, no.action, None) is None
    return render(
        request,
        "track/track.html",
        {"page": page, "refused": no, "lost": no.words if no and shows_typed else []},
        status=no.status if no else 200,
    )


def run(
    request: HttpRequest,
    token: str,
    name: str,
    form: Any,
    act: Callable[[Participation, Mapping[str, Any]], Any],
    thanks: str,
) -> HttpResponse:
    """Do one thing for the person behind the link; a refusal shows their page again, filled."""
    part = part_of(token)
    if request.method != "POST":
        return redirect("track", token)
    typed = forms.posted(form, request.POST)
    try:
        act(part, typed)
    except REFUSALS as error:
        return track_page(request, part_of(token), refused(error, name, typed, form))
    messages.success(request, thanks)
    return redirect("track", token)


@secret
@require_http_methods(GET_OR_POST)
def move(request: HttpRequest, token: str, name: str) -> HttpResponse:
    if name not in tracking.MOVES:
        raise Http404

    def act(part: Participation, typed: Mapping[str, Any]) -> None:
        with transaction.atomic():
            question = workflow.lock(part.question)
            still_stands(question, name, request.POST)
            sent = tracking.as_it_stands(question, typed) if name == "agree" else typed
            workflow.perform(part.question, name, by=part, data=sent)

    return run(request, token, name, inputs.INPUTS[Question][name], act, _("Thank you. We have noted it."))


def still_stands(question: Question, name: str, sent: QueryDict) -> None:
    """Refuses a page that was opened before something changed that the person has not seen."""
    proposed, read = sent.get("proposed"), sent.get("answer")
    if name == "agree" and proposed is not None and proposed != tracking.proposal(question):
        raise NotNow(_("Your broker has put the question in other words since you opened this page. Read them first."))
    answer = tracking.answer_of(question) if name == "respond" else None
    if answer and read and read != str(answer.pk):
        raise NotNow(_("There is another answer since you opened this page. Read it first."))
    referral = tracking.referral_of(question) if name == "respond" else None
    if referral and referral.verdict:
        raise NotNow(_("You have told us already that this answers your question."))


@secret
@require_http_methods(GET_OR_POST)
def say(request: HttpRequest, token: str) -> HttpResponse:
    def act(part: Participation, typed: Mapping[str, Any]) -> None:
        dialogue.say(part.question, typed, by=part)

    return run(request, token, "say", inputs.Say, act, _("Your message has been sent."))


@secret
@require_safe
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Asks first; the form on this page does it."""
    page = tracking.track(part_of(token))
    if not page.may_withdraw:
        return redirect("track", token)
    form = forms.shown(inputs.INPUTS[Question]["withdraw"], "withdraw")
    return render(request, "track/withdraw.html", {"page": page, "form": form})


@secret
@require_http_methods(GET_OR_POST)
def erase(request: HttpRequest, token: str) -> HttpResponse:
    part = confirmed(part_of(token))
    if request.method == "POST":
        assert part.asker is not None
        privacy.erase(part.asker)
        return redirect("erased")
    return render(request, "track/erase.html", {"token": token})


@secret
@require_safe
def export(request: HttpRequest, token: str) -> HttpResponse:
    part = confirmed(part_of(token))
    assert part.asker is not None
    return as_file(privacy.export(part.asker))


def as_file(kept: Mapping[str, Any]) -> HttpResponse:
    """All that is kept of somebody, as a file."""
    response = JsonResponse(dict(kept), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="rotonde.json"'
    return response


def confirmed(part: Participation) -> Participation:
    """Whoever typed somebody's address has a link too; all that is kept of a person is for their mailbox."""
    if part.question.confirmed_at is None or not part.proved:
        raise Http404
    return part


@secret
@require_safe
def export_page(request: HttpRequest, token: str) -> HttpResponse:
    """The same, to be read: one file that needs nothing else."""
    part = confirmed(part_of(token))
    assert part.asker is not None
    page = exported.page(privacy.export(part.asker))
    response = render(request, "track/export.html", {"page": page})
    response["Content-Disposition"] = 'attachment; filename="rotonde.html"'
    return response


@secret
@require_http_methods(GET_OR_POST)
def links(request: HttpRequest) -> HttpResponse:
    """Sends somebody their links again; says the same whether we know the address or not."""
    if request.method != "POST":
        return links_page(request)
    typed = forms.posted(inputs.Again, request.POST)
    try:
        again.send_again(typed, network=reading.network(request))
    except REFUSALS as error:
        return links_page(request, no=refused(error, "links", typed, inputs.Again))
    return redirect("links-sent")


def links_page(request: HttpRequest, *, status: int = 200, no: Refused | None = None, **told: bool) -> HttpResponse:
    form = forms.shown(inputs.Again, "links", typed=no.typed if no else None, errors=no.errors if no else None)
    response = render(
        request, "track/links.html", {"form": form, "refused": no, **told}, status=no.status if no else status
    )
    if no and no.retry_after:
        response[RETRY] = str(no.retry_after)
    return response


@require_safe
def links_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "track/links_sent.html")


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "track/erased.html")
