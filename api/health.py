"""Is it alive, is it ready, how does it stand: /healthz, /readyz, /statusz."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from api.views import View, staff
from evidence import embedding, encoder
from questions.models import Letter, Question


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and its schema is this version's; 503 otherwise."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    if waiting:
        return JsonResponse({"status": "migrations are waiting"}, status=503)
    return JsonResponse({"status": "ok", "model": encoder.loaded()})


class Statusz(View):
    schema = None

    def get(self, request: Request) -> Response:
        staff(request)
        letters = Letter.objects.filter(sent_at=None, dead_at=None)
        oldest = letters.order_by("created_at").first()
        last = Letter.objects.exclude(sent_at=None).order_by("-sent_at").first()
        return Response(
            {
                "letters": {
                    "waiting": letters.count(),
                    "oldest_seconds": (timezone.now() - oldest.created_at).total_seconds() if oldest else 0,
                    "dead": Letter.objects.exclude(dead_at=None).count(),
                    "last_sent_at": last.sent_at if last else None,
                },
                "vectors": embedding.state(),
                "model": {"recipe": encoder.recipe(), "loaded": encoder.loaded()},
                "questions": {
                    "unconfirmed": Question.objects.unconfirmed().count(),
                    "unclaimed": Question.objects.unclaimed().count(),
                },
                "mail": "smtp" if settings.EMAIL_HOST else "files",
            }
        )


urlpatterns: list[Any] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("statusz", Statusz.as_view(), name="statusz"),
]
