"""How the desk does: one page of numbers over any period, and each of its tables as a file."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from frontend import forms
from frontend.pages import insight
from frontend.refused import refused
from frontend.views.desk import staff
from questions import periods


def asked(request: HttpRequest) -> dict[str, str]:
    """The period as the address says it; whatever else stands there is left alone."""
    return {name: request.GET.get(name, "")[:100] for name in periods.FIELDS}


@staff
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    given = asked(request)
    try:
        period = periods.read(given)
    except ValidationError as error:
        no = refused(error, "period", given, periods.Between)
        form = forms.shown(periods.Between, "period", typed=given, errors=no.errors)
        context = {"refused": no, "form": form, "choices": insight.choices()}
        return render(request, "desk/insight.html", context, status=no.status)
    page = insight.page(request.user, period)
    form = forms.shown(periods.Between, "period", initial={"from": period.first, "to": period.last})
    return render(request, "desk/insight.html", {"page": page, "form": form, "choices": page.choices})


@staff
@require_safe
def file(request: HttpRequest, table: str) -> HttpResponse:
    try:
        text = insight.file(request.user, periods.read(asked(request)), table)
    except ValidationError as error:
        no = refused(error, "period")
        sentences = [sentence for found in no.errors.values() for sentence in found]
        return HttpResponse("\n".join(sentences), content_type="text/plain; charset=utf-8", status=no.status)
    if text is None:
        raise Http404
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{table}.csv"'
    return response
