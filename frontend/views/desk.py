"""The queue of the desk."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from frontend.pages import desk
from frontend.refused import Refused, refused
from questions import queue as waiting
from questions.refusals import NotNow, NotYou

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


def staff(view: "View[Rest]") -> "View[Rest]":
    """For people of the desk. Who was logged out while typing gets their words back, to send again."""

    @wraps(view)
    def shown(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            if request.method == "POST":
                return render(request, "desk/logged_out.html", status=403)
            return redirect_to_login(request.get_full_path())
        if not request.user.has_perm("questions.view_question"):
            if kwargs:
                raise Http404  # the address of a case: nobody learns of one they may not see
            return render(request, "desk/no_role.html", status=403)
        return view(request, *args, **kwargs)

    return never_cache(shown)


@staff
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    return queue_page(request)


def queue_page(request: HttpRequest, no: Refused | None = None) -> HttpResponse:
    given: dict[str, Any] = request.GET.dict()
    return render(
        request,
        "desk/queue.html",
        {"page": desk.page(request.user, given), "refused": no},
        status=no.status if no else 200,
    )


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def claim_next(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("desk")
    try:
        taken = waiting.claim_next(request.user)
    except (NotNow, NotYou) as error:
        return queue_page(request, refused(error))
    why = " ".join(reason.sentence for reason in taken.reasons)
    messages.success(request, _("Case %(number)s is yours now.") % {"number": taken.case.number} + f" {why}")
    return redirect("case", taken.case.pk)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    """Whether the name of this person may stand on the answers they wrote or reviewed."""
    if request.method == "POST":
        user: Any = request.user
        user.agree_to_be_named(request.POST.get("agrees") == "yes")
        messages.success(request, _("This has been saved."))
    return redirect("desk-me")
