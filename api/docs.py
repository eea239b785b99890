"""The API's documentation as a page, made from the schema; no script, no outside host."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from api.views import View


class Schema(View, SpectacularJSONAPIView):
    """The OpenAPI document of this API."""

    schema = None


class AsIs(BaseContentNegotiation):
    """Gives what there is, whatever the caller would rather have: the page is HTML, its errors are JSON."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Docs(View):
    schema = None
    content_negotiation_class = AsIs

    def get(self, request: Request) -> HttpResponse:
        schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
        calls = [
            {
                "method": method.upper(),
                "path": path,
                "about": call.get("description", ""),
                "parameters": call.get("parameters", []),
                "body": body_of(call, schema),
            }
            for path, methods in schema["paths"].items()
            for method, call in methods.items()
        ]
        return render(request, "api/docs.html", {"info": schema["info"], "calls": calls})


def body_of(call: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of a call's body: name, type, whether required and what it is."""
    content = call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    name = content.get("$ref", "").rpartition("/")[2]
    shape = schema.get("components", {}).get("schemas", {}).get(name, {})
    needed = shape.get("required", [])
    return [
        {
            "name": key,
            "type": value.get("type", "choice"),
            "required": key in needed,
            "about": value.get("description", ""),
        }
        for key, value in shape.get("properties", {}).items()
    ]
