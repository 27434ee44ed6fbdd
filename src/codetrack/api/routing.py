"""The one NinjaAPI; each app's `api.py` mounts its router here.

For hot lists a view may return an `HttpResponse` of bytes encoded by msgspec: the schema then only
documents it, and the answer is about 1.7 times as fast as through pydantic.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.module_loading import autodiscover_modules
from ninja import NinjaAPI, Router
from ninja.openapi.docs import Swagger
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from codetrack.api import errors
from codetrack.api.auth import Session, Token
from codetrack.api.errors import Problem
from codetrack.api.parser import ObjectParser

VERSION = "1"

ERROR = {
    "description": "An error, as RFC 9457 says.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """The schema, in which every call may also answer with a problem."""
        schema = super().get_openapi_schema(**kwargs)
        shapes = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schema["components"]["schemas"] |= {**shapes.pop("$defs"), "Problem": shapes}
        for calls in schema["paths"].values():
            for call in calls.values():
                call["responses"]["default"] = ERROR
        return schema


api = Api(
    title="CodeTrack",
    version=VERSION,
    description=(
        "What the pages show, for programs. Send `Authorization: Bearer ct_…` with a token from "
        "Settings, API tokens. Errors are `application/problem+json` (RFC 9457)."
    ),
    urls_namespace="api",
    # A link to each call would be a link inside a button, which no screen reader can make sense of.
    docs=Swagger(settings={"deepLinking": False, "displayRequestDuration": True}),
    auth=[Token(), Session()],
    parser=ObjectParser(),
)
errors.handle(api)


def mount(prefix: str, router: Router) -> None:
    """Puts the calls of an app under /api<prefix>."""
    api.add_router(prefix, router)


def snapshot() -> str:
    """The description of every call, as it is kept in the repository."""
    return json.dumps(api.get_openapi_schema(), indent=2, ensure_ascii=False) + "\n"


def urls() -> Any:
    """The addresses of all calls, for the URL configuration; asks every app's `api.py` first."""
    autodiscover_modules("api")
    bound: Any = api.urls
    patterns, *names = bound
    for pattern in patterns:
        pattern.callback = errors.told(pattern.callback)
    return (patterns, *names)
