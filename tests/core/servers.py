"""Real servers on loopback for tests of what goes out: SMTP and HTTP, answering by script."""

from __future__ import annotations

import asyncio
import email
import email.policy
import threading
import time
from collections.abc import Callable
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from codetrack.core import smtp
from tests.core.waiting import until
from tests.postgres import free_port

START_SECONDS = 60


class MailServer:
    """Takes mail. `answers` are given to the coming DATA commands in turn, then 250. A connection
    is sent away after `most` mails. `lines` says by which connection each mail came.
    """

    def __init__(self) -> None:
        self.most = 1_000
        self.lines: list[object] = []
        self.mails: list[EmailMessage] = []
        self.wires: list[bytes] = []
        self.envelopes: list[list[str]] = []
        self.answers: list[str] = []
        self.says_goodbye = True
        self.transports: list[asyncio.Transport] = []
        self.recipient_answers: dict[str, str] = {}
        self.controller = Controller(
            self, hostname="127.0.0.1", port=free_port(), ready_timeout=START_SECONDS
        )

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.controller.port}"

    @property
    def message_ids(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.mails]

    async def handle_MAIL(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        assert isinstance(server.transport, asyncio.Transport)
        self.transports.append(server.transport)
        if self.lines.count(session.peer) >= self.most:
            return "421 too many mails by one connection"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.recipient_answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_QUIT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if not self.says_goodbye:
            await asyncio.Event().wait()
        return "221 Bye"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.mails.append(mail)
            self.lines.append(session.peer)
            self.wires.append(envelope.original_content or b"")
            self.envelopes.append(list(envelope.rcpt_tos))
        return answer

    def hang_up(self) -> None:
        """Close all connections, without a word."""
        for transport in self.transports:
            self.controller.loop.call_soon_threadsafe(transport.abort)
        line = [transport.get_extra_info("socket") for transport in self.transports]
        until(lambda: all(end.fileno() == -1 for end in line))

    def __enter__(self) -> Self:
        self.controller.start()
        return self

    def __exit__(self, *error: object) -> None:
        smtp.leave(idle=0)
        self.controller.stop()


type Answer = tuple[int, dict[str, str], bytes]


class Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that left before the answer: a test made them."""


class WebServer:
    """Answers GET and POST with `answer(path)`; keeps when and what was asked."""

    def __init__(self) -> None:
        self.requests: list[tuple[float, str, dict[str, str]]] = []
        self.answer: Callable[[str], Answer] = lambda path: (200, {}, b"{}")
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                path = self.path + (" " + self.rfile.read(length).decode() if length else "")
                outer.requests.append((time.time(), path, dict(self.headers)))
                status, headers, body = outer.answer(path)
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                if headers.get("Content-Length"):
                    self.close_connection = True

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def paths(self) -> list[str]:
        return [path for _, path, _ in self.requests]

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()
