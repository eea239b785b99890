"""Writing the answer of a case: saving, previewing, sending it to review and judging it."""

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frontend.pages import revisions
from frontend.pages.editor import Typed, from_content, looked, merged, offered, wrong_fields
from frontend.pages.history import done
from frontend.refused import REFUSALS, Changed, refused
from frontend.views.case import GET_OR_POST, case_page, found, run
from frontend.views.desk import staff
from questions import consulting, drafts, inputs, reporting, workflow, writing
from questions.models import Question, Version
from questions.refusals import Stale


@staff
@require_http_methods(GET_OR_POST)
def write(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Save the answer; or show it again with one more row, or as readers will see it."""
    question = found(request, pk)
    if request.method != "POST":
        return redirect("case", pk)
    typed, go = Typed.of(request.POST), request.POST.get("go", "save")
    what, _colon, which = go.partition(":")
    try:
        typed.check()
        if go == "save":
            writing.write(question, typed.data(), by=request.user, expected=typed.etag, sitting=typed.sitting)
        elif what in ("resume", "throw"):
            return another(request, question, typed, what, which)
        else:
            writing.refuse_unless_open(question, request.user)
    except Stale as stale:
        return case_page(request, pk, refused(stale, "write", typed.data()), typed=merged(typed, stale.merged))
    except REFUSALS as error:
        no = refused(error, "write", typed.data())
        labels, targets = wrong_fields(no.errors)
        return case_page(request, pk, replace(no, labels=labels, targets=targets), typed=typed.after(""))
    if go != "save":
        return case_page(request, pk, typed=typed.after(go, question.text), is_preview=go == "preview")
    messages.success(request, _("The answer has been saved."))
    return redirect(reverse("case", args=[pk]) + "#answer")


def another(request: HttpRequest, question: Question, typed: Typed, what: str, which: str) -> HttpResponse:
    """Go on with another text of one's own, or throw that one away; what stands in the editor is not lost by it."""
    pk = inputs.as_uuid(which) or uuid.UUID(int=0)
    if what == "throw":
        drafts.throw_away(question, pk, by=request.user)
        messages.success(request, _("That text has been thrown away."))
        return case_page(request, question.pk, typed=typed.after("") if "etag" in request.POST else None)
    draft = drafts.reopened(question, pk, typed.data(), by=request.user, base=typed.etag, sitting=typed.sitting)
    resumed = replace(from_content(draft.content), etag=draft.base, sitting=draft.sitting)
    if draft.merged is not None:
        resumed = replace(merged(resumed, draft.merged), etag=draft.etag)
    return case_page(request, question.pk, typed=replace(resumed, pressed="resume"))


@staff
@require_POST
def keep(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What is being typed, kept by itself every few seconds; the answer is a sentence for the editor."""
    question, typed = found(request, pk), Typed.of(request.POST)
    try:
        typed.check()
        at = drafts.put_by(question, typed.data(), by=request.user, base=typed.etag, sitting=typed.sitting)
    except REFUSALS as error:
        no = refused(error, "write")
        return JsonResponse({"said": " ".join(no.sentences)}, status=no.status)
    said = _("Kept for you alone at %(time)s.") % {"time": f"{localtime(at):%H:%M}"} if at else _("All of it is saved.")
    return JsonResponse({"said": said})


@staff
@require_POST
def look(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The text as readers will see it, while it is typed."""
    question, typed = found(request, pk), Typed.of(request.POST)
    try:
        drafts.look(question, request.user)
    except REFUSALS as error:
        no = refused(error, "write")
        return render(request, "desk/case/look_refused.html", {"refused": no}, status=no.status)
    return render(request, "desk/case/look.html", {"look": looked(typed, question)})


@staff
@require_safe
def sources(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Sources whose key, title or author holds what was typed after `[@`."""
    rows = drafts.sources(found(request, pk), request.GET.get("q", ""), by=request.user)
    return JsonResponse({"sources": [offered(row, why) for row, why in rows]})


@staff
@require_safe
def versions(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Every save of the answer, and what changed between two of them."""
    question = found(request, pk)
    page = revisions.page(question, request.GET.get("old", ""), request.GET.get("new", ""))
    if page is None:
        raise Http404
    return render(request, "desk/versions.html", {"page": page, "case": question})


@staff
@require_http_methods(GET_OR_POST)
def move_answer(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    version, form = writing.current(found(request, pk)), inputs.INPUTS[Version].get(name)
    if form is None or version is None:
        raise Http404

    def act(question: Question, typed: dict[str, Any]) -> None:
        try:
            workflow.perform(version, name, by=request.user, data=typed, expected=request.POST.get("etag", ""))
        except Stale:  # here nothing was typed on top of the text, as in the editor
            changed = _("The text of the answer changed since you opened this page. Read it again first.")
            raise Changed(changed) from None

    return run(request, pk, f"answer-move-{name}", form, act, done(f"answer_{name}"))


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
