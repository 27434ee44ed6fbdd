"""A mail server in a process of its own, which writes down each Message-ID that it took.

`python -m benchmarks.parts.post_office PORT`; a line on standard input asks for all of them.
"""

from __future__ import annotations

import email
import json
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Office:
    def __init__(self) -> None:
        self.taken: list[str] = []

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.taken.append(email.message_from_bytes(envelope.content)["Message-ID"])
        return "250 OK"


def main() -> None:
    office = Office()
    controller = Controller(office, hostname="127.0.0.1", port=int(sys.argv[1]))
    controller.start()
    print("ready", flush=True)
    for _ in sys.stdin:
        print(json.dumps(office.taken), flush=True)
        office.taken.clear()
    controller.stop()


if __name__ == "__main__":
    main()
