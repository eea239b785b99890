"""Triage for machines: the checklist of a case, its ready-made texts, and mail before it goes."""

import uuid
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.serializers import Data
from api.views import KEY, View, body, case, staff
from brokers.models import Desk
from questions import criteria, foresight, inputs, readytexts
from questions.models import Question, ReadyText
from questions.states import Checked


class CheckIn(serializers.Serializer[Data]):
    criterion = serializers.IntegerField()
    verdict = serializers.ChoiceField(choices=Checked.choices)
    remark = serializers.CharField(required=False, allow_blank=True)


class ChecksIn(serializers.Serializer[Data]):
    results = CheckIn(many=True, help_text="criteria that are left out stay as they were")


class CheckOut(serializers.Serializer[Data]):
    criterion = serializers.IntegerField()
    text_nl = serializers.CharField()
    text_en = serializers.CharField()
    in_use = serializers.BooleanField(help_text="whether new cases are checked with it")
    verdict = serializers.ChoiceField(choices=Checked.choices, allow_blank=True, help_text="empty: not checked yet")
    remark = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)


class ChecksOut(serializers.Serializer[Data]):
    results = CheckOut(many=True)


class ReadyTextOut(serializers.Serializer[Data]):
    id = serializers.IntegerField()
    desk = serializers.CharField()
    kind = serializers.ChoiceField(choices=ReadyText.Kind.values)
    name = serializers.CharField()
    text_nl = serializers.CharField()
    text_en = serializers.CharField()
    changed_by = serializers.CharField()
    changed_at = serializers.DateTimeField()


class ReadyTextsOut(serializers.Serializer[Data]):
    results = ReadyTextOut(many=True)


class FilledOut(serializers.Serializer[Data]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ReadyText.Kind.values)
    name = serializers.CharField()
    language = serializers.CharField(help_text="that of the asker")
    text = serializers.CharField(help_text="filled in as far as the case tells")
    left = serializers.ListField(child=serializers.CharField(), help_text="the fields to fill in by hand")


class FilledTextsOut(serializers.Serializer[Data]):
    results = FilledOut(many=True)


class LetterOut(serializers.Serializer[Data]):
    kind = serializers.CharField()
    people = serializers.IntegerField(help_text="how many of those who asked get it")
    subject = serializers.CharField()
    text = serializers.CharField(help_text="without the links of the askers")


class LettersOut(serializers.Serializer[Data]):
    results = LetterOut(many=True)


class Checks(View):
    """The acceptance criteria of a case's desk, and what was found of them."""

    @extend_schema(responses=ChecksOut)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        return self.shown(case(request, pk))

    @extend_schema(request=ChecksIn, responses=ChecksOut, parameters=[KEY])
    def put(self, request: Request, pk: uuid.UUID) -> Response:
        question = case(request, pk)

        def check() -> Response:
            criteria.check(question, found_in(request), by=request.user)
            return self.shown(question)

        return once(request, check, lambda data: pk)

    def shown(self, question: Question) -> Response:
        return Response({"results": [line(one) for one in criteria.of(question)]})


def found_in(request: Request) -> Data:
    """The rows of the body by their criterion, as the domain takes them."""
    rows = body(request).get("results")
    known = isinstance(rows, list) and all(isinstance(row, dict) and type(row.get("criterion")) is int for row in rows)
    if not known or set(body(request)) != {"results"}:
        raise ValidationError({"results": ["results is a list of objects with criterion, verdict and remark."]})
    return {str(row["criterion"]): {key: row[key] for key in row if key != "criterion"} for row in rows or []}


def line(one: criteria.Line) -> Data:
    check, row = one.check, one.criterion
    return {
        "criterion": row.pk,
        "text_nl": row.text_nl,
        "text_en": row.text_en,
        "in_use": row.retired_at is None,
        "verdict": check.verdict if check else "",
        "remark": check.remark if check else "",
        "by": str(check.by or "") if check else "",
        "at": check.at if check else None,
    }


class ReadyTexts(View):
    """The ready-made texts of every desk of this system, with their fields."""

    @extend_schema(responses=ReadyTextsOut, operation_id="texts_list")
    def get(self, request: Request) -> Response:
        staff(request)
        rows = ReadyText.objects.select_related("desk", "changed_by").order_by("desk__slug", "kind", "name")
        return Response({"results": [ready_text(row) for row in rows]})


def ready_text(row: ReadyText) -> Data:
    names = ("id", "kind", "name", "text_nl", "text_en", "changed_at")
    desk: Desk = row.desk
    return {**{name: getattr(row, name) for name in names}, "desk": desk.slug, "changed_by": str(row.changed_by or "")}


class CaseTexts(View):
    """The ready-made texts, filled in for one case in the language of its asker."""

    @extend_schema(responses=FilledTextsOut)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        rows = readytexts.filled(case(request, pk), by=request.user)
        names = ("kind", "name", "language", "text", "left")
        made: list[Any] = [{"id": row.pk, **{name: getattr(row, name) for name in names}} for row in rows]
        return Response({"results": made})


class Letters(View):
    """The mail that a transition would send to who asked; nothing happens yet."""

    @extend_schema(request={"application/json": {"type": "object"}}, responses=LettersOut)
    def post(self, request: Request, pk: uuid.UUID, name: str) -> Response:
        question = case(request, pk)
        if name not in inputs.INPUTS[Question]:
            raise Http404
        letters = foresight.letters_of(question, name, by=request.user, data=body(request))
        return Response({"results": [letter(one) for one in letters]})


def letter(one: foresight.Foreseen) -> Data:
    return {"kind": one.kind, "people": one.people, "subject": one.message.subject, "text": one.message.body}
