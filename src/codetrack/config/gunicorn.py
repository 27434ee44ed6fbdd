"""How Gunicorn serves the sockets: for `codetrack live` alone, as Gunicorn is an extra."""

from __future__ import annotations

from gunicorn.workers.gasgi import ASGIWorker

from codetrack.config.asgi import sockets


class LiveWorker(ASGIWorker):  # type: ignore[misc] # Gunicorn has no types
    """Says goodbye when it is told to stop, where Gunicorn would wait for the clients to leave."""

    def handle_exit_signal(self) -> None:
        super().handle_exit_signal()
        sockets.service.say_goodbye()
