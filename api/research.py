"""The research of a case for programs: its search log and its evidence ledger."""

import uuid
from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import PreconditionRequired
from api.idempotency import once
from api.serializers import Data, shape_of
from api.views import KEY, MATCH, View, body, case, read_tag
from evidence.strength import Strength
from questions import grading, ledger, looking, searchlog
from questions.models import LedgerEntry, Question, SearchEntry
from questions.states import Direction, GapKind

SearchIn = shape_of(searchlog.Line, "NewSearch")
LibraryIn = shape_of(looking.Library, "NewLibrarySearch")
FoundIn = shape_of(ledger.Found, "NewLedgerEntry")
JudgeIn = shape_of(ledger.Judge, "LedgerJudgement")


class LoggedSearchOut(serializers.Serializer[Data]):
    id = serializers.IntegerField()
    place = serializers.CharField()
    is_own = serializers.BooleanField(help_text="a search of the desk's own library")
    terms = serializers.CharField()
    filters = serializers.DictField()
    searched_on = serializers.DateField()
    hits = serializers.IntegerField(allow_null=True)
    has_more = serializers.BooleanField(help_text="there were more hits than are counted")
    fresh = serializers.IntegerField(allow_null=True, help_text="of a search done again: hits not seen before")
    kept = serializers.CharField()
    by = serializers.CharField()
    repeats = serializers.IntegerField(allow_null=True)
    corrects = serializers.IntegerField(allow_null=True)


class CaseSearchesOut(serializers.Serializer[Data]):
    results = LoggedSearchOut(many=True)


class LedgerEntryOut(serializers.Serializer[Data]):
    id = serializers.IntegerField()
    etag = serializers.CharField(help_text="send it as If-Match to judge this source")
    source = serializers.UUIDField()  # type: ignore[assignment]
    key = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=LedgerEntry.State.choices)
    reason = serializers.ChoiceField(choices=LedgerEntry.Reason.choices, allow_blank=True)
    why = serializers.CharField()
    design = serializers.CharField(
        help_text="a name of our list, or the words of one that it lacks: that counts as weak"
    )
    direction = serializers.ChoiceField(choices=Direction.choices, allow_blank=True)
    fit = serializers.ChoiceField(choices=grading.Fit.choices, allow_blank=True)
    population = serializers.CharField()
    country = serializers.CharField()
    same_study = serializers.CharField(allow_null=True, help_text="key of the source that tells of the same study")
    locator = serializers.CharField()
    note = serializers.CharField()
    search = serializers.IntegerField(allow_null=True, help_text="the entry of the search log that gave it")


class ProposalOut(serializers.Serializer[Data]):
    strength = serializers.ChoiceField(choices=Strength.choices)
    direction = serializers.ChoiceField(choices=Direction.choices)
    gap_kind = serializers.ChoiceField(choices=GapKind.choices, allow_blank=True)
    rules = serializers.ListField(child=serializers.CharField(), help_text="ids of docs/strength.md")
    reasons = serializers.ListField(child=serializers.CharField())
    counted = serializers.IntegerField()


class LedgerOut(serializers.Serializer[Data]):
    proposal = ProposalOut()
    results = LedgerEntryOut(many=True)


def search(one: SearchEntry) -> Data:
    names = ("id", "is_own", "terms", "filters", "searched_on", "hits", "has_more", "fresh", "kept")
    return {
        **{name: getattr(one, name) for name in names},
        "place": one.where,
        "by": str(one.user or ""),
        "repeats": one.repeats_id,
        "corrects": one.corrects_id,
    }


def entry_of(one: LedgerEntry) -> Data:
    names = (*ledger.READ, "id", "etag")
    return {
        **{name: getattr(one, name) for name in names},
        "same_study": one.same_study.source.key if one.same_study else None,
        "source": one.source_id,
        "key": one.source.key,
        "title": one.source.title,
        "search": one.search_id,
    }


def proposal(rows: list[LedgerEntry]) -> Data:
    meant = ledger.propose(rows)
    names = ("strength", "direction", "gap_kind", "rules", "reasons", "counted")
    return {name: getattr(meant, name) for name in names}


def written(request: Request, pk: uuid.UUID, write: Callable[[Question], SearchEntry]) -> Response:
    """Write in the search log once for a key."""
    question = case(request, pk)
    return once(request, lambda: Response(search(write(question)), status=201), lambda data: pk)


class Searches(View):
    @extend_schema(responses=CaseSearchesOut, operation_id="questions_searches_list")
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        return Response({"results": [search(one) for one in searchlog.of(case(request, pk))]})

    @extend_schema(request=SearchIn, responses={201: LoggedSearchOut}, parameters=[KEY])
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Write down a search that was done elsewhere."""
        return written(request, pk, lambda question: searchlog.log(question, body(request), by=request.user))


class LibrarySearch(View):
    @extend_schema(request=LibraryIn, responses={201: LoggedSearchOut}, parameters=[KEY])
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Search the desk's own library, and write that down."""
        return written(request, pk, lambda question: searchlog.log_own(question, body(request), by=request.user))


class SearchAgain(View):
    @extend_schema(request=None, responses={201: LoggedSearchOut}, parameters=[KEY])
    def post(self, request: Request, pk: uuid.UUID, entry: int) -> Response:
        """Do a search of the library again: the same words, the same filters."""
        return written(request, pk, lambda question: searchlog.repeat(question, entry, by=request.user))


class SearchCorrection(View):
    @extend_schema(request=SearchIn, responses={201: LoggedSearchOut}, parameters=[KEY])
    def post(self, request: Request, pk: uuid.UUID, entry: int) -> Response:
        """Put a line of the log right with a new one."""
        return written(request, pk, lambda question: searchlog.correct(question, entry, body(request), by=request.user))


class Ledger(View):
    @extend_schema(responses=LedgerOut)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        rows = list(ledger.of(case(request, pk)))
        return Response({"proposal": proposal(rows), "results": [entry_of(one) for one in rows]})

    @extend_schema(request=FoundIn, responses={201: LedgerEntryOut}, parameters=[KEY])
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Put a source in the ledger; one that stands there already is answered as it is."""
        question = case(request, pk)

        def add() -> Response:
            return shown(ledger.add(question, body(request), by=request.user), 201)

        return once(request, add, lambda data: pk)


class LedgerSource(View):
    @extend_schema(request=JudgeIn, responses=LedgerEntryOut, parameters=[MATCH, KEY])
    def put(self, request: Request, pk: uuid.UUID, entry: int) -> Response:
        """Keep a source, or reject it with a reason."""
        question, expected = case(request, pk), read_tag(request)
        if not expected:
            raise PreconditionRequired

        def judge() -> Response:
            return shown(ledger.judge(question, entry, body(request), by=request.user, expected=expected), 200)

        return once(request, judge, lambda data: pk)


def shown(one: LedgerEntry, status: int) -> Response:
    data: Any = entry_of(one)
    return Response(data, status=status, headers={"ETag": one.etag})
