"""Reads bodies: one JSON object, of text that every database can keep."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest
from ninja.parser import Parser

NULL = b"\\u0000"


class ObjectParser(Parser):
    """Whatever this raises is answered with 400; msgspec refuses half characters, json does not."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        if NULL in request.body:
            raise ValueError("PostgreSQL cannot keep a null character.")
        return msgspec.json.decode(request.body, type=dict[str, Any])
