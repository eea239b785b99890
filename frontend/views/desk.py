"""The queue of the desk."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from frontend import forms
from frontend.pages import desk
from frontend.pages.saved import saved_views
from frontend.refused import REFUSALS, Refused, refused
from questions import bulk, inputs, saved
from questions import queue as waiting
from questions.models import SavedView
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
    return queue_page(request, request.GET.dict())


@staff
@require_safe
def shown_view(request: HttpRequest, view: int) -> HttpResponse:
    """A view of the queue that was saved, under an address of its own."""
    return queue_page(request, request.GET.dict(), saved_view(request, str(view)))


def saved_view(request: HttpRequest, pk: str) -> SavedView:
    """The view, or 404: nobody learns of one that is somebody else's."""
    known = pk.isascii() and pk.isdecimal() and len(pk) < 18
    found: SavedView | None = saved.visible(request.user).filter(pk=pk).first() if known else None
    if found is None:
        raise Http404
    return found


def queue_page(
    request: HttpRequest, given: dict[str, Any], view: SavedView | None = None, work: desk.Work | None = None
) -> HttpResponse:
    no = work.no if work else None
    page = desk.page(request.user, given, view, work)
    return render(request, "desk/queue.html", {"page": page, "refused": no}, status=no.status if no else 200)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def together(request: HttpRequest) -> HttpResponse:
    """The same done with every chosen case; those that were refused stand on the page, still chosen."""
    if request.method != "POST":
        return redirect("desk")
    given: dict[str, Any] = request.POST.dict()
    view = saved_view(request, given["saved"]) if given.get("saved") else None
    what, chosen = given.get("do", ""), request.POST.getlist("questions")
    form = bulk.FORMS.get(what, inputs.Nothing)
    typed = {name: value for name, value in forms.posted(form, request.POST).items() if value not in ("", [""])}
    try:
        outcomes = tuple(bulk.run(request.user, chosen, what, typed, held=request.POST.getlist("held")))
    except REFUSALS as error:
        no = refused(error, what, typed, form)
        return queue_page(request, given, view, desk.Work(frozenset(chosen), no=no))
    left = frozenset(str(one.pk) for one in outcomes if not one.is_done)
    if left:
        return queue_page(request, given, view, desk.Work(left, outcomes))
    done = len(outcomes)
    messages.success(request, ngettext("%(n)s case was changed.", "%(n)s cases were changed.", done) % {"n": done})
    return redirect(desk.back(given, view))


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def views(request: HttpRequest) -> HttpResponse:
    """Saves the queue as it is shown now under a name; opened, the list of what was saved."""
    if request.method != "POST":
        return views_page(request)
    given: dict[str, Any] = request.POST.dict()
    typed = forms.posted(saved.Keep, request.POST)
    try:
        made = saved.save(request.user, desk.wanted(given, request.user), typed)
    except REFUSALS as error:
        no = refused(error, "keep", typed, saved.Keep)
        return queue_page(request, given, work=desk.Work(no=no))
    messages.success(request, _("The view was saved."))
    return redirect("desk-view", made.pk)


def views_page(request: HttpRequest, no: Refused | None = None) -> HttpResponse:
    rows = saved_views(request.user, no)
    return render(request, "desk/views.html", {"rows": rows, "refused": no}, status=no.status if no else 200)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def change_view(request: HttpRequest, view: int) -> HttpResponse:
    """Another name, shared or private; or away with it."""
    row = saved_view(request, str(view))
    if request.method != "POST":
        return redirect("desk-views")
    typed = forms.posted(saved.Name, request.POST)
    try:
        if request.POST.get("go") == "remove":
            saved.remove(row, by=request.user)
        else:
            saved.change(row, typed, by=request.user)
    except REFUSALS as error:
        return views_page(request, refused(error, f"view-{view}", typed, saved.Name))
    messages.success(request, _("Done."))
    return redirect("desk-views")


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def claim_next(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("desk")
    try:
        taken = waiting.claim_next(request.user)
    except (NotNow, NotYou) as error:
        return queue_page(request, {}, work=desk.Work(no=refused(error)))
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
