"""The queue for machines: its views, and the same done with several cases at once."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api import shapes
from api.idempotency import once
from api.people import ReasonOut
from api.serializers import QuestionOut
from api.shapes import Data
from api.views import KEY, View, body, case, staff
from questions import bulk, inputs, listing, queue, saved
from questions.models import SavedView


class TogetherIn(serializers.Serializer[Data]):
    do = serializers.ChoiceField(choices=list(bulk.FORMS))
    questions = serializers.ListField(child=serializers.UUIDField(), max_length=listing.PAGE, help_text="ids of cases")
    broker = serializers.EmailField(required=False, help_text="for `assign`: to whom")
    why = serializers.CharField(required=False, help_text="for `assign`: needed where another broker has the case")
    held = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        help_text="for `assign`: those of them that had a broker when you chose; no other is taken from one who came since",
    )
    add = serializers.ListField(child=serializers.CharField(), required=False, help_text="for `themes`: slugs")
    remove = serializers.ListField(child=serializers.CharField(), required=False, help_text="for `themes`: slugs")


class OutcomeOut(serializers.Serializer[Data]):
    id = serializers.UUIDField()
    number = serializers.IntegerField(allow_null=True, help_text="null when there is no such case")
    done = serializers.BooleanField()
    reason = serializers.CharField(help_text="why not; empty when it was done")


class OutcomesOut(serializers.Serializer[Data]):
    results = OutcomeOut(many=True)


class ViewOut(serializers.Serializer[Data]):
    name = serializers.CharField(help_text="for `view` of the list of questions")
    words = serializers.CharField(help_text="its name for people, in the language of the request")
    count = serializers.CharField(help_text="how many cases; `999+` for as many or more")


class SavedViewOut(serializers.Serializer[Data]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    own = serializers.BooleanField()
    shared = serializers.BooleanField()
    query = serializers.DictField(child=serializers.CharField(), help_text="for the list of questions")


class ViewsOut(serializers.Serializer[Data]):
    results = ViewOut(many=True)
    saved = SavedViewOut(many=True)


class TakenOut(serializers.Serializer[Data]):
    question = QuestionOut()
    reasons = ReasonOut(many=True, help_text="why it is this case")


def shape_of_outcome(one: bulk.Outcome) -> Data:
    return {"id": one.pk, "number": one.number, "done": one.is_done, "reason": one.reason}


def shape_of(one: listing.View, number: int) -> Data:
    return {"name": one.name, "words": str(one.label), "count": listing.capped(number)}


def shape_of_saved(one: SavedView, user: Any) -> Data:
    is_own = one.owner_id == user.pk
    return {"id": one.pk, "name": one.name, "own": is_own, "shared": one.is_shared, "query": one.query}


class Together(View):
    @extend_schema(request=TogetherIn, responses=OutcomesOut, parameters=[KEY], operation_id="together")
    def post(self, request: Request) -> Response:
        """The same with several cases: each by itself, so that one refusal undoes no other."""
        user = staff(request)
        given = dict(body(request))
        what, chosen, held = given.pop("do", ""), given.pop("questions", []), given.pop("held", None)
        if not isinstance(what, str) or not is_texts(chosen):
            raise ValidationError({"questions": ["A list of ids of cases."], "do": ["One word."]})
        if held is not None and not is_texts(held):
            raise ValidationError({"held": ["A list of ids of cases."]})

        def act() -> Response:
            return Response({"results": [shape_of_outcome(one) for one in bulk.run(user, chosen, what, given, held)]})

        return once(request, act)


def is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


class Next(View):
    @extend_schema(request=None, responses=TakenOut, parameters=[KEY], operation_id="questions_next")
    def post(self, request: Request) -> Response:
        """Claim the waiting case that fits you best; 409 when none waits or you have no room."""
        user = staff(request)
        inputs.clean_form(inputs.Nothing, body(request))

        def claim() -> Response:
            taken = queue.claim_next(user)
            reasons = [{"kind": one.kind, "sentence": one.sentence} for one in taken.reasons]
            shown = shapes.dossier(case(request, taken.case.pk), user)
            return Response({"question": shown, "reasons": reasons})

        return once(request, claim, lambda data: data["question"]["id"])


class Views(View):
    @extend_schema(responses=ViewsOut, operation_id="views_list")
    def get(self, request: Request) -> Response:
        """The views of the queue with how many cases each holds, and those that were saved."""
        user = staff(request)
        counts = listing.counts(user)
        return Response(
            {
                "results": [shape_of(listing.BY_NAME[name], number) for name, number in counts.items()],
                "saved": [shape_of_saved(one, user) for one in saved.visible(user)],
            }
        )
