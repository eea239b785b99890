"""Pages for everybody: home, search, answers, sources and themes."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evidence.models import Source, Theme
from frontend import forms, kept
from frontend.pages import answers, cite, finding, library, linked, numbers, statements, themes
from frontend.refused import Refused, refused
from questions import intake, introductions, reading
from questions.models import Version
from questions.refusals import TooMany

LONGEST_QUERY = 2_000


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "public/home.html", {"page": kept.page(request, "home", library.home)})


def searched(request: HttpRequest) -> tuple[str, dict[str, str]]:
    """The words that are looked for, and all that the address asks."""
    given = {name: value.replace("\x00", " ").strip() for name, value in request.GET.dict().items()}
    return given.get("q", "")[:LONGEST_QUERY], given


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    page = finding.search(*searched(request))
    return render(request, "public/search.html", {"page": page})


@require_safe
def search_numbers(request: HttpRequest) -> HttpResponse:
    return render(request, "public/numbers.html", {"page": numbers.page()})


@require_safe
def answer(request: HttpRequest, number: int, slug: str = "") -> HttpResponse:
    living = public_answer(number)
    if slug != living.item.slug:
        old = f"?version={wanted}" if (wanted := asked_version(request)) else ""
        response = redirect("answer", number, living.item.slug, permanent=True)
        response["Location"] += old
        return response
    return answer_page(request, living)


def public_answer(number: int) -> Version:
    living = reading.shown_answer(number)
    if living is None:
        raise Http404
    return living


def asked_version(request: HttpRequest) -> int | None:
    text = request.GET.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 5 else None


def answer_page(request: HttpRequest, living: Version, no: Refused | None = None) -> HttpResponse:
    # The version and its state stand in the name: a page of what was taken back is another page.
    n = asked_version(request)
    page, head = kept.page(request, f"answer {living.pk} {living.state} {n}", lambda: answer_and_head(living, n))
    shown = {
        name: forms.shown(
            form,
            name,
            typed=no.typed if no and no.action == name else None,
            errors=no.errors if no and no.action == name else None,
        )
        for name, form in (("feedback", forms.GiveFeedback), ("correction", forms.ReportMistake))
    }
    context = {"page": page, "linked": head, "forms": cite.FORMS, "refused": no, **shown}
    return render(request, "public/answer.html", context, status=no.status if no else 200)


def answer_and_head(living: Version, n: int | None) -> tuple[answers.Answer, linked.Linked | None]:
    page = answers.answer(living, n)
    if page is None:
        raise Http404
    return page, linked.of(page, living)


def from_reader(request: HttpRequest, number: int, name: str, form: type[ModelForm[Any]], thanks: str) -> HttpResponse:
    """Store what a reader says of the version they read."""
    living = public_answer(number)
    if request.method != "POST":
        return redirect("answer", number, living.item.slug)
    typed: Mapping[str, Any] = forms.posted(form, request.POST)
    version = read_version(request, living)
    made = form(typed, instance=form._meta.model(version=version))
    if not made.is_valid():
        return answer_page(
            request,
            living,
            Refused(400, [_("Something is not right yet. Look at the marked fields.")], action=name, typed=typed),
        )
    try:
        with transaction.atomic():
            intake.count_against(
                "reader", intake.prefix(reading.network(request)), intake.HOUR, settings.QUESTIONS_PER_NETWORK_AN_HOUR
            )
            made.save()
    except TooMany as error:
        return answer_page(request, living, refused(error, name, typed))
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
    return from_reader(request, number, "feedback", forms.GiveFeedback, _("Thank you. The desk reads what you wrote."))


@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, number: int) -> HttpResponse:
    return from_reader(
        request, number, "correction", forms.ReportMistake, _("Thank you. Somebody of the desk will look at it.")
    )


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


@require_safe
def source(request: HttpRequest, key: str) -> HttpResponse:
    row = get_object_or_404(Source, key=key)
    if not (row.public or request.user.has_perm("evidence.view_source")):
        raise Http404
    page = kept.page(request, f"source {row.pk}", lambda: library.source(row))
    return render(request, "public/source.html", {"page": page})


@require_safe
def all_themes(request: HttpRequest) -> HttpResponse:
    return render(request, "public/themes.html", {"rows": kept.page(request, "themes", themes.listed)})


@require_safe
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    turned = themes.turned(request.GET.dict())
    row = partial(get_object_or_404, Theme, slug=slug)
    page = kept.page(request, f"theme {slug} {turned}", lambda: themes.theme(row(), turned))
    may_introduce = introductions.may_write(request.user)
    context = {"page": page, "people": themes.people(slug), "may_introduce": may_introduce}
    return render(request, "public/theme.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "public/privacy.html", {"page": statements.privacy()})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "public/accessibility.html", {"page": statements.accessibility()})
