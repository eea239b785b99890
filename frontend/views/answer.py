"""An answer for everybody: its page, its team sheet, how to cite it, and what readers say of it."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from frontend import forms, kept
from frontend.pages import answers, cite, linked, reports, revisions
from frontend.refused import REFUSALS, Refused, refused
from questions import reading, reporting
from questions.models import Item, Version

KEPT = ("version", "section")  # what an address keeps where its words change
MOVED_FOR = 3600  # seconds that a browser keeps the new address: an answer may come back


@require_safe
def answer(request: HttpRequest, number: int, slug: str = "") -> HttpResponse:
    living = reading.shown_answer(number)
    if away := moved(request, number, living, lambda item: reverse("answer", args=[item.number, item.slug])):
        return away
    if living is None:
        raise Http404
    if slug != living.item.slug:
        asked = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
        response = redirect("answer", number, living.item.slug, permanent=True)
        response["Location"] += f"?{urlencode(asked)}" if asked else ""
        return response
    return answer_page(request, living)


def moved(
    request: HttpRequest, number: int, living: Version | None, address: Callable[[Item], str]
) -> HttpResponse | None:
    """The way to the answer that took the place of this one; its old versions stay readable here."""
    place = None if asked_version(request) else reading.moved_to(number, living)
    if place is None:
        return None
    response = redirect(address(place.item), permanent=place.for_good)
    if place.for_good:
        response["Cache-Control"] = f"max-age={MOVED_FOR}"
    return response


def public_answer(number: int) -> Version:
    living = reading.shown_answer(number)
    if living is None:
        raise Http404
    return living


def asked_version(request: HttpRequest, name: str = "version") -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 5 else None


@require_safe
def changes(request: HttpRequest, number: int) -> HttpResponse:
    """What changed between two versions that were public."""
    living = public_answer(number)
    page = revisions.public(living, asked_version(request, "old"), asked_version(request, "new"))
    if page is None:
        raise Http404
    return render(request, "public/changes.html", {"page": page, "item": living.item, "text_language": living.language})


def answer_page(request: HttpRequest, living: Version, no: Refused | None = None) -> HttpResponse:
    # The version and its state stand in the name: a page of what was taken back is another page.
    n = asked_version(request)
    page, head = kept.page(request, f"answer {living.pk} {living.state} {n}", lambda: answer_and_head(living, n))
    section = request.GET.get("section", "")
    mine = no if no and no.action == "feedback" else None
    context = {
        "page": page,
        "linked": head,
        "forms": cite.FORMS,
        "refused": no,
        "section": section,
        "feedback": forms.shown(
            reporting.Helped, "feedback", typed=mine.typed if mine else None, errors=mine.errors if mine else None
        ),
        "correction": reports.form(page.text, no, section),
    }
    return render(request, "public/answer.html", context, status=no.status if no else 200)


def answer_and_head(living: Version, n: int | None) -> tuple[answers.Answer, linked.Linked | None]:
    page = answers.answer(living, n)
    if page is None:
        raise Http404
    return page, linked.of(page, living)


@require_safe
def team(request: HttpRequest, number: int) -> HttpResponse:
    """One page for a team meeting, of the answer that holds now."""
    living = reading.shown_answer(number)
    if away := moved(request, number, living, lambda item: reverse("team", args=[item.number])):
        return away
    if living is None:
        raise Http404
    page = answers.answer(living, None)
    if page is None or page.retracted_at:
        return redirect("answer-number", number)
    if page.text.team is None:
        raise Http404
    return render(request, "public/team.html", {"page": page})


def from_reader(
    request: HttpRequest, number: int, name: str, form: Any, keep: Callable[..., Any], thanks: str
) -> HttpResponse:
    """Store what a reader says of the version they read."""
    living = public_answer(number)
    if request.method != "POST":
        return redirect("answer", number, living.item.slug)
    typed: Mapping[str, Any] = forms.posted(form, request.POST)
    version = read_version(request, living)
    try:
        keep(version, typed, network=reading.network(request))
    except REFUSALS as error:
        return answer_page(request, living, refused(error, name, typed, form))
    messages.success(request, thanks)
    return redirect(f"{answers.line_of(living).url}#{name}")


def read_version(request: HttpRequest, living: Version) -> Version:
    """The version the form stood under; it was public once, or this is no form of ours."""
    wanted = request.POST.get("version", str(living.pk))
    rows = living.item.versions.filter(state__in=answers.WAS_PUBLIC)
    found: Version | None = next((row for row in rows if str(row.pk) == wanted), None)
    if found is None:
        raise BadRequest
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, number: int) -> HttpResponse:
    thanks = _("Thank you. The desk reads what you wrote.")
    return from_reader(request, number, "feedback", reporting.Helped, reporting.helped, thanks)


@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, number: int) -> HttpResponse:
    thanks = _("Thank you. Somebody of the desk will look at it.")
    return from_reader(request, number, "correction", reporting.Mistake, reporting.mistake, thanks)


@require_safe
def citation(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """One version of an answer for a reference manager."""
    chosen = answers.edition(public_answer(number).item, asked_version(request))
    if chosen is None or form not in cite.FORMS:
        raise Http404
    version, _rows = chosen
    chosen_form = cite.FORMS[form]
    content = chosen_form.write(cite.csl(version))
    response = HttpResponse(content, content_type=f"{chosen_form.media}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="answer-{number}-v{version.n}.{form}"'
    return response
