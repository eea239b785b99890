"""Writing the answer of a case: saving, previewing, sending it to review and judging it."""

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontend.pages.editor import Typed, refuse_unless_open, wrong_fields
from frontend.refused import REFUSALS, Changed, refused
from frontend.views.case import GET_OR_POST, case_page, found, run
from frontend.views.desk import staff
from questions import consulting, inputs, reporting, workflow, writing
from questions.models import Question, Version
from questions.refusals import Stale

ANSWER_MOVES = ("submit", "request_changes", "approve", "void")


@staff
@require_http_methods(GET_OR_POST)
def write(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Save the answer; or show it again with one more row, or as readers will see it."""
    question = found(request, pk)
    if request.method != "POST":
        return redirect("case", pk)
    typed, go = Typed.of(request.POST), request.POST.get("go", "save")
    try:
        typed.check()
        if go == "save":
            writing.write(question, typed.data(), by=request.user, expected=typed.etag)
        else:
            refuse_unless_open(question, request.user)
    except REFUSALS as error:
        no = refused(error, "write", typed.data())
        labels, targets = wrong_fields(no.errors)
        return case_page(request, pk, replace(no, labels=labels, targets=targets), typed=typed.after(""))
    if go != "save":
        return case_page(request, pk, typed=typed.after(go, question.text), is_preview=go == "preview")
    messages.success(request, _("The answer has been saved."))
    return redirect(reverse("case", args=[pk]) + "#answer")


@staff
@require_http_methods(GET_OR_POST)
def move_answer(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    version = writing.current(found(request, pk))
    if name not in ANSWER_MOVES or version is None:
        raise Http404

    def act(question: Question, typed: dict[str, Any]) -> None:
        try:
            workflow.perform(version, name, by=request.user, data=typed, expected=request.POST.get("etag", ""))
        except Stale:  # here nothing was typed on top of the text, as in the editor
            changed = _("The text of the answer changed since you opened this page. Read it again first.")
            raise Changed(changed) from None

    return run(request, pk, f"answer-move-{name}", inputs.INPUTS[Version][name], act, _("Done."))


@staff
@require_http_methods(GET_OR_POST)
def settle(request: HttpRequest, pk: uuid.UUID, correction: int) -> HttpResponse:
    return run(
        request,
        pk,
        f"settle-{correction}",
        reporting.Settle,
        lambda question, typed: reporting.settle(question, correction, typed, by=request.user),
        _("The correction has been settled."),
        "#corrections",
    )


@staff
@require_http_methods(GET_OR_POST)
def forget(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """An expert no longer agrees to be named."""
    return run(
        request,
        pk,
        "forget",
        consulting.Forget,
        lambda question, typed: consulting.forget(question, typed, by=request.user),
        _("The name has been taken out of every version."),
        "#consulted",
    )
