"""A view parses, makes one call into the domain, and serializes."""

import uuid
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import serializers, shapes
from api.errors import PreconditionRequired, problem, stale
from api.found import SearchOut, SuggestionsOut
from api.idempotency import once
from api.pages import Newest, NewestAnswers, Queued, choice, number, params
from brokers.sectors import Sector
from evidence import library
from evidence.facets import Filters
from evidence.models import Source
from questions import dialogue, inputs, intake, listing, personal, reading, workflow, writing
from questions.models import Question, Version
from questions.permissions import adds_sources
from questions.refusals import NotYou, Stale
from questions.suggest import DEPTH, find, suggest

KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key counts once.")
MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="The ETag you read.")


PAGE = [
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 25}),
    OpenApiParameter("cursor", str, description="From `next` or `previous` of another page."),
]


NUMBER = OpenApiParameter("page", {"type": "integer", "minimum": 1, "maximum": DEPTH, "default": 1})


def query(**choices: Any) -> list[OpenApiParameter]:
    """Parameters of the query string, each with what may be chosen (None: any text)."""
    return [OpenApiParameter(name, str, enum=allowed) for name, allowed in choices.items()]


def query_of(form: type[forms.Form]) -> list[OpenApiParameter]:
    """Parameters of the query string that `form` checks."""
    fields: Mapping[str, Any] = form.base_fields
    return [
        OpenApiParameter(
            name,
            {"type": "string", "pattern": field.regex.pattern} if isinstance(field, forms.RegexField) else str,
            enum=[value for value, _label in getattr(field, "choices", []) if value] or None,
            description=str(field.label),
        )
        for name, field in fields.items()
    ]


