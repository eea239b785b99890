"""Reviewing an answer for programs: remarks at its paragraphs, and people from outside who judge it."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import shapes
from api.errors import PreconditionRequired
from api.idempotency import once
from api.judgements import RemarkOut
from api.serializers import Data, shape_of
from api.views import KEY, MATCH, View, body, case, read_tag
from questions import inputs, inviting, paragraphs, reviewing, writing
from questions.models import Invitation, Question, Remark, Version
from questions.permissions import may_invite
from questions.states import ReviewKind
from questions.workflow import ANY

# The tag goes where tags go: in If-Match.
SAY = {name: field for name, field in reviewing.Say.base_fields.items() if name != "etag"}


class RemarkIn(serializers.Serializer[Data]):
    field = serializers.ChoiceField(choices=paragraphs.FIELDS)
    n = serializers.IntegerField(min_value=0, help_text="the number of the paragraph, as `paragraphs` gives it")
    body = serializers.CharField(max_length=SAY["body"].max_length)  # type: ignore[attr-defined]


SettleIn = shape_of(reviewing.SettleRemark, "RemarkOutcome")
InviteIn = shape_of(
    inviting.Invite,
    "NewInvitation",
    language=serializers.ChoiceField(choices=[code for code, _name in settings.LANGUAGES], help_text="of the letter"),
    covers_changes=serializers.BooleanField(
        required=False, help_text="the link also opens a text that changed after this; left out, it does not"
    ),
)


class ParagraphOut(serializers.Serializer[Data]):
    field = serializers.ChoiceField(choices=paragraphs.FIELDS)
    n = serializers.IntegerField(help_text="counted from 0 in its field")
    text = serializers.CharField()


class PlacedRemarkOut(RemarkOut):
    now = serializers.IntegerField(
        allow_null=True, help_text="the paragraph of its field where it belongs in the text as it is; null: it is gone"
    )
    changed = serializers.BooleanField(help_text="that paragraph is not what it was")
    own = serializers.BooleanField(help_text="yours, and it waits: it can still be taken back")


class RemarksOut(serializers.Serializer[Data]):
    paragraphs = ParagraphOut(many=True)
    results = PlacedRemarkOut(many=True)


class InvitationOut(serializers.Serializer[Data]):
    """Somebody from outside. Their link is in their letter and nowhere else."""

    id = serializers.UUIDField()
    name = serializers.CharField(help_text="empty when it was removed")
    email = serializers.CharField(help_text="empty when it was removed, and for who may not invite")
    kind = serializers.ChoiceField(choices=ReviewKind.values)
    language = serializers.CharField()
    until = serializers.DateField(help_text="the last day on which the link works")
    covers_changes = serializers.BooleanField()
    live = serializers.BooleanField(help_text="the link works today")
    verdict = serializers.CharField(help_text="the last one given: approved or changes; empty: none yet")
    invited_by = serializers.CharField()
    invited_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class InvitationsOut(serializers.Serializer[Data]):
    results = InvitationOut(many=True)


def version_of(question: Question) -> Version:
    version = writing.current(question)
    if version is None:
        raise Http404
    return version


def placed(rows: Iterable[Remark], version: Version, by: Any) -> list[Data]:
    """Remarks with where they belong in the text of `version` as it is now."""
    rows, now = list(rows), paragraphs.paragraphs(version)
    places = reviewing.placed(rows, now)
    return [
        {
            **shapes.remark(row),
            "now": here.n if (here := places[row.pk].paragraph) else None,
            "changed": places[row.pk].changed,
            "own": not row.outcome and row.is_of(by),
        }
        for row in rows
    ]


def invitation(row: Invitation, version: Version, by: Any) -> Data:
    names = ("id", "name", "kind", "language", "until", "covers_changes", "withdrawn_at")
    given = list(row.reviews.all())
    return {
        **{name: getattr(row, name) for name in names},
        "email": row.email if may_invite(version, by) else "",
        "live": row.is_live,
        "verdict": given[-1].verdict if given else "",
        "invited_by": str(row.invited_by or ""),
        "invited_at": row.created_at,
    }


class Remarks(View):
    @extend_schema(responses=RemarksOut, operation_id="questions_answer_remarks_list")
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """The answer in paragraphs, and what reviewers said of them."""
        version = version_of(case(request, pk))
        parts = [{"field": one.field, "n": one.n, "text": one.text} for one in paragraphs.paragraphs(version)]
        rows = version.remarks.select_related("reviewer", "invitation")
        data = {"paragraphs": parts, "results": placed(rows, version, request.user)}
        return Response(data, headers={"ETag": version.etag})

    @extend_schema(request=RemarkIn, responses={201: PlacedRemarkOut}, parameters=[MATCH, KEY])
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Say something of one paragraph of an answer in review; `If-Match` tells which text you read."""
        version, tag = version_of(case(request, pk)), read_tag(request)
        if not tag:
            raise PreconditionRequired
        inputs.check_shape(SAY, body(request))
        data = {**body(request), "etag": "" if tag == ANY else tag}

        def say() -> Response:
            row = reviewing.say(version, data, by=request.user)
            return Response(placed([row], version_of(case(request, pk)), request.user)[0], status=201)

        return once(request, say, lambda answer: pk)


class OneRemark(View):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: uuid.UUID, remark: int) -> Response:
        """Take back a remark of your own that waits."""
        reviewing.take_back(version_of(case(request, pk)), remark, by=request.user)
        return Response(status=204)


class RemarkOutcome(View):
    @extend_schema(request=SettleIn, responses=PlacedRemarkOut, parameters=[KEY])
    def post(self, request: Request, pk: uuid.UUID, remark: int) -> Response:
        """Write down what you did with a remark."""
        question = case(request, pk)

        def settle() -> Response:
            row = reviewing.settle(question, remark, body(request), by=request.user)
            return Response(placed([row], version_of(question), request.user)[0])

        return once(request, settle, lambda answer: pk)


class Invitations(View):
    @extend_schema(responses=InvitationsOut, operation_id="questions_answer_invitations_list")
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Who was asked from outside to review this answer."""
        version = version_of(case(request, pk))
        rows = version.invitations.select_related("invited_by").prefetch_related("reviews")
        return Response({"results": [invitation(row, version, request.user) for row in rows]})

    @extend_schema(request=InviteIn, responses={201: InvitationOut}, parameters=[KEY])
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Write to somebody from outside with a link to this answer alone."""
        question = case(request, pk)

        def invite() -> Response:
            return Response({"id": inviting.invite(question, body(request), by=request.user).pk}, status=201)

        response = once(request, invite, lambda answer: pk)
        if response.status_code == 201:  # filled in last, so that no stored answer holds who it is
            row = Invitation.objects.select_related("version__item", "invited_by").get(pk=response.data["id"])
            response.data = invitation(row, row.version, request.user)
        return response


class OneInvitation(View):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: uuid.UUID, invitation: uuid.UUID) -> Response:
        """End the link. What was judged stays."""
        inviting.call_off(case(request, pk), invitation, by=request.user)
        return Response(status=204)


class InvitedPerson(View):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: uuid.UUID, invitation: uuid.UUID) -> Response:
        """Take the name and the address of who was invited out, for good; the link ends with them."""
        inviting.forget(case(request, pk), invitation, by=request.user)
        return Response(status=204)
