"""The research of a case: the search log."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontend.views.case import GET_OR_POST, run
from frontend.views.desk import staff
from questions import searchlog


@staff
@require_http_methods(GET_OR_POST)
def log_search(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return run(
        request,
        pk,
        "search",
        searchlog.Line,
        lambda question, typed: searchlog.log(question, typed, by=request.user),
        _("The search has been written down."),
        "#searches",
    )
