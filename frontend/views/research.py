"""The research of a case: looking in the library, the search log, and the evidence ledger."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from frontend import forms
from frontend.pages import report, spreadsheet
from frontend.refused import REFUSALS, Changed, refused
from frontend.views.case import GET_OR_POST, case_page, found, run
from frontend.views.desk import staff
from questions import elsewhere, inputs, ledger, looking, searchlog
from questions.models import Question
from questions.refusals import Stale

LOG = "#searches"


@staff
@require_http_methods(GET_OR_POST)
def look(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Search the library in words of one's own. A POST, so that no words stand in an address."""
    if request.method != "POST":
        return redirect("case", pk)
    typed = forms.posted(looking.Library, request.POST)
    try:
        cleaned = inputs.clean_form(looking.Library, typed)
    except REFUSALS as error:
        return case_page(request, pk, refused(error, "look", typed, looking.Library))
    filters = looking.filters_of(cleaned)
    return case_page(request, pk, look=looking.look(cleaned["terms"], filters, user=request.user))


@staff
@require_http_methods(GET_OR_POST)
def searches(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The search report, to read and to print; or writing down a search."""
    if request.method != "POST":
        question = found(request, pk)
        return render(request, "desk/searches.html", {"page": report.page(question)})
    return written(request, pk, "search", searchlog.Line, searchlog.log)


def written(
    request: HttpRequest, pk: uuid.UUID, action: str, form: type[django_forms.Form], write: Callable[..., Any]
) -> HttpResponse:
    return run(
        request,
        pk,
        action,
        form,
        lambda question, typed: write(question, typed, by=request.user),
        _("The search has been written down."),
        LOG,
    )


@staff
@require_http_methods(GET_OR_POST)
def log_found(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write down the search that the page of the case itself makes."""

    def write(question: Question, typed: Any, *, by: Any) -> None:
        searchlog.log_found(question, by=by)

    return written(request, pk, "log-found", inputs.Nothing, write)


@staff
@require_http_methods(GET_OR_POST)
def log_own(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return written(request, pk, "look", looking.Library, searchlog.log_own)


@staff
@require_http_methods(GET_OR_POST)
def repeat(request: HttpRequest, pk: uuid.UUID, entry: int) -> HttpResponse:
    def write(question: Question, typed: Any, *, by: Any) -> None:
        searchlog.repeat(question, entry, by=by)

    return written(request, pk, f"repeat-{entry}", inputs.Nothing, write)


@staff
@require_http_methods(GET_OR_POST)
def correct(request: HttpRequest, pk: uuid.UUID, entry: int) -> HttpResponse:
    def write(question: Question, typed: Any, *, by: Any) -> None:
        searchlog.correct(question, entry, typed, by=by)

    return written(request, pk, f"correct-{entry}", searchlog.Line, write)


@staff
@require_http_methods(GET_OR_POST)
def add(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put a source in the ledger."""
    return run(
        request,
        pk,
        "ledger",
        ledger.Found,
        lambda question, typed: ledger.add(question, typed, by=request.user),
        _("The source is in the ledger."),
        "#ledger",
    )


@staff
@require_http_methods(GET_OR_POST)
def bring(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put a source that was found elsewhere in the library and in the ledger."""

    def said(done: elsewhere.Brought) -> str:
        source = done.entry.source
        names = {"title": source.title, "key": source.key}
        if done.is_new:
            return _("“%(title)s” is in the library (key %(key)s) and in the ledger.") % names
        return (
            _(
                "The library has this source already: “%(title)s” (key %(key)s). That one is in the ledger; it was not changed by what you typed."
            )
            % names
        )

    return run(
        request,
        pk,
        "elsewhere",
        elsewhere.Elsewhere,
        lambda question, typed: elsewhere.bring(question, typed, by=request.user),
        said,
        "#ledger",
    )


@staff
@require_http_methods(GET_OR_POST)
def judge(request: HttpRequest, pk: uuid.UUID, entry: int) -> HttpResponse:
    """Keep a source of the ledger, or reject it with a reason."""

    def act(question: Question, typed: dict[str, Any]) -> None:
        try:
            ledger.judge(question, entry, typed, by=request.user, expected=request.POST.get("etag", ""))
        except Stale:
            raise Changed(_("Somebody judged this source since you opened this page. Look at it again.")) from None

    return run(
        request,
        pk,
        f"ledger-{entry}",
        ledger.Judge,
        act,
        _("What you read in this source has been written down."),
        f"#entry-{entry}",
    )


@staff
@require_safe
def table(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The search log as a table for other programs (CSV)."""
    question = found(request, pk)
    response = HttpResponse(spreadsheet.file(report.rows(question)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="searches-{question.number or pk}.csv"'
    return response
