"""The clubs of `sync`, one a platform: how many members, and how many of them were rated anew."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from codetrack.demo.flavours import FLAVOURS
from codetrack.demo.world import World


class Club(NamedTuple):
    members: int
    players: int
    #: Seconds between two requests: those of the real platform, scaled 100 times.
    interval: float


CLUBS = {
    "codeforces": Club(2_000, 300, 0.020),
    "leetcode": Club(300, 45, 0.020),
    "codechef": Club(300, 45, 0.025),
}


def world_of(key: str, folder: Path) -> World:
    """That of the file in the folder, if there is one already."""
    flavour = FLAVOURS[key]
    people = World(size=CLUBS[key].members, path=folder / f"people-of-{key}.json")
    if key == "codeforces":
        return people
    return World(flavour=flavour, path=folder / flavour.file, beside=people)
