"""`manage.py test`: the suite is pytest's, and takes pytest's arguments."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Run the tests by pytest, in a process of its own; arguments are handed on."
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, add_help=False, **kwargs)

    def run_from_argv(self, argv: list[str]) -> None:
        """Everything after `test` belongs to pytest."""
        if find_spec("pytest") is None:
            sys.exit("Pytest is not installed: run `make test` once, which installs it.")
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *argv[2:]])  # noqa: S606

    def handle(self, *args: Any, **options: Any) -> None:
        """`call_command("test")` has no argv to hand on."""
        self.run_from_argv([sys.argv[0], "test", *args])
