"""The pretend world as servers on this machine: platforms over HTTP, a mail server over SMTP."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from . import mailbox as mail
from .codechef import PretendCodeChef
from .codeforces import PretendCodeforces
from .flavours import FLAVOURS
from .leetcode import PretendLeetCode
from .mailbox import Mailbox
from .platform import PretendPlatform
from .world import SIZE, World

HOST = "127.0.0.1"
INTERVAL = 0.05  # seconds that the pretend platforms want between two requests
#: Codeforces first: its people are those of the others.
PLATFORMS: tuple[type[PretendPlatform], ...] = (
    PretendCodeforces,
    PretendLeetCode,
    PretendCodeChef,
)


class PortTaken(OSError):
    """Another program listens where a pretend server has to."""


@dataclass(frozen=True, slots=True)
class Pretend:
    """Everything that is pretended, in this process: what the pages under /demo/ work on."""

    mailbox: Mailbox
    #: By the key of the adapter.
    platforms: dict[str, PretendPlatform]

    @property
    def codeforces(self) -> PretendPlatform:
        return self.platforms[PretendCodeforces.key]

    @property
    def world(self) -> World:
        """That of Codeforces, whose people are everywhere."""
        return self.codeforces.world

    def mounts(self) -> list[Mount]:
        """The pretend platforms, each in a folder of its own."""
        return [Mount(f"/{key}", platform.app) for key, platform in self.platforms.items()]


def pretend(
    data_dir: Path | None = None,
    interval: float = INTERVAL,
    site_url: str = "",
    *,
    size: int = SIZE,
    clock: Callable[[], float] = time.time,
) -> Pretend:
    """A pretend world, which stays the same in a data folder, and is fresh without one."""
    folder = data_dir / "demo" if data_dir else None
    platforms: dict[str, PretendPlatform] = {}
    first: World | None = None
    for maker in PLATFORMS:
        flavour = FLAVOURS[maker.key]
        path = folder / flavour.file if folder else None
        world = World(flavour=flavour, size=size, path=path, clock=clock, beside=first)
        first = first or world
        control_url = f"{site_url}/demo/{maker.key}/" if site_url else ""
        platforms[maker.key] = maker(world, interval, control_url)
    return Pretend(Mailbox(folder / "mail" if folder else None), platforms)


class DemoServers:
    """Serves a pretend world in a thread: HTTP at PORT + 1, SMTP at PORT + 2; port 0 takes any.

    Use `start` and `stop`, or `with`. Raises `PortTaken`.
    """

    def __init__(
        self, port: int = 0, data_dir: Path | None = None, world: Pretend | None = None
    ) -> None:
        self.pretend = world or pretend(
            data_dir, site_url=f"http://localhost:{port}" if port else ""
        )
        self._http = _listen(port + 1 if port else 0)
        self._smtp = _listen(port + 2 if port else 0)
        self._site = Starlette(routes=self.pretend.mounts())
        config = uvicorn.Config(self._site, lifespan="off", log_level="warning", access_log=False)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="demo-servers", daemon=True)

    @property
    def http_port(self) -> int:
        return _port(self._http)

    @property
    def smtp_port(self) -> int:
        return _port(self._smtp)

    @property
    def smtp_url(self) -> str:
        """For CODETRACK_MAIL_URL."""
        return f"smtp://{HOST}:{self.smtp_port}"

    def url(self, platform: str) -> str:
        """For CODETRACK_<PLATFORM>_URL."""
        return f"http://{HOST}:{self.http_port}/{platform}"

    def start(self) -> "DemoServers":
        """Returns at once: the sockets listen already, and whoever connects is answered soon."""
        self._thread.start()
        _serving.append(self.pretend)
        return self

    def stop(self) -> None:
        _serving.remove(self.pretend)
        self._server.should_exit = True
        self._thread.join(timeout=10)

    __enter__ = start

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        smtp = await loop.create_server(mail.protocol(self.pretend.mailbox), sock=self._smtp)
        await self._server.serve(sockets=[self._http])
        smtp.close()


_serving: list[Pretend] = []


def current() -> Pretend | None:
    """The world that this process serves, if it does."""
    return _serving[-1] if _serving else None


def _listen(port: int) -> socket.socket:
    try:
        listening = socket.create_server((HOST, port), backlog=2_048)
    except OSError as error:
        raise PortTaken(f"Port {port} is in use. Choose another PORT.") from error
    # asyncio does this only where a socket names its protocol; without it an answer on a kept
    # connection waits 40 ms for the acknowledgement of its head.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
    return listening


def _port(listening: socket.socket) -> int:
    port: int = listening.getsockname()[1]
    return port
