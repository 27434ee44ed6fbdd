"""Writes the OpenAPI description into the repository, where a test compares it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from codetrack.api.routing import snapshot


class Command(BaseCommand):
    help = "Write docs/reference/openapi.json anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", default="docs/reference/openapi.json", type=Path)

    def handle(self, *args: Any, output: Path, **options: Any) -> None:
        output.write_text(snapshot(), encoding="utf-8")
        self.stdout.write(f"{output} is up to date.")
