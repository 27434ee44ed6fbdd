"""The pretend Codeforces of `sync`, alone in its process: says its address, then its requests."""

from __future__ import annotations

import sys
from pathlib import Path

from codetrack.demo.codeforces import PretendCodeforces
from codetrack.demo.mailbox import Mailbox
from codetrack.demo.servers import DemoServers, Pretend
from codetrack.demo.world import World


def main(folder: str, interval: str) -> None:
    world = World(path=Path(folder) / "world.json")
    platform = PretendCodeforces(world, float(interval))
    with DemoServers(world=Pretend(Mailbox(None), {platform.key: platform})) as servers:
        print(servers.url("codeforces"), flush=True)
        sys.stdin.read()  # until the other side closes it
    print(platform.requests, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
