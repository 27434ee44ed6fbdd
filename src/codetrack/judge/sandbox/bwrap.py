"""The program bubblewrap: where it is, and the arguments that make a sandbox of it."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from codetrack.judge.errors import Refused
from codetrack.judge.values import Spec

PLACES = ("/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap")
OLDEST = (0, 8)
INSTALL = (
    "Install bubblewrap: apt-get install bubblewrap, dnf install bubblewrap or apk add bubblewrap."
)
SHM_BYTES = 1024 * 1024
NAMESPACES = [
    *("--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net"),
    *("--unshare-cgroup-try", "--disable-userns", "--assert-userns-disabled"),
    *("--uid", "65534", "--gid", "65534", "--hostname", "box"),
    *("--die-with-parent", "--new-session", "--clearenv"),
]
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8"}  # noqa: S108 - inside
#: Without /dev/zero, whose memory can be shared by nobody, and terminals, which hold what is
#: written to them: both show in no process.
DEVICES = ("null", "full", "random", "urandom")
STREAMS = {"fd": "fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}
#: What programs below /usr look for outside it; none of it is secret.
SHARED = ("/etc/alternatives", "/etc/ld.so.cache")


@dataclass(frozen=True, slots=True)
class Bwrap:
    """The bubblewrap of this machine."""

    path: str
    version: str


@cache
def find() -> Bwrap:
    """Raises Refused when there is none that may be trusted."""
    for place in PLACES:
        if Path(place).exists():
            return examine(place)
    raise Refused("bubblewrap is not installed on this machine.", INSTALL)


def examine(place: str) -> Bwrap:
    """Is it root's alone, and new enough? Raises Refused."""
    state = os.stat(place)  # noqa: PTH116 - what the link leads to
    if state.st_uid != 0 or state.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Refused(
            f"{place} can be changed by others than root.",
            f"Run: chown root:root {place} && chmod 755 {place}",
        )
    told = subprocess.run([place, "--version"], capture_output=True, env={}, check=False).stdout
    found = re.search(rb"(\d+)\.(\d+)[.\d]*", told)
    if found is None or (int(found[1]), int(found[2])) < OLDEST:
        raise Refused(
            f"{place} is older than bubblewrap 0.8, which the judge needs.",
            "Install a newer one; Debian 12 and Ubuntu 23.04 have it.",
        )
    return Bwrap(place, found[0].decode())


def arguments(spec: Spec, *, files: dict[str, int]) -> list[str]:
    """All of them but the descriptors of one run; `files` are open ones by their inside path."""
    return [
        *NAMESPACES,
        *_environment(spec),
        *_system(spec.binds),
        # Read only, or a program could write into the memory of the sandbox's first process.
        *(["--proc", "/proc", "--remount-ro", "/proc"] if spec.proc else []),
        *_devices(),
        *["--size", str(spec.limits.tmp), "--tmpfs", "/tmp"],  # noqa: S108
        *["--size", str(SHM_BYTES), "--tmpfs", "/dev/shm"],  # noqa: S108
        *_folders(spec),
        *_files(files),
        *["--remount-ro", "/"],  # a tmpfs without a limit of its size
        *["--chdir", spec.chdir or _home(spec)],
    ]


def _devices() -> Iterator[str]:
    for name in DEVICES:
        yield from ("--dev-bind-try", f"/dev/{name}", f"/dev/{name}")
    for name, target in STREAMS.items():
        yield from ("--symlink", f"/proc/self/{target}", f"/dev/{name}")


def _environment(spec: Spec) -> Iterator[str]:
    for name, value in {**ENVIRONMENT, **spec.env}.items():
        yield from ("--setenv", name, value)


@cache
def _merged() -> bool:
    return Path("/bin").is_symlink()


def _system(binds: tuple[str, ...]) -> Iterator[str]:
    yield from ("--ro-bind", "/usr", "/usr")
    for name in ("bin", "lib", "lib64", "lib32", "sbin"):
        if _merged():
            if Path("/", name).is_symlink():
                yield from ("--symlink", f"usr/{name}", f"/{name}")
        else:
            yield from ("--ro-bind-try", f"/{name}", f"/{name}")
    for shared in (*SHARED, *binds):
        yield from ("--ro-bind-try", shared, shared)


def _folders(spec: Spec) -> Iterator[str]:
    if spec.box is not None:
        yield from ("--ro-bind", str(spec.box), "/box")
    if spec.source is not None:
        yield from ("--ro-bind", str(spec.source), "/src")
    if spec.out is not None:
        yield from ("--bind", str(spec.out), "/out")


def _files(files: dict[str, int]) -> Iterator[str]:
    for inside, fd in files.items():
        yield from ("--perms", "0444", "--ro-bind-data", str(fd), inside)


def _home(spec: Spec) -> str:
    if spec.box is not None:
        return "/box"
    return "/src" if spec.source is not None else "/tmp"  # noqa: S108 - inside
