"""Questions in public while the desk works on them, and "me too"."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from frontend import forms
from frontend.pages import working
from frontend.pages.around import language
from frontend.refused import REFUSALS, Refused, refused
from questions import inputs, joining, reading
from questions.joining import Working


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    rows = joining.worked_on(request.GET.get("sector", ""), request.GET.get("theme", "").replace("\x00", ""))
    return render(request, "working/list.html", {"rows": [working.shown(row) for row in rows]})


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, number: int) -> HttpResponse:
    row = joining.worked_on_now(number)
    if row is None:
        if reading.shown_answer(number) is not None:
            return redirect("answer-number", number)  # what was worked on here has been answered
        raise Http404
    if request.method != "POST":
        return one_page(request, row)
    typed = {name: value for name, value in forms.posted(inputs.MeToo, request.POST).items() if name != "language"}
    try:
        joining.me_too(row.question, {**typed, "language": language()}, network=reading.network(request))
    except REFUSALS as error:
        return one_page(request, row, refused(error, "me-too", typed, inputs.MeToo))
    return redirect("asked-too")


def one_page(request: HttpRequest, row: Working, no: Refused | None = None) -> HttpResponse:
    form = forms.shown(inputs.MeToo, "me-too", typed=no.typed if no else None, errors=no.errors if no else None)
    context = {"one": working.shown(row), "form": form, "refused": no}
    response = render(request, "working/one.html", context, status=no.status if no else 200)
    if no and no.retry_after:
        response["Retry-After"] = str(no.retry_after)
    return response


@require_safe
def asked_too(request: HttpRequest) -> HttpResponse:
    return render(request, "working/sent.html")
