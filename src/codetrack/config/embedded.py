"""One process for a whole club: pages over uvicorn, jobs in threads beside them. No domain here."""

from __future__ import annotations

import errno
import signal
import socket
from types import FrameType
from typing import TYPE_CHECKING

from codetrack.config import env
from codetrack.config.start import Refused, check_no_demo, prepare, use_settings

if TYPE_CHECKING:
    import uvicorn
    from asgiref.typing import ASGI3Application

GRACE_SECONDS = 5
REASONS = {
    errno.EADDRINUSE: "another program uses it",
    errno.EACCES: "ports below 1024 need more rights",
    errno.EADDRNOTAVAIL: "this machine has no such address",
}


def up() -> None:
    """Start a real club."""
    leave_when_told()
    with claim_port() as claimed:
        use_settings()
        check_no_demo(env.data_folder())
        prepare()
        serve(claimed, address(), _first_admin(), _mail())


def claim_port() -> socket.socket:
    """Take CODETRACK_BIND:PORT before anything is promised; visitors queue until all is ready."""
    host, port = env.bind()
    claimed = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    claimed.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        claimed.bind((host, port))
        claimed.listen(128)
    except (OSError, OverflowError) as error:
        claimed.close()
        reason = REASONS.get(getattr(error, "errno", 0), str(error))
        raise Refused(
            f"Port {port} cannot be used: {reason}. Choose another, for example PORT=8010."
        ) from error
    return claimed


def serve(claimed: socket.socket, *told: str) -> None:
    """Serve pages and run jobs until somebody stops us; what runs is finished first.

    The paragraphs of `told` are printed once all is there: an address is a promise.
    """
    import uvicorn
    from django.conf import settings

    from codetrack.config.asgi import application
    from codetrack.config.machine import allow_open_files
    from codetrack.config.work import Work

    allow_open_files(settings.LIVE_CONNECTIONS)
    work = Work(settings.JOB_QUEUES)
    work.start()
    try:
        say(*told)
        uvicorn.Server(server_config(application)).run(sockets=[claimed])
    finally:
        work.stop()


def server_config(application: ASGI3Application) -> uvicorn.Config:
    """How uvicorn serves pages and sockets."""
    import uvicorn

    from codetrack.live.limits import LONGEST

    return uvicorn.Config(
        application,
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ws="websockets-sansio",
        ws_max_size=LONGEST,
        # To compress tiny messages for each client again would cost three times the memory.
        ws_per_message_deflate=False,
        ws_ping_interval=None,  # the hub pings, which goes through every proxy and server
    )


def leave_when_told() -> None:
    """A signal to stop is no accident: leave with 0 and without a traceback."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)


def say(*paragraphs: str) -> None:
    print("\n\n".join(["", *filter(None, paragraphs), "Stop with Ctrl+C.\n"]), flush=True)


def address() -> str:
    from django.conf import settings

    return (
        f"CodeTrack {settings.VERSION} is at {settings.CODETRACK_URL}/\n"
        f"Its data is kept in {settings.DATA}"
    )


def _first_admin() -> str:
    from django.conf import settings
    from django.urls import reverse

    from codetrack.accounts.services import setup_token

    token = setup_token()
    if token is None:
        return ""
    return (
        "This club has no admin yet. Whoever opens this address becomes it:\n"
        f"  {settings.CODETRACK_URL}{reverse('accounts:setup')}?token={token}"
    )


def _mail() -> str:
    from django.conf import settings

    if settings.MAIL_URL:
        return ""
    return (
        "No mail server is set: mails wait in the outbox, which the admin sees, and an invitation\n"
        "link lets people in all the same. Set CODETRACK_MAIL_URL to send them."
    )