class View(APIView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """In the caller's language; the addresses of pages say theirs, those of the API have none."""
        with translation.override(translation.get_language_from_request(request)):
            return super().dispatch(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["API-Version"] = "1.0.0"
        response["Content-Language"] = translation.get_language()
        patch_vary_headers(response, ["Accept-Language"])
        # Not `request.user`: where the credentials were refused, asking for it again raises.
        known = "HTTP_AUTHORIZATION" in request.META or settings.SESSION_COOKIE_NAME in request.COOKIES
        response.setdefault("Cache-Control", "no-store" if known else "no-cache")
        return response

    def paged(self, rows: QuerySet[Any], shape: Any, pages: type[Newest] = Newest) -> Response:
        paginator = pages()
        page = paginator.paginate_queryset(rows, self.request, view=self) or []
        return paginator.get_paginated_response([shape(row) for row in page])


def body(request: Request) -> Mapping[str, Any]:
    """The fields that were sent; the parser lets through nothing but an object."""
    return cast(Mapping[str, Any], request.data)


def staff(request: Request) -> Any:
    """The person of the desk who calls; others are told to log in, or that it is not theirs."""
    if not request.user.is_authenticated:
        raise NotAuthenticated
    if not request.user.has_perm("questions.view_question"):
        raise NotYou("This is for people of the desk.")
    return request.user


def case(request: Request, pk: uuid.UUID) -> Question:
    """The case, or 404: nobody learns of a case they may not see."""
    found: Question | None = reading.cases(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


class Questions(View):
    @extend_schema(
        parameters=[*query_of(listing.Filters), *PAGE],
        responses=serializers.page_of(serializers.QuestionLine),
        operation_id="questions_list",
    )
    def get(self, request: Request) -> Response:
        """The cases of the desk, as its queue shows them. `assignee` is `me`, `none` or the address of a broker."""
        user = staff(request)
        what = listing.wanted(params(request, *listing.Filters.base_fields))
        pages = Queued(user, what)
        return pages.get_paginated_response([shapes.line(row) for row in pages.paginate_queryset(None, request)])

    @extend_schema(request=serializers.AskIn, responses={201: serializers.AskedOut}, parameters=[KEY])
    def post(self, request: Request) -> Response:
        def ask() -> Response:
            question, part = intake.ask(body(request), by=request.user, network=reading.network(request))
            return Response(shapes.asked(question, part), status=201)

        response = once(request, ask, lambda data: data["id"])
        if response.status_code == 201:
            response.data = shapes.with_link(response.data)
        return response


class OneQuestion(View):
    @extend_schema(responses=serializers.QuestionOut)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        return Response(shapes.dossier(case(request, pk), request.user))


class QuestionTransition(View):
    @extend_schema(
        request={"application/json": {"type": "object"}}, responses=serializers.QuestionOut, parameters=[KEY]
    )
    def post(self, request: Request, pk: uuid.UUID, name: str) -> Response:
        question = case(request, pk)
        if name not in inputs.INPUTS[Question]:
            raise Http404

        def move() -> Response:
            workflow.perform(question, name, by=request.user, data=body(request))
            return Response(shapes.dossier(case(request, pk), request.user))

        return once(request, move, lambda data: pk)


def read_tag(request: Request) -> str:
    """The ETag the caller had read, or nothing."""
    return request.headers.get("If-Match", "").removeprefix("W/")


class Answer(View):
    """The answer that is being written for a question."""

    @extend_schema(responses=serializers.DraftOut)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        return self.shown(case(request, pk))

    @extend_schema(request=serializers.AnswerIn, responses=serializers.DraftOut, parameters=[MATCH, KEY])
    def put(self, request: Request, pk: uuid.UUID) -> Response:
        question = case(request, pk)
        expected = read_tag(request)
        if not expected:
            raise PreconditionRequired

        def save() -> Response:
            try:
                writing.write(question, body(request), by=request.user, expected=expected)
            except Stale as error:  # answered here, so that the kept text is not rolled back with the key
                return stale(error)
            except NotYou as error:  # the same holds for what was typed by who lost the case
                return problem(403, "not_allowed", str(error))
            return self.shown(case(request, pk))

        return once(request, save, lambda data: pk)

    def shown(self, question: Question) -> Response:
        version = writing.current(question)
        return Response(shapes.draft(version, question, self.request.user), headers={"ETag": writing.etag(version)})


class AnswerTransition(View):
    @extend_schema(
        request={"application/json": {"type": "object"}}, responses=serializers.DraftOut, parameters=[MATCH, KEY]
    )
    def post(self, request: Request, pk: uuid.UUID, name: str) -> Response:
        question = case(request, pk)
        version = writing.current(question)
        if name not in inputs.INPUTS[Version] or version is None:
            raise Http404

        def move() -> Response:
            moved = workflow.perform(version, name, by=request.user, data=body(request), expected=read_tag(request))
            return Response(shapes.draft(moved, question, request.user), headers={"ETag": moved.etag})

        return once(request, move, lambda data: pk)


class Messages(View):
    @extend_schema(responses=serializers.MessagesOut)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        messages = case(request, pk).messages.select_related("user")
        return Response({"results": [shapes.message(one) for one in messages]})

    @extend_schema(request=serializers.MessageIn, responses={201: serializers.MessageOut}, parameters=[KEY])
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        question = case(request, pk)

        def say() -> Response:
            return Response(shapes.message(dialogue.say(question, body(request), by=request.user)), status=201)

        return once(request, say, lambda data: pk)


class Sources(View):
    @extend_schema(
        parameters=[*query(q=None, sector=Sector.values, theme=None), *PAGE],
        responses=serializers.page_of(serializers.SourceOut),
        operation_id="sources_list",
    )
    def get(self, request: Request) -> Response:
        given = params(request, "q", "sector", "theme")
        choice("sector", given["sector"], Sector.values)
        return self.paged(reading.sources(request.user, **given), shapes.source)

    @extend_schema(request=serializers.SourceIn, responses={201: serializers.SourceOut}, parameters=[KEY])
    def post(self, request: Request) -> Response:
        if not adds_sources(None, staff(request)):
            raise NotYou("This is for a broker.")

        def add() -> Response:
            return Response(shapes.source(library.put_source(body(request))), status=201)

        return once(request, add)


class OneSource(View):
    @extend_schema(responses=serializers.SourceOut)
    def get(self, request: Request, ref: str) -> Response:
        source: Source | None = inputs.find_source(ref)
        if source is None or not (source.public or request.user.has_perm("evidence.view_source")):
            raise Http404
        return Response(shapes.source(source))


class Suggest(View):
    @extend_schema(request=serializers.SuggestIn, responses=SuggestionsOut)
    def post(self, request: Request) -> Response:
        given = inputs.clean_form(inputs.Look, body(request))
        # Neither looked for nor embedded: what tells who somebody is helps no search.
        text = personal.scrub(given["text"])
        found = suggest(text, user=request.user, sector=given["sector"])
        if request.user.has_perm("questions.view_question"):
            data = shapes.for_staff(found)
        else:
            others = intake.others_asking(text, reading.network(request))
            data = {**shapes.suggestions(found), "others_asking": others}
        response = Response(data)
        # Where the time went, in milliseconds, for people who watch the desk (W3C Server-Timing).
        response["Server-Timing"] = ", ".join(f"{name};dur={ms:.2f}" for name, ms in found.timings.items())
        return response


class Search(View):
    @extend_schema(parameters=[*query(q=None), *query_of(inputs.Narrow), PAGE[0], NUMBER], responses=SearchOut)
    def get(self, request: Request) -> Response:
        names = tuple(inputs.Narrow.base_fields)
        given = params(request, "q", "page", *names)
        chosen = inputs.clean_form(inputs.Narrow, {name: given[name] for name in names})
        limit = Newest().get_page_size(request)
        return Response(shapes.listing(find(given["q"], Filters(**chosen), limit=limit, page=number(given["page"]))))


class Answers(View):
    @extend_schema(
        parameters=[*query(sector=Sector.values, theme=None), *PAGE],
        responses=serializers.page_of(serializers.AnswerLine),
        operation_id="answers_list",
    )
    def get(self, request: Request) -> Response:
        given = params(request, "sector", "theme")
        choice("sector", given["sector"], Sector.values)
        return self.paged(reading.published(**given), shapes.answer_line, NewestAnswers)


class OneAnswer(View):
    @extend_schema(responses={200: serializers.AnswerOut, 301: serializers.AnswerOut, 302: None})
    def get(self, request: Request, number: int) -> Response:
        """The answer that holds. One that was replaced leads on, and says itself what it was."""
        version: Version | None = reading.shown_answer(number)
        place = reading.moved_to(number, version)
        if place is not None:
            there = request.path.removesuffix(str(number)) + str(place.item.number)
            shown = shapes.answer(version) if version else None
            return Response(shown, status=301 if place.for_good else 302, headers={"Location": there})
        if version is None:
            raise Http404
        return Response(shapes.answer(version))


class Unknown(View):
    schema = None

    def get(self, request: Request, path: str) -> Response:
        return problem(404, "not_found", "There is no such address in the API.")

    post = put = patch = delete = get
