"""The API's documentation as a page of the site, made from its OpenAPI description.

Ready-made viewers of such descriptions write styles into the page, which our content policy forbids.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from judge.api import client
from judge.api.api import api
from judge.api.errors import KINDS
from judge.api.following import NDJSON

Schema = Mapping[str, Any]
EXAMPLE = "apps-10003-oj"
# A list's example has one item.
_PLAIN: dict[str, Any] = {"string": "", "integer": 0, "number": 0.5, "boolean": True, "null": None}
_CODE = re.compile("`([^`]+)`")
_FORMATS = {"date-time": "2026-01-31T12:00:00Z"}


@dataclass(frozen=True, slots=True)
class Part:
    """A parameter, or a field of what is sent."""

    name: str
    type: str
    required: bool
    description: SafeString


@dataclass(frozen=True, slots=True)
class Route:
    """One address with one method. ``sent`` and ``answer`` are examples, as JSON text, empty where there is none.

    ``told`` are those fields of the answer that need a word.
    """

    anchor: str
    method: str
    path: str
    scope: str
    title: SafeString
    paragraphs: list[SafeString]
    parameters: list[Part]
    fields: list[Part]
    sent: str
    told: list[Part]
    answer: str
    status: str
    media_type: str


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """All routes, with examples for this very site."""
    context = {
        "groups": groups(),
        "example": EXAMPLE,
        "site": request.build_absolute_uri("/").rstrip("/"),
        "kinds": [(name, int(status)) for name, status in KINDS.items()],
        "per_minute": settings.API_REQUESTS_PER_MINUTE,
        "per_minute_of_user": settings.API_REQUESTS_PER_MINUTE_OF_USER,
    }
    return render(request, "api/docs.html", context)


@require_safe
def client_file(request: HttpRequest) -> HttpResponse:
    """The command line client: one file that needs nothing but Python."""
    headers = {"Content-Disposition": 'attachment; filename="kodjudge.py"'}
    return HttpResponse(_client(), content_type="text/x-python; charset=utf-8", headers=headers)


@cache
def _client() -> bytes:
    return Path(client.__file__).read_bytes()


def groups() -> dict[str, list[Route]]:
    """The routes by their tag, in the reader's language; the OpenAPI description itself is in English."""
    return _groups(get_language())


@cache
def _groups(language: str | None) -> dict[str, list[Route]]:
    described = api.get_openapi_schema(path_prefix="api/v1/")
    found: dict[str, list[Route]] = {}
    for path, methods in described["paths"].items():
        for method, route in methods.items():
            found.setdefault(route["tags"][0], []).append(
                _route(described["components"]["schemas"], path, method, route)
            )
    return found


def _route(schemas: Schema, path: str, method: str, route: Schema) -> Route:
    body = route.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    status, answer = next((code, given) for code, given in route["responses"].items() if str(code).startswith("2"))
    content: dict[str, Any] = answer.get("content", {})
    media_type = next(iter(content))
    told = content[media_type]["schema"]
    words = [" ".join(each.split()) for each in route.get("description", "").split("\n\n")]
    (scheme,) = (name for each in route["security"] for name in each)
    return Route(
        anchor=route["operationId"],
        method=method.upper(),
        path=path,
        scope=scheme.removesuffix("Token").lower(),
        title=_prose(words[0]),
        paragraphs=[_prose(each) for each in words[1:]],
        parameters=[
            Part(each["name"], _type(schemas, each["schema"]), each["required"], _prose(each.get("description", "")))
            for each in route["parameters"]
        ],
        fields=list(_fields(schemas, body)) if body else [],
        sent=_text(_example(schemas, body)) if body else "",
        told=[part for part in _fields(schemas, told) if part.description],
        answer=_lines(schemas, told) if media_type == NDJSON.media_type else _text(_example(schemas, told)),
        status=str(status),
        media_type=media_type,
    )


def _text(example: Any) -> str:
    return json.dumps(example, indent=2, ensure_ascii=False)


def _lines(schemas: Schema, schema: Schema) -> str:
    return "\n".join(json.dumps(each) for each in _resolved(schemas, schema)["examples"])


def _prose(text: str) -> SafeString:
    """Plain text with `code` in it, translated, as HTML. `judge.translating` finds such texts where they stand."""
    words = gettext(text) if text else ""
    return mark_safe(_CODE.sub(r"<code>\1</code>", escape(words)))  # noqa: S308 - escaped first


def _resolved(schemas: Schema, schema: Schema) -> Schema:
    name = schema.get("$ref", "").rpartition("/")[2]
    return {**schemas[name], **schema} if name else schema


def _fields(schemas: Schema, schema: Schema) -> Iterator[Part]:
    schema = _resolved(schemas, schema)
    for name, each in schema.get("properties", {}).items():
        yield Part(name, _type(schemas, each), name in schema.get("required", ()), _prose(each.get("description", "")))


def _type(schemas: Schema, schema: Schema) -> str:
    """A type in words: what may stand there, one beside the other."""
    schema = _resolved(schemas, schema)
    if "anyOf" in schema:
        return " | ".join(_type(schemas, each) for each in schema["anyOf"] if each.get("type") != "null")
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"] if each != "")
    if schema.get("type") == "array":
        return f"{_type(schemas, schema['items'])} …"
    return str(schema.get("type", "object"))


def _example(schemas: Schema, schema: Schema) -> Any:
    schema = _resolved(schemas, schema)
    if "examples" in schema:
        return schema["examples"][0]
    if "anyOf" in schema:
        return _example(schemas, schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [_example(schemas, schema["items"])]
    if "properties" in schema:
        return {name: _example(schemas, each) for name, each in schema["properties"].items()}
    return _FORMATS.get(schema.get("format", "")) or _PLAIN.get(schema.get("type", ""))
