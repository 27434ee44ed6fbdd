"""Takes a mail that came back, on standard input, so that a mail server can pipe it here."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from codetrack.notifications import services

MOST_BYTES = 1_000_000


class Command(BaseCommand):
    help = "Read a bounce or a complaint from standard input; send nothing more to that address."

    def handle(self, *args: Any, **options: Any) -> None:
        address = services.take_back(raw=sys.stdin.buffer.read(MOST_BYTES))
        self.stdout.write(f"{address} is blocked." if address else "Nothing follows from this.")
