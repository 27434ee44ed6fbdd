"""One server for the pretend worlds of many tests: to stop one takes a fifth of a second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from codetrack.demo import servers
from codetrack.demo.servers import DemoServers, Pretend, pretend

KEPT_SECONDS = 3_600  # a connection that lies idle between two tests is not closed


class Stage(DemoServers):
    """`with stage.shows(world):` serves this world, at addresses that stay the same."""

    def __init__(self) -> None:
        super().__init__(world=pretend(size=1))
        self._server.config.timeout_keep_alive = KEPT_SECONDS

    def start(self) -> Self:
        self._thread.start()
        return self

    __enter__ = start

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)

    @contextmanager
    def shows(self, world: Pretend) -> Iterator[None]:
        self._site.router.routes[:] = world.mounts()
        servers._serving.append(world)
        yield
        servers._serving.remove(world)
        self._site.router.routes.clear()
