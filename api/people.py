"""The brokers of the desk: who fits a case, and what they say of themselves."""

import uuid
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import serializers
from api.idempotency import once
from api.views import KEY, View, body, case, staff
from brokers.models import User
from questions import matching, profiles

Data = dict[str, Any]


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

    @extend_schema(responses=serializers.MatchesOut)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        return Response({"results": [match(one) for one in matching.proposed(case(request, pk), request.user)]})


class Brokers(View):
    @extend_schema(responses=serializers.BrokersOut, operation_id="brokers_list")
    def get(self, request: Request) -> Response:
        staff(request)
        return Response({"results": [profile(one) for one in profiles.people()]})


class OneBroker(View):
    """What a broker says of themselves; they and coordinators change it. What is not named stays."""

    @extend_schema(responses=serializers.BrokerOut)
    def get(self, request: Request, pk: int) -> Response:
        staff(request)
        return Response(profile(found(pk)))

    @extend_schema(request=serializers.ProfileIn, responses=serializers.BrokerOut, parameters=[KEY])
    def patch(self, request: Request, pk: int) -> Response:
        staff(request)
        user = found(pk)

        def change() -> Response:
            profiles.change(user, body(request), by=request.user)
            return Response(profile(found(pk)))

        return once(request, change)


class Me(OneBroker):
    """The same of whoever asks; 404 for who works no cases."""

    @extend_schema(responses=serializers.BrokerOut, operation_id="brokers_me_retrieve")
    def get(self, request: Request) -> Response:  # type: ignore[override]
        return super().get(request, staff(request).pk)

    @extend_schema(
        request=serializers.ProfileIn,
        responses=serializers.BrokerOut,
        parameters=[KEY],
        operation_id="brokers_me_partial_update",
    )
    def patch(self, request: Request) -> Response:  # type: ignore[override]
        return super().patch(request, staff(request).pk)
