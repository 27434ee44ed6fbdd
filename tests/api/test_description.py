"""The description of the API: in the repository, at /api/openapi.json and at /api/docs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from codetrack.api.routing import snapshot

KEPT = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"


def test_the_description_in_the_repository_is_up_to_date() -> None:
    assert snapshot() == KEPT.read_text(encoding="utf-8"), "run `make openapi-snapshot`"


def test_the_command_writes_it(tmp_path: Path) -> None:
    call_command("openapi", output=tmp_path / "openapi.json", verbosity=0)
    assert (tmp_path / "openapi.json").read_text(encoding="utf-8") == snapshot()


def test_it_is_served(client: Client) -> None:
    assert client.get("/api/openapi.json").json() == json.loads(snapshot())


@pytest.mark.parametrize("call", ["operationId", "summary", "responses", "security"])
def test_every_call_says_what_it_is(call: str) -> None:
    paths = json.loads(snapshot())["paths"]
    assert all(call in about for methods in paths.values() for about in methods.values())


def test_names_of_calls_are_unique() -> None:
    paths = json.loads(snapshot())["paths"]
    names = [about["operationId"] for methods in paths.values() for about in methods.values()]
    assert len(names) == len(set(names))


def test_the_page_needs_nobody_else(client: Client) -> None:
    page = client.get("/api/docs").content.decode()
    assert "swagger-ui-bundle.js" in page and "//" not in page.replace("http://testserver", "")
