"""The brokers of the desk: who fits a case, and what they say of themselves."""

import uuid
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.serializers import shape_of
from api.views import KEY, View, body, case, staff
from brokers.models import User
from questions import matching, profiles

Data = dict[str, Any]


class ReasonOut(serializers.Serializer[Data]):
    kind = serializers.CharField()
    sentence = serializers.CharField()


class MatchOut(serializers.Serializer[Data]):
    """A broker for a case. `load` and `capacity` in open cases; who is not open is absent or has no room."""

    email = serializers.EmailField()
    name = serializers.CharField()
    score = serializers.FloatField(help_text="0 to 1; docs/operations.md tells what counts")
    reasons = ReasonOut(many=True)
    load = serializers.IntegerField()
    capacity = serializers.IntegerField()
    is_open = serializers.BooleanField()


class MatchesOut(serializers.Serializer[Data]):
    results = MatchOut(many=True)


ProfileIn = shape_of(profiles.Profile, "ProfileChange")


class BrokerOut(serializers.Serializer[Data]):
    id = serializers.IntegerField()
    email = serializers.EmailField()
    name = serializers.CharField()
    expertise = serializers.CharField()
    sectors = serializers.ListField(child=serializers.CharField())
    capacity = serializers.IntegerField()
    load = serializers.IntegerField(help_text="open cases")
    is_present = serializers.BooleanField()
    absent_from = serializers.DateField(allow_null=True)
    absent_until = serializers.DateField(allow_null=True)


class BrokersOut(serializers.Serializer[Data]):
    results = BrokerOut(many=True)


def match(one: matching.Match) -> Data:
    return {
        "email": one.broker.email,
        "name": str(one.broker),
        "score": one.score,
        "reasons": [{"kind": reason.kind, "sentence": reason.sentence} for reason in one.reasons],
        "load": one.load,
        "capacity": one.capacity,
        "is_open": one.is_open,
    }


def profile(user: Any) -> Data:
    broker = user.broker
    first, last = profiles.coming_absence(broker) or (None, None)
    return {
        "id": user.pk,
        "email": user.email,
        "name": str(user),
        "expertise": broker.expertise,
        "sectors": list(broker.sectors),
        "capacity": broker.capacity,
        "load": user.load,
        "is_present": broker.is_present,
        "absent_from": first,
        "absent_until": last,
    }


def found(pk: int) -> User:
    user = profiles.find(pk)
    if user is None:
        raise Http404
    return user


class Fitting(View):
    """Who fits a case, the best first, and why."""

    @extend_schema(responses=MatchesOut)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        return Response({"results": [match(one) for one in matching.proposed(case(request, pk), request.user)]})


class Brokers(View):
    @extend_schema(responses=BrokersOut, operation_id="brokers_list")
    def get(self, request: Request) -> Response:
        staff(request)
        return Response({"results": [profile(one) for one in profiles.people()]})


class OneBroker(View):
    """What a broker says of themselves; they and coordinators change it. What is not named stays."""

    @extend_schema(responses=BrokerOut)
    def get(self, request: Request, pk: int) -> Response:
        staff(request)
        return Response(profile(found(pk)))

    @extend_schema(request=ProfileIn, responses=BrokerOut, parameters=[KEY])
    def patch(self, request: Request, pk: int) -> Response:
        staff(request)
        user = found(pk)

        def change() -> Response:
            profiles.change(user, body(request), by=request.user)
            return Response(profile(found(pk)))

        return once(request, change)


class Me(OneBroker):
    """The same of whoever asks; 404 for who works no cases."""

    @extend_schema(responses=BrokerOut, operation_id="brokers_me_retrieve")
    def get(self, request: Request) -> Response:  # type: ignore[override]
        return super().get(request, staff(request).pk)

    @extend_schema(request=ProfileIn, responses=BrokerOut, parameters=[KEY], operation_id="brokers_me_partial_update")
    def patch(self, request: Request) -> Response:  # type: ignore[override]
        return super().patch(request, staff(request).pk)
