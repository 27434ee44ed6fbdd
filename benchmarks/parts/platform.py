"""The pretend platforms of `sync`, alone in their process: says where they are, then what they were
asked.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.parts.clubs import CLUBS, world_of
from codetrack.demo.mailbox import Mailbox
from codetrack.demo.servers import PLATFORMS, DemoServers, Pretend


def main(folder: str, keys: Sequence[str]) -> None:
    """Each at a port of its own, since one limit holds for a host."""
    makers = {maker.key: maker for maker in PLATFORMS}
    platforms = {key: makers[key](world_of(key, Path(folder)), CLUBS[key].interval) for key in keys}
    with ExitStack() as running:
        servers = {
            key: running.enter_context(DemoServers(world=Pretend(Mailbox(None), {key: platform})))
            for key, platform in platforms.items()
        }
        print(json.dumps({key: one.url(key) for key, one in servers.items()}), flush=True)
        sys.stdin.read()  # until the other side closes it
    print(json.dumps({key: one.requests for key, one in platforms.items()}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
